import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnStack, Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { LocalAws, nestedTemplates, synthesizedStack } from '../../local';
import type { StackOperation } from '../../local';

jest.setTimeout(120_000);

const ROLE = { AssumeRolePolicyDocument: { Statement: [] } };

/** What a person's own app may have in its template besides jobs. */
const TEMPLATE = {
  Transform: 'AWS::Serverless-2016-10-31',
  Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/service/ami' } },
  Resources: {
    Vpc: {
      Type: 'AWS::EC2::VPC',
      Properties: { CidrBlock: { 'Fn::Select': [300, { 'Fn::Cidr': [{ Ref: 'Image' }, 8] }] } },
    },
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Of: { 'Fn::GetAtt': 'Vpc' } } },
    Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: { 'Fn::ImportValue': 'not-of-this-app' } } },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        Password: '{{resolve:secretsmanager:a:SecretString:b}}',
        Image: { Ref: 'Image' },
        Tags: { 'Fn::Transform': { Name: 'Theirs' } },
        FromMacro: { Ref: 'MadeByTheMacro' },
      },
      CreationPolicy: { ResourceSignal: { Count: 1 } },
      UpdatePolicy: {},
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { ...ROLE, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] },
    },
    Container: {
      Type: 'AWS::Lambda::Function',
      Properties: { PackageType: 'Image', Code: { ImageUri: 'x' }, Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: JSON.stringify({
          StartAt: 'Put',
          States: { Put: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', End: true } },
        }),
      },
    },
    Theirs: { Type: 'Custom::Theirs', Properties: { ServiceToken: { 'Fn::GetAtt': ['Container', 'Arn'] } } },
  },
  Outputs: {
    Account: {
      Value: { 'Fn::Select': [4, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Balancer', 'LoadBalancerArn'] }] }] },
    },
    Field: { Value: { 'Fn::Sub': 'before ${Theirs.Anything.AtAll} after' } },
    Fails: { Value: { 'Fn::Select': [5, ['a']] } },
  },
};

let aws: LocalAws;
const temporary: string[] = [];
afterEach(async () => {
  await aws.close();
  temporary.splice(0).forEach((directory) => rmSync(directory, { recursive: true }));
});

function create(template: object, stackName = 'S'): Promise<StackOperation> {
  const request = { stackName, template: template as Record<string, unknown>, assetDirectory: String };
  return aws.cloudFormation.createStack(request);
}

/** The properties of a thing that takes its name from somewhere, once it is created. */
async function nameOf(value: unknown, more: object = {}): Promise<{ name: unknown; stubbed: unknown }> {
  const thing = { Type: 'AWS::IoT::Thing', Properties: { ThingName: value } };
  const { status, reason } = await create({
    ...more,
    Resources: { ...(more as typeof TEMPLATE).Resources, Thing: thing },
  });
  expect([status, reason]).toEqual(['CREATE_COMPLETE', undefined]);
  const { resources } = aws.cloudFormation.stack('S');
  const { properties, stubbed } = resources.find(({ logicalId }) => logicalId === 'Thing')!;
  return { name: properties.ThingName, stubbed };
}

describe('stubs', () => {
  test("what can't run here has an id and events, is named with the reason, and nothing in it fails", async () => {
    aws = await LocalAws.start({ virtualTime: true });
    expect(await create(TEMPLATE)).toMatchObject({ status: 'CREATE_COMPLETE' });
    const { outputs, id } = aws.cloudFormation.stack('S');
    expect(Object.keys(outputs)).toEqual(['Account', 'Field']);
    expect(outputs.Account!.value).toBe('123456789012');
    // Everything but the role, which is one like any other.
    const stubbed = Object.keys(TEMPLATE.Resources).filter((logicalId) => logicalId !== 'Role');
    expect(aws.stubs.map(({ logicalId }) => logicalId).sort()).toEqual(stubbed.sort());
    expect(aws.stubs.filter(({ reason }) => reason).map(({ logicalId }) => logicalId)).toEqual([
      'Container',
      'Machine',
    ]);
    expect(aws.stubs.find(({ logicalId }) => logicalId === 'Vpc')).toEqual({
      stackName: 'S',
      stackId: id,
      account: '123456789012',
      region: 'us-east-1',
      logicalId: 'Vpc',
      type: 'AWS::EC2::VPC',
    });

    const changed = { ...TEMPLATE.Resources, Theirs: { Type: 'Custom::Theirs', Properties: { Tag: 'changed' } } };
    const { Role, ...withoutRole } = changed;
    const template = { ...TEMPLATE, Resources: { ...withoutRole, Role } };
    const update = await aws.cloudFormation.updateStack({ stackName: 'S', template, assetDirectory: String });
    expect(update.status).toBe('UPDATE_COMPLETE');
    expect(update.events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toContain('Theirs UPDATE_COMPLETE');
    expect(await aws.cloudFormation.deleteStack({ stackName: 'S' })).toMatchObject({ status: 'DELETE_COMPLETE' });
  });

  test('a missing logical id, a circle and an unknown condition are errors, in a stub too', async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const queue = (properties: object, more: object = {}): object => ({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties, ...more } },
    });
    await expect(create(queue({ A: { Ref: 'Missing' } }))).rejects.toThrow(
      'Unresolved resource dependencies [Missing] in the Resources block of the template',
    );
    await expect(create(queue({ A: { Ref: 'Queue' } }))).rejects.toThrow('Circular dependency');
    await expect(create(queue({}, { Condition: 'Missing' }))).rejects.toThrow('condition dependency Missing');
    await expect(create(queue({ A: { 'Fn::If': ['Missing', 1, 2] } }))).rejects.toThrow('dependency Missing');
    await expect(
      create({ ...queue({}), Transform: 'Theirs', Outputs: { A: { Value: { Ref: 'Missing' } } } }),
    ).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  test('a function that does not run here is the reason why our resource fails; things fail as at AWS', async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const Teardown = {
      Type: 'Custom::IoTJobDeletion',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] }, JobId: 'a' },
    };
    const Handler = {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { ImageUri: 'x' }, Role: 'arn:aws:iam::123456789012:role/elsewhere' },
    };
    const { status, events } = await create({ Resources: { Handler, Teardown } });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(events.find((event) => event.status === 'CREATE_FAILED')).toMatchObject({
      logicalId: 'Teardown',
      reason: expect.stringMatching(/^ServiceToken: the function S.Handler does not run here: ./) as string,
    });
    const thing = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'twice' } };
    expect(await create({ Resources: { One: thing, Two: { ...thing, DependsOn: 'One' } } }, 'T')).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
    });
  });

  test('a role that is named and not there is made, in whichever account it is', async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', PolicyDocument: {}, Roles: ['theirs'] } };
    const machine = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: 'arn:aws:iam::222222222222:role/service/waiter',
        DefinitionString: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }),
      },
    };
    expect(await create({ Resources: { policy, machine } })).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(aws.stubs).toEqual([]);
    expect(aws.iam.role('theirs').policies.size).toBe(2);
    expect(aws.account('222222222222').iam.findRole('arn:aws:iam::222222222222:role/service/waiter')).toBeDefined();
  });
});

describe('holes', () => {
  test.each([
    ['an attribute', { 'Fn::GetAtt': ['Stub', 'Some.Name'] }, 'stub-S-Stub-Some-Name', 'S.Stub.Some.Name'],
    ['a Ref', { Ref: 'Stub' }, 'stub-S-Stub-Ref', 'S.Stub.Ref'],
    ['an export', { 'Fn::ImportValue': 'Other-Job' }, 'stub-export-Other-Job', 'export Other-Job'],
    ['the text around it', { 'Fn::Sub': 'a-${Stub.B}-c' }, 'a-stub-S-Stub-B-c', 'S.Stub.B'],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'Stub' }]] }, 'a-stub-S-Stub-Ref', 'S.Stub.Ref'],
    [
      'a secret',
      '{{resolve:secretsmanager:a:SecretString:b}}',
      'stub-secretsmanager-a-SecretString-b',
      'secretsmanager a:SecretString:b',
    ],
    ['an SSM parameter', '{{resolve:ssm:/a/b:3}}', 'stub-ssm-a-b', 'ssm /a/b'],
    ['a mapping', { 'Fn::FindInMap': ['M', { Ref: 'Stub' }, 'x'] }, 'stub-S-Stub-Ref-[0-9a-f]{8}', 'S.Stub.Ref'],
    [
      'a list',
      { 'Fn::Select': [2, { 'Fn::GetAtt': ['Stub', 'Names'] }] },
      'stub-S-Stub-Names-[0-9a-f]{8}',
      'S.Stub.Names',
    ],
    [
      'a part of a URL',
      { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'Stub' }] }] },
      'stub-S-Stub-Ref-[0-9a-f]{8}',
      'S.Stub.Ref',
    ],
    ['an unknown function', { 'Fn::Theirs': 'x' }, 'stub-S-Fn-Theirs', 'S.Fn::Theirs'],
    [
      'an output of another stack',
      { 'Fn::GetStackOutput': { StackName: 'T', OutputName: 'O' } },
      'stub-T-Outputs-O',
      'T.Outputs.O',
    ],
  ])('%s', async (_, value, name, from) => {
    aws = await LocalAws.start({ virtualTime: true });
    const made = await nameOf(value, {
      Resources: { Stub: { Type: 'Custom::Theirs' } },
      Mappings: { M: { a: { x: 1 } } },
    });
    expect(made.name).toMatch(new RegExp(`^${name}$`));
    expect(made.stubbed).toEqual([{ property: 'ThingName', value: made.name, from }]);
  });

  test('a long one leaves the text around it its place', async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const text = 'fleet-of-vans-in-the-north-of-the-country-${A}';
    const { name } = await nameOf({ 'Fn::Sub': [text, { A: { 'Fn::ImportValue': 'x'.repeat(80) } }] });
    expect(name).toMatch(/^fleet-of-vans-in-the-north-of-the-country-stub-/);
    expect(String(name).length).toBeLessThanOrEqual(64);
  });

  test('without a hole every error stays', async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const thing = { Type: 'AWS::IoT::Thing', Properties: { ThingName: { 'Fn::Select': [3, ['a']] } } };
    const { status, events } = await create({ Resources: { thing } });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(events.find((event) => event.status === 'CREATE_FAILED')!.reason).toMatch(/cannot select nonexistent/);
  });

  test("the app's own SSM parameters are real, and hand on what is in them", async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const parameter = (name: string, value: unknown): object => ({
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: name, Type: 'String', Value: value },
    });
    await create(
      { Resources: { One: parameter('/one', 'ota-1'), Two: parameter('/two', { 'Fn::ImportValue': 'X' }) } },
      'Settings',
    );
    const Parameters = { One: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/one' } };
    const { name, stubbed } = await nameOf(
      { 'Fn::Sub': '${One}-{{resolve:ssm:/one}}-{{resolve:ssm:/two}}' },
      { Parameters },
    );
    expect(name).toBe('ota-1-ota-1-stub-export-X');
    expect(stubbed).toEqual([{ property: 'ThingName', value: name, from: 'export X' }]);
  });

  test('a hole equals only itself, and the condition that it decides is named', async () => {
    aws = await LocalAws.start({ virtualTime: true });
    const { name } = await nameOf(
      { 'Fn::If': ['Is', 'is', { 'Fn::If': ['Same', 'same', 'other'] }] },
      {
        Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/stage' } },
        Conditions: {
          Is: { 'Fn::Equals': [{ Ref: 'P' }, 'prod'] },
          Same: { 'Fn::Not': [{ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'P' }, { Ref: 'P' }] }] }] },
          Known: { 'Fn::Equals': ['a', 'b'] },
        },
      },
    );
    expect(name).toBe('same');
    expect(aws.conditions.map(({ condition, value, from }) => [condition, value, from])).toEqual([
      ['Is', false, 'ssm /stage'],
      ['Same', true, 'ssm /stage'],
    ]);
  });

  test('exports and nested parameters pass holes on', async () => {
    aws = await LocalAws.start({
      virtualTime: true,
      nestedTemplate: () => ({
        Parameters: { P: { Type: 'String' } },
        Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'P' } } } },
        Outputs: { O: { Value: { Ref: 'P' } } },
      }),
    });
    const Nested = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: 'x', Parameters: { P: { 'Fn::GetAtt': ['Stub', 'A'] } } },
    };
    const Outputs = { O: { Value: { 'Fn::GetAtt': ['Nested', 'Outputs.O'] }, Export: { Name: 'E' } } };
    await create({ Resources: { Stub: { Type: 'AWS::S3::Bucket' }, Nested }, Outputs }, 'T');
    expect(aws.iot.thing('stub-T-Stub-A')).toBeDefined();
    expect(await nameOf({ 'Fn::Sub': ['${A}-2', { A: { 'Fn::ImportValue': 'E' } }] })).toMatchObject({
      name: 'stub-T-Stub-A-2',
      stubbed: [{ from: 'T.Stub.A' }],
    });
  });
});

describe('nested stacks', () => {
  const nested = (url: unknown): object => ({
    Resources: { Network: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } } },
    Outputs: { Id: { Value: { 'Fn::GetAtt': ['Network', 'Outputs.VpcId'] } } },
  });

  test('one whose template is elsewhere is a stub with holes for outputs', async () => {
    aws = await LocalAws.start({ virtualTime: true, nestedTemplate: nestedTemplates(new App().synth()) });
    expect(await create(nested('https://s3.amazonaws.com/example/network.yaml'))).toMatchObject({
      status: 'CREATE_COMPLETE',
    });
    expect(aws.stubs).toMatchObject([
      { logicalId: 'Network', reason: expect.stringMatching(/^No asset of/) as string },
    ]);
    expect(await aws.cloudFormation.deleteStack({ stackName: 'S' })).toMatchObject({ status: 'DELETE_COMPLETE' });
  });

  test.each([
    ['without jobs is a stub', 'AWS::SNS::Topic', 'CREATE_COMPLETE'],
    ['with a thing fails its stack', 'AWS::IoT::Thing', 'ROLLBACK_COMPLETE'],
  ])('one that is unsound %s', async (_, type, status) => {
    aws = await LocalAws.start({
      virtualTime: true,
      nestedTemplate: () => ({ Resources: { A: { Type: type, DependsOn: 'Missing' } } }),
    });
    expect(await create(nested('x'))).toMatchObject({ status });
  });

  test('one in YAML is read, with the short form of functions inside functions', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'nested-'));
    temporary.push(directory);
    const file = join(directory, 'nested.yaml');
    writeFileSync(
      file,
      [
        'Conditions:',
        '  IsHere: !And [!Equals [!Ref AWS::Region, us-east-1], !Not [!Equals [!Select [0, !GetAZs ""], x]]]',
        'Resources:',
        '  Thing:',
        '    Type: AWS::IoT::Thing',
        '    Condition: IsHere',
        '    Properties:',
        '      ThingName: !Join ["-", [!Sub "${AWS::Region}", !If [IsHere, van, !Ref AWS::NoValue]]]',
      ].join('\n'),
    );
    const app = new App({ outdir: join(directory, 'cdk.out') });
    const stack = new Stack(app, 'S');
    const { httpUrl } = new Asset(stack, 'Template', { path: file });
    new CfnStack(stack, 'Nested', { templateUrl: httpUrl });
    const assembly = app.synth();
    aws = await LocalAws.start({ virtualTime: true, nestedTemplate: nestedTemplates(assembly) });
    await aws.cloudFormation.createStack(synthesizedStack(assembly, 'S'));
    expect(aws.iot.thing('us-east-1-van')).toBeDefined();
  });
});

test("another app's provider is replaced by this package's handler, and the resource says so", async () => {
  aws = await LocalAws.start({ virtualTime: true, deletionTime: () => 100 });
  aws.iot.createJob({ jobId: 'ota-1' });
  const properties = { ServiceToken: { 'Fn::ImportValue': 'Provider-Token' }, JobId: 'ota-1', Force: true };
  const Teardown = { Type: 'Custom::IoTJobDeletion', Properties: properties };
  const { status, reason } = await create({ Resources: { Teardown } });
  expect([status, reason]).toEqual(['CREATE_COMPLETE', undefined]);
  expect(aws.cloudFormation.stack('S').resources[0]!.stubbed).toEqual([
    {
      property: 'ServiceToken',
      value: expect.stringMatching(/^arn:aws:lambda:us-east-1:123456789012:function:StandIn/) as string,
      from: 'export Provider-Token',
    },
  ]);
  expect(await aws.cloudFormation.deleteStack({ stackName: 'S' })).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(aws.iot.jobs()).toEqual([]);
});

test('stacks of the same name in two accounts are two', async () => {
  aws = await LocalAws.start({ virtualTime: true, regions: ['eu-west-1'] });
  const places = ['111111111111', '222222222222'].map((accountId) => ({ accountId, region: 'eu-west-1' }));
  for (const place of places) {
    const template = {
      Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'AWS::AccountId' } } } },
      Outputs: { O: { Value: { Ref: 'AWS::AccountId' }, Export: { Name: 'E' } } },
    };
    const request = { stackName: 'fleet', template, assetDirectory: String };
    await aws.environment(place).cloudFormation.createStack(request);
  }
  const [one, two] = places.map((place) => aws.environment(place));
  expect(one!.iot.thing('111111111111')).toBeDefined();
  expect(two!.iot.thing('111111111111')).toBeUndefined();
  expect(two!.cloudFormation.stack('fleet').outputs.O!.value).toBe('222222222222');
  const output = {
    StackName: 'fleet',
    OutputName: 'O',
    Region: 'eu-west-1',
    RoleArn: 'arn:aws:iam::222222222222:role/reader',
  };
  expect(await nameOf({ 'Fn::GetStackOutput': output })).toEqual({ name: '222222222222', stubbed: [] });
});

describe('rules', () => {
  const ruled = (assert: unknown, condition?: unknown): object => ({
    Parameters: {
      Stage: { Type: 'String', Default: 'beta' },
      Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/bootstrap' },
      Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
    },
    Rules: { Stage: { RuleCondition: condition, Assertions: [{ Assert: assert, AssertDescription: 'Not that.' }] } },
    Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
  });

  test.each([
    ['a value that is not in a list', { 'Fn::Contains': [['prod'], { Ref: 'Stage' }] }],
    ['not', { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'beta'] }] }],
    ['a list with another', { 'Fn::EachMemberIn': [{ Ref: 'Zones' }, ['a']] }],
  ])('an assertion about parameters that does not hold refuses the stack: %s', async (_, assert) => {
    aws = await LocalAws.start({ virtualTime: true });
    await expect(create(ruled(assert))).rejects.toThrow('Not that.');
  });

  test.each([
    ['holds', { 'Fn::Or': [{ 'Fn::EachMemberEquals': [{ Ref: 'Zones' }, 'a'] }, { 'Fn::Equals': ['a', 'a'] }] }],
    ['is about what only the account knows', { 'Fn::Not': [{ 'Fn::Contains': [['1'], { Ref: 'Version' }] }] }],
    ['asks the account', { 'Fn::EachMemberEquals': [{ 'Fn::ValueOfAll': ['AWS::EC2::VPC::Id', 'Tags.A'] }, 'b'] }],
  ])('one that %s refuses nothing', async (_, assert) => {
    aws = await LocalAws.start({ virtualTime: true });
    expect(await create(ruled(assert))).toMatchObject({ status: 'CREATE_COMPLETE' });
    const skipped = ruled({ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] });
    expect(await create(skipped, 'Skipped')).toMatchObject({ status: 'CREATE_COMPLETE' });
  });
});

test('a macro that stands in the template, or in a section, may add what is named', async () => {
  aws = await LocalAws.start({ virtualTime: true });
  const include = { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/more.yaml' } };
  const queue = { Type: 'AWS::SQS::Queue', Properties: { Of: { Ref: 'Included' } } };
  expect(await create({ 'Fn::Transform': include, Resources: { queue } }, 'A')).toMatchObject({
    status: 'CREATE_COMPLETE',
  });
  expect(await create({ Resources: { 'Fn::Transform': include, queue } }, 'B')).toMatchObject({
    status: 'CREATE_COMPLETE',
  });
});

test('strict, all this is refused', async () => {
  aws = await LocalAws.start({ virtualTime: true, strict: true });
  await expect(create(TEMPLATE)).rejects.toThrow('No transform named AWS::Serverless-2016-10-31 found.');
  await expect(create({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })).rejects.toThrow(
    'Unrecognized resource types: [AWS::SNS::Topic]',
  );
  const thing = { Type: 'AWS::IoT::Thing', Properties: { ThingName: { 'Fn::ImportValue': 'X' } } };
  expect(await create({ Resources: { thing } })).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
  expect([...aws.stubs, ...aws.conditions]).toEqual([]);
});

test('the code of a function that is still there leaves nothing in the temp folder', async () => {
  const Role = 'arn:aws:iam::123456789012:role/theirs';
  const Code = { ZipFile: 'exports.handler = () => 1;' };
  const Properties = { FunctionName: 'inline', Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code };
  const local = await LocalAws.start();
  const { status } = await local.cloudFormation.createStack({
    stackName: 'Fleet',
    assetDirectory: () => '',
    template: { Resources: { Inline: { Type: 'AWS::Lambda::Function', Properties } } },
  });
  const directory = local.lambda.inlineCode.directory('inline');
  expect([status, readdirSync(directory)]).toEqual(['CREATE_COMPLETE', ['index.js']]);
  await local.close();
  expect(existsSync(directory)).toBe(false);
});
