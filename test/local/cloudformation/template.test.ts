import { custom, Rig } from './rig';

let rig: Rig;

beforeEach(async () => {
  rig = new Rig();
  await rig.responses.listen();
});

afterEach(() => rig.responses.close());

describe('resolves', () => {
  const parameters = {
    Parameters: {
      P: { Type: 'String', Default: 'p' },
      L: { Type: 'CommaDelimitedList', Default: 'a, b' },
      V: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
    },
    Conditions: {
      Yes: { 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'P' }, 'p'] }, { 'Fn::Not': [{ Condition: 'No' }] }] },
      No: { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, { 'Fn::Equals': ['a', 'b'] }] },
    },
    Mappings: { M: { 'us-east-1': { k: 'mapped' } } },
  };
  test.each([
    [{ Ref: 'P' }, 'p'],
    [{ Ref: 'L' }, ['a', 'b']],
    [{ Ref: 'V' }, '30'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::AccountId' }, '123456789012'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::StackName' }, 'S'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::NotificationARNs' }, []],
    [{ Ref: 'T' }, 'thing'],
    [{ 'Fn::GetAtt': ['T', 'Arn'] }, 'thing/thing'],
    [{ 'Fn::GetAtt': 'T.Arn' }, 'thing/thing'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'P' }]] }, 'a-p'],
    [{ 'Fn::Join': ['', { 'Fn::Split': [',', 'x,y'] }] }, 'xy'],
    [{ 'Fn::Sub': '${P}/${T.Arn}/${AWS::Region}/${!P}' }, 'p/thing/thing/us-east-1/${P}'],
    [{ 'Fn::Sub': ['${x}${P}', { x: { Ref: 'T' } }] }, 'thingp'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    [{ 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    [{ 'Fn::Join': [' ', { 'Fn::Cidr': ['10.0.0.0/16', 3, 14] }] }, '10.0.0.0/18 10.0.64.0/18 10.0.128.0/18'],
    [{ 'Fn::Select': [2, { 'Fn::Cidr': ['2001:db8:0:ff00::/56', '3', '64'] }] }, '2001:db8:0:ff02::/64'],
    [{ 'Fn::If': ['Yes', 'yes', { Ref: 'N' }] }, 'yes'],
    [{ 'Fn::If': ['No', 'yes', 'no'] }, 'no'],
    [[{ 'Fn::If': ['No', 'yes', { Ref: 'AWS::NoValue' }] }, 'rest'], ['rest']],
    [{ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }, 'mapped'],
    [{ 'Fn::Base64': 'a' }, 'YQ=='],
  ])('%j to %j', async (value, expected) => {
    const operation = await rig.create(
      {
        A: custom({ value }),
        T: { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'thing' } },
        N: custom({}, { Condition: 'No' }),
      },
      parameters,
    );
    expect(operation.status).toBe('CREATE_COMPLETE');
    expect(rig.requests[0]?.ResourceProperties.value).toEqual(expected);
  });

  test('outputs, exports and imports; a condition leaves resources and outputs out', async () => {
    await rig.create(
      { A: custom(), N: custom({}, { Condition: 'No' }) },
      {
        ...parameters,
        Outputs: { O: { Value: { Ref: 'A' }, Export: { Name: 'out' } }, N: { Value: { Ref: 'N' }, Condition: 'No' } },
      },
    );
    expect(rig.cloudFormation.stack('S').outputs).toEqual({ O: { value: 'A-id', exportName: 'out' } });
    const template = { Resources: { A: custom({ in: { 'Fn::ImportValue': 'out' } }) } };
    await rig.cloudFormation.createStack({ stackName: 'T', template, assetDirectory: String });
    expect(rig.requests.map(({ ResourceProperties }) => ResourceProperties.in)).toEqual([undefined, 'A-id']);
  });
});

test.each([
  ['an unknown intrinsic', { A: custom({ x: { 'Fn::Magic': 1 } }) }, 'Fn::Magic'],
  ['an unknown type', { A: { Type: 'AWS::S3::Bucket' } }, 'AWS::S3::Bucket'],
  ['a missing reference', { A: custom({ x: { Ref: 'B' } }) }, 'B'],
  [
    'a missing attribute’s resource',
    { A: custom({ x: { 'Fn::GetAtt': ['B', 'Arn'] } }) },
    'Template error: instance of Fn::GetAtt references undefined resource B',
  ],
  ['a null', { A: custom({ x: [null] }) }, "[/Resources/A/Properties/x/0] 'null' values are not allowed in templates"],
  ['no type', { A: {} }, '[/Resources/A] Every Resources object must contain a Type member.'],
  ['no object', { A: 5 }, 'Any Resources member must be an object.'],
  [
    'a missing reference in a branch that is not taken',
    { A: custom({ x: { 'Fn::If': ['Yes', 1, { Ref: 'B' }] } }) },
    '[B]',
  ],
  ['a missing variable', { A: custom({ x: { 'Fn::Sub': '${B}' } }) }, 'B'],
  ['a missing dependency', { A: custom({}, { DependsOn: 'B' }) }, 'B'],
  ['a missing condition', { A: custom({}, { Condition: 'C' }) }, 'C'],
  ['an unknown pseudo parameter', { A: custom({ x: { Ref: 'AWS::Moon' } }) }, 'AWS::Moon'],
  ['a circle', { A: custom({ x: { Ref: 'B' } }), B: custom({}, { DependsOn: 'A' }) }, '[A, B]'],
  [
    'an unknown attribute',
    { A: custom({}, { CreationPolicy: {} }) },
    "Invalid template resource property 'CreationPolicy'",
  ],
])('%s is refused before anything is done', async (_, resources, named) => {
  await expect(rig.create({ Z: custom(), ...resources })).rejects.toMatchObject({
    code: 'ValidationError',
    message: expect.stringContaining(named) as string,
  });
  expect(rig.requests).toEqual([]);
});
