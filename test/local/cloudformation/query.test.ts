import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { Endpoint } from '../../../local/endpoint';
import { custom, Rig, thing } from './rig';

const asked: string[] = [];
const rig = new Rig({
  nestedTemplate: () => ({ Resources: { A: custom() } }),
  authoriser: ({ action, resource }) => {
    asked.push(`${action} ${resource}`);
    return Promise.resolve(resource.includes('stack/S'));
  },
});
const endpoint = new Endpoint([rig.cloudFormation]);
let client: CloudFormationClient;
let stackId: string;

const clientOf = (accessKeyId: string): CloudFormationClient =>
  new CloudFormationClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'x' },
    maxAttempts: 1,
  });

beforeAll(async () => {
  await rig.responses.listen();
  await endpoint.listen();
  client = clientOf('AKIDPERSON');
  rig.behave = () => ({ PhysicalResourceId: '<&"\'>' });
  const created = await rig.create(
    { N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'x' } }, A: custom() },
    { Parameters: { P: { Type: 'String', Default: 'p' } }, Outputs: { O: { Value: { Ref: 'A' } } } },
  );
  stackId = created.stackId;
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await rig.responses.close();
});

test('DescribeStacks by name and by id', async () => {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: 'S' }));
  expect(stack).toMatchObject({
    StackId: stackId,
    StackName: 'S',
    StackStatus: 'CREATE_COMPLETE',
    CreationTime: expect.any(Date) as Date,
    Outputs: [{ OutputKey: 'O', OutputValue: '<&"\'>' }],
    Parameters: [{ ParameterKey: 'P', ParameterValue: 'p' }],
  });
  expect(stack?.ParentId).toBeUndefined();
  const { Stacks: byId } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
  expect(byId?.[0]?.StackName).toBe('S');
});

test('a nested stack names its parent and its root', async () => {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand());
  expect(Stacks.find(({ ParentId }) => ParentId)).toMatchObject({ ParentId: stackId, RootId: stackId });
});

test('DescribeStackEvents, the newest first', async () => {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'S' }));
  expect(StackEvents[0]).toMatchObject({ LogicalResourceId: 'S', ResourceStatus: 'CREATE_COMPLETE' });
  expect(StackEvents.at(-1)).toMatchObject({ LogicalResourceId: 'S', ResourceStatus: 'CREATE_IN_PROGRESS' });
});

test('an unknown stack is a ValidationError', async () => {
  await expect(client.send(new DescribeStacksCommand({ StackName: 'X' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id X does not exist',
    $metadata: { httpStatusCode: 400 },
  });
});

test('a role is authorised on the stack’s ARN', async () => {
  const caller = clientOf(rig.iam.createRole('caller').accessKeyId);
  await caller.send(new DescribeStacksCommand({ StackName: 'S' }));
  expect(asked).toEqual([`cloudformation:DescribeStacks ${stackId}`]);
  await expect(caller.send(new DescribeStacksCommand({ StackName: 'X' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  caller.destroy();
});

test('an intercept may answer in the service’s place', async () => {
  rig.cloudFormation.intercept = (operation) => Promise.resolve({ status: 500, body: `<x>${operation}</x>` });
  await expect(client.send(new DescribeStacksCommand({ StackName: 'S' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  });
  rig.cloudFormation.intercept = undefined;
});

test('a deleted stack can be described by its id alone', async () => {
  rig.behave = () => ({});
  const operation = await rig.cloudFormation.createStack({
    stackName: 'Gone',
    template: { Resources: { T: thing('t') } },
    assetDirectory: String,
  });
  await rig.cloudFormation.deleteStack({ stackName: 'Gone' });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: operation.stackId }));
  expect(Stacks?.[0]).toMatchObject({ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) as Date });
  await expect(client.send(new DescribeStacksCommand({ StackName: 'Gone' }))).rejects.toThrow('does not exist');
});
