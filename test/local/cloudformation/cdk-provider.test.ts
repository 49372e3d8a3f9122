import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { App, CfnWaitConditionHandle, CustomResource, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import {
  AclCidr,
  AclTraffic,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpProtocol,
  NetworkAcl,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { exampleAccount } from '../../../local/account';
import { systemClock } from '../../../local/clock';
import { CloudFormation } from '../../../local/cloudformation/cloudformation';
import { resourceTypes } from '../../../local/cloudformation/resource-types/all';
import { CustomResourceResponses } from '../../../local/cloudformation/responses';
import { Stubs } from '../../../local/cloudformation/stubs';
import type { TemplateBody } from '../../../local/cloudformation/template-body';
import { Endpoint } from '../../../local/endpoint';
import { Iam } from '../../../local/iam/iam';
import { Iot } from '../../../local/iot/iot';
import { Lambda } from '../../../local/lambda/lambda';
import { StepFunctions } from '../../../local/states/step-functions';
import { Rig } from './rig';

const code = `
exports.onEvent = async (event) => ({ PhysicalResourceId: event.PhysicalResourceId ?? 'made', Data: { greeting: 'hello' } });
exports.isComplete = async (event) => ({ IsComplete: true });
`;

const outdir = mkdtempSync(join(tmpdir(), 'cdk-provider-'));
const read = (file: string): TemplateBody => JSON.parse(readFileSync(join(outdir, file), 'utf8')) as TemplateBody;
const assetDirectory = (hash: string): string => join(outdir, `asset.${hash}`);
const handlers = (
  scope: Stack,
  more: object = {},
): { onEventHandler: LambdaFunction; isCompleteHandler: LambdaFunction } => {
  const of = (name: string): LambdaFunction =>
    new LambdaFunction(scope, name, {
      runtime: Runtime.NODEJS_24_X,
      handler: `index.${name}`,
      code: Code.fromInline(code),
      ...more,
    });
  return { onEventHandler: of('onEvent'), isCompleteHandler: of('isComplete') };
};

beforeAll(() => {
  const app = new App({ outdir });
  const stack = new Stack(app, 'S', { env: { account: '123456789012', region: 'us-east-1' } });
  const { serviceToken } = new Provider(stack, 'Provider', { ...handlers(stack), queryInterval: Duration.seconds(1) });
  const group = new CfnThingGroup(stack, 'Group', { thingGroupName: 'fleet' });
  const properties = { group: group.attrArn, force: true };
  const resource = new CustomResource(stack, 'Resource', {
    serviceToken,
    resourceType: 'Custom::Greeting',
    properties,
  });
  stack.exportValue(resource.getAttString('greeting'), { name: 'greeting' });
  new CustomResource(new NestedStack(stack, 'Nested'), 'Resource', { serviceToken, properties });

  // Of no region: CDK emits its conditions, mappings and Fn::GetAZs then.
  const many = new Stack(app, 'Many', { analyticsReporting: true });
  const vpc = vpcWithEverything(many);
  const environmentEncryption = new Key(many, 'Key', { alias: 'key' });
  const securityGroups = [new SecurityGroup(many, 'SecurityGroup', { vpc })];
  const more = {
    vpc,
    environmentEncryption,
    deadLetterQueue: new Queue(many, 'Queue'),
    logGroup: new LogGroup(many, 'Log'),
  };
  new Provider(many, 'Provider', {
    ...handlers(many, more),
    vpc,
    securityGroups,
    providerFunctionEnvEncryption: environmentEncryption,
  });
  new StringParameter(many, 'Parameter', { stringValue: 'x' });
  new CfnWaitConditionHandle(many, 'Handle');
  app.synth();
});

afterAll(() => rmSync(outdir, { recursive: true }));

test('a Provider is made with what CDK emits around it, which is stubbed', async () => {
  const stubs = new Stubs();
  const rig = new Rig({
    surroundings: {
      stubs,
      makeRole: () => undefined,
      hasFunction: () => true,
      standInProvider: () => Promise.reject(new Error('There is none.')),
    },
  });
  const request = { stackName: 'Many', template: read('Many.template.json'), assetDirectory };
  const { status } = await rig.cloudFormation.createStack(request);
  expect(status).toBe('CREATE_COMPLETE');
  const services = new Set(stubs.resources.map(({ type }) => type.split('::')[1]));
  expect([...services].sort()).toEqual(['CloudFormation', 'EC2', 'KMS', 'SQS']);
  const definitions = [...rig.functions.values()];
  expect(definitions.map(({ codeDirectory }) => existsSync(codeDirectory))).not.toContain(false);
  expect(definitions.find(({ handler }) => handler === 'framework.onEvent')).toMatchObject({
    timeoutSeconds: 900,
    environment: { WAITER_STATE_MACHINE_ARN: expect.stringMatching(/^arn:aws:states:/) as string },
  });
  expect((await rig.cloudFormation.deleteStack({ stackName: 'Many' })).status).toBe('DELETE_COMPLETE');
  expect(rig.functions.size + rig.machines.size).toBe(0);
});

test('the framework’s own functions and state machine carry a custom resource through its life', async () => {
  const account = exampleAccount;
  const clock = systemClock;
  const iam = new Iam(account.accountId);
  const responses = new CustomResourceResponses();
  const services: { endpoint?: Endpoint } = {};
  const lambda = new Lambda({
    account,
    clock,
    iam,
    endpointUrl: () => services.endpoint?.url ?? '',
    responsesUrl: () => responses.url,
  });
  const stepFunctions = new StepFunctions({ account, clock, iam, lambda });
  const iot = new Iot({ account, clock, iam });
  const cloudFormation = new CloudFormation({
    account,
    clock,
    iam,
    resourceTypes: resourceTypes({ account, clock, iam, lambda, stepFunctions, iot, responses }),
    nestedTemplate: (url) => nestedTemplate(url),
  });
  const endpoint = new Endpoint([lambda, stepFunctions, iot, cloudFormation]);
  services.endpoint = endpoint;
  await Promise.all([responses.listen(), endpoint.listen()]);
  try {
    const request = { stackName: 'S', template: read('S.template.json'), assetDirectory };
    const created = await cloudFormation.createStack(request);
    expect(created.status).toBe('CREATE_COMPLETE');
    expect(Object.values(cloudFormation.stack('S').outputs)).toMatchObject([
      { value: 'hello', exportName: 'greeting' },
    ]);
    expect(iot.thingGroup('fleet')).toBeDefined();
    expect((await cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect(iot.thingGroup('fleet')).toBeUndefined();
    expect(responses.received.map(({ outcome }) => outcome)).toEqual(Array(4).fill('effective'));
  } finally {
    await stepFunctions.close();
    await lambda.close();
    await endpoint.close();
    await responses.close();
  }
}, 60_000);

/** Every resource type that CDK's Vpc can bring, but for NAT instances, which need a machine image. */
function vpcWithEverything(stack: Stack): Vpc {
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    ipProtocol: IpProtocol.DUAL_STACK,
    subnetConfiguration: [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_ISOLATED].map(
      (subnetType) => ({ name: subnetType, subnetType }),
    ),
    gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    vpnConnections: { Office: { ip: '192.0.2.1' } },
    flowLogs: { Flows: {} },
  });
  vpc.addInterfaceEndpoint('Lambda', { service: InterfaceVpcEndpointAwsService.LAMBDA });
  const acl = new NetworkAcl(stack, 'Acl', { vpc });
  acl.addEntry('Entry', { cidr: AclCidr.anyIpv4(), ruleNumber: 1, traffic: AclTraffic.allTraffic() });
  return vpc;
}

/** A nested template is an asset of its own; its file's name is in the parent's assets. */
function nestedTemplate(url: string): TemplateBody {
  const hash = basename(url, '.json');
  const { files } = read('S.assets.json') as { files: Record<string, { source: { path: string } }> };
  return read(files[hash]!.source.path);
}
