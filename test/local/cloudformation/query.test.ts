import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { systemClock } from '../../../local/clock';
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

test('each event names its operation, and the stack its last ones', async () => {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: 'S' }));
  expect(stack).toMatchObject({
    LastOperations: [{ OperationType: 'CREATE_STACK', OperationId: expect.stringMatching(/^.{36}$/) as string }],
    EnableTerminationProtection: false,
  });
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'S' }));
  const operations = new Set(StackEvents.map(({ OperationId }) => OperationId));
  expect([...operations]).toEqual([stack!.LastOperations![0]!.OperationId]);
});

test('resources, events and stacks come in pages', async () => {
  const things = Array.from({ length: 130 }, (_, i) => [`T${i}`, thing(`page-${i}`)] as const);
  const template = { Resources: Object.fromEntries(things) };
  await rig.cloudFormation.createStack({ stackName: 'Large', template, assetDirectory: String });

  const resources = await client.send(new ListStackResourcesCommand({ StackName: 'Large' }));
  expect(resources.StackResourceSummaries).toHaveLength(100);
  const more = await client.send(new ListStackResourcesCommand({ StackName: 'Large', NextToken: resources.NextToken }));
  expect([more.StackResourceSummaries?.length, more.NextToken]).toEqual([30, undefined]);

  const ids: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeStackEventsCommand({ StackName: 'Large', NextToken }));
    ids.push(...page.StackEvents!.map(({ EventId }) => EventId));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const { events } = rig.cloudFormation.stack('Large');
  expect(ids).toEqual(events.map(({ eventId }) => eventId).toReversed());
  await expect(
    client.send(new DescribeStackEventsCommand({ StackName: 'Large', NextToken: 'x' })),
  ).rejects.toMatchObject({ name: 'ValidationError' });
  await rig.cloudFormation.deleteStack({ stackName: 'Large' });
});

test('ListExports and ListImports', async () => {
  const many = Array.from({ length: 101 }, (_, i): [string, object] => {
    const name = `E${String(i).padStart(3, '0')}`;
    return [name, { Value: `v${i}`, Export: { Name: name } }];
  });
  const exporter = { Resources: { T: thing('exporter') }, Outputs: Object.fromEntries(many) };
  await rig.cloudFormation.createStack({ stackName: 'Exporter', template: exporter, assetDirectory: String });
  const importer = { Resources: { T: thing({ 'Fn::ImportValue': 'E007' }) } };
  await rig.cloudFormation.createStack({ stackName: 'Importer', template: importer, assetDirectory: String });
  const all = clientOf(rig.iam.createRole('Reader').accessKeyId);
  try {
    const first = await client.send(new ListExportsCommand({}));
    const rest = await client.send(new ListExportsCommand({ NextToken: first.NextToken }));
    expect([first.Exports?.length, rest.Exports?.length, rest.NextToken]).toEqual([100, 1, undefined]);
    expect(first.Exports![7]).toEqual({
      ExportingStackId: rig.cloudFormation.stack('Exporter').id,
      Name: 'E007',
      Value: 'v7',
    });
    expect((await client.send(new ListImportsCommand({ ExportName: 'E007' }))).Imports).toEqual(['Importer']);
    for (const ExportName of ['E008', 'Nothing']) {
      await expect(client.send(new ListImportsCommand({ ExportName }))).rejects.toMatchObject({
        name: 'ValidationError',
        message: `Export '${ExportName}' is not imported by any stack.`,
      });
    }
    await expect(all.send(new ListImportsCommand({ ExportName: 'E007' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  } finally {
    all.destroy();
    await rig.cloudFormation.deleteStack({ stackName: 'Importer' });
    await rig.cloudFormation.deleteStack({ stackName: 'Exporter' });
  }
});

test('GetTemplate gives the template as it was sent, and as its transforms left it', async () => {
  const template = {
    Transform: 'AWS::LanguageExtensions',
    Resources: { 'Fn::ForEach::Things': ['X', ['a', 'b'], { 'T${X}': thing('loop-${X}') }] },
  };
  await rig.cloudFormation.createStack({ stackName: 'Loops', template, assetDirectory: String });
  const original = await client.send(new GetTemplateCommand({ StackName: 'Loops' }));
  expect(JSON.parse(original.TemplateBody!)).toEqual(template);
  const processed = await client.send(new GetTemplateCommand({ StackName: 'Loops', TemplateStage: 'Processed' }));
  expect(Object.keys((JSON.parse(processed.TemplateBody!) as typeof template).Resources)).toEqual(['Ta', 'Tb']);
  expect(processed.StagesAvailable).toEqual(['Original', 'Processed']);
  await rig.cloudFormation.deleteStack({ stackName: 'Loops' });
});

test('too many calls of an operation are throttled', async () => {
  const slow = new Rig({ callRate: 10, clock: { ...systemClock, now: () => 0 } });
  await slow.create({ T: thing('t') });
  const slowEndpoint = new Endpoint([slow.cloudFormation]);
  await slowEndpoint.listen();
  const slowClient = new CloudFormationClient({
    endpoint: slowEndpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDPERSON', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const describe = (): Promise<unknown> => slowClient.send(new DescribeStacksCommand({ StackName: 'S' }));
  await Promise.all(Array.from({ length: 10 }, describe));
  await expect(describe()).rejects.toMatchObject({
    name: 'Throttling',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400 },
  });
  await slowClient.send(new ListStackResourcesCommand({ StackName: 'S' }));
  slowClient.destroy();
  await slowEndpoint.close();
});

test('an unknown stack is a ValidationError', async () => {
  await expect(client.send(new DescribeStackEventsCommand({ StackName: 'X' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack [X] does not exist',
  });
  await expect(client.send(new DescribeStacksCommand({ StackName: 'X' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id X does not exist',
    $metadata: { httpStatusCode: 400 },
  });
});

test('a role is authorised on the stack’s ARN', async () => {
  const caller = clientOf(rig.iam.createRole('caller').accessKeyId);
  asked.length = 0;
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
