import { LocalAws } from '../../local';

const FUNCTION_ROLE = { AssumeRolePolicyDocument: { Statement: [] } };

/** What a person's own app may have in its template besides jobs. */
const TEMPLATE = {
  Transform: 'AWS::Serverless-2016-10-31',
  Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/service/ami' } },
  Resources: {
    Vpc: {
      Type: 'AWS::EC2::VPC',
      Properties: { CidrBlock: { 'Fn::Select': [3, { 'Fn::Cidr': ['10.0.0.0/16', 8, 8] }] } },
    },
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
    Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: { 'Fn::ImportValue': 'not-of-this-app' } } },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        Password: '{{resolve:secretsmanager:a:SecretString:b}}',
        Image: { Ref: 'Image' },
        Tags: { 'Fn::Transform': { Name: 'Theirs' } },
      },
      CreationPolicy: { ResourceSignal: { Count: 1 } },
      UpdatePolicy: {},
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { ...FUNCTION_ROLE, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] },
    },
    Elsewhere: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'p', PolicyDocument: { Statement: [] }, Roles: ['of-another-app'] },
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
    BalancerName: { Value: { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'Balancer' }] }] } },
    Servers: { Value: { 'Fn::Join': [' ', { 'Fn::GetAtt': ['Zone', 'NameServers'] }] } },
    Field: { Value: { 'Fn::GetAtt': ['Theirs', 'Anything.AtAll'] } },
  },
};

const request = { stackName: 'S', template: TEMPLATE, assetDirectory: (hash: string) => hash };

let aws: LocalAws;
afterEach(() => aws.close());

test("what has nothing to do with jobs, or can't run here, is walked through and named", async () => {
  aws = await LocalAws.start();
  expect(await aws.cloudFormation.createStack(request)).toMatchObject({ status: 'CREATE_COMPLETE' });
  const { outputs, resources } = aws.cloudFormation.stack('S');
  expect(outputs.Account!.value).toBe('123456789012');
  expect(outputs.BalancerName!.value).toMatch(/^s-balancer-/);
  expect(outputs.Servers!.value.split(' ')).toHaveLength(3);
  expect(outputs.Field!.value).toBe(
    `${resources.find(({ logicalId }) => logicalId === 'Theirs')!.physicalId}.Anything.AtAll`,
  );
  // Everything but the role, which is one like any other.
  const inert = Object.keys(TEMPLATE.Resources).filter((logicalId) => logicalId !== 'Role');
  expect(aws.bystanders.map(({ logicalId }) => logicalId).sort()).toEqual(inert.sort());

  const tagged = { ...TEMPLATE.Resources.Theirs.Properties, Tag: 'changed' };
  const changed = {
    ...TEMPLATE,
    Resources: { ...TEMPLATE.Resources, Theirs: { Type: 'Custom::Theirs', Properties: tagged } },
  };
  expect(await aws.cloudFormation.updateStack({ ...request, template: changed })).toMatchObject({
    status: 'UPDATE_COMPLETE',
  });
  expect(await aws.cloudFormation.deleteStack({ stackName: 'S' })).toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('strict, it is refused', async () => {
  aws = await LocalAws.start({ strict: true });

  await expect(aws.cloudFormation.createStack(request)).rejects.toThrow('unknown template section: Transform');
  const topic = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
  await expect(aws.cloudFormation.createStack({ ...request, template: topic })).rejects.toThrow(
    'Unrecognized resource types: [AWS::SNS::Topic]',
  );
  expect(aws.bystanders).toEqual([]);
});
