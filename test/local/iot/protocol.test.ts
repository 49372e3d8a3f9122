import {
  AddThingToThingGroupCommand,
  CancelJobCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteJobCommand,
  DeleteThingCommand,
  DeleteThingGroupCommand,
  DescribeEndpointCommand,
  DescribeJobCommand,
  DescribeThingCommand,
  DescribeThingGroupCommand,
  IoTClient,
  ListJobExecutionsForJobCommand,
  type ListJobExecutionsForJobCommandOutput,
  ListJobsCommand,
  ListTagsForResourceCommand,
  ListThingGroupsCommand,
  ListThingsCommand,
  ListThingsInThingGroupCommand,
  TagResourceCommand,
  UntagResourceCommand,
  paginateListJobs,
} from '@aws-sdk/client-iot';
import { exampleAccount } from '../../../local/account';
import { ServiceError } from '../../../local/api';
import { Endpoint } from '../../../local/endpoint';
import { Iam } from '../../../local/iam/iam';
import { Iot } from '../../../local/iot/iot';
import { ManualClock } from './manual-clock';

const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`;
const document = '{"operation":"update"}';

let clock: ManualClock;
let iam: Iam;
let iot: Iot;
let endpoint: Endpoint;
let client: IoTClient;
let asked: string[];

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 0, 0, 250));
  asked = [];
  iam = new Iam(exampleAccount.accountId, ({ action, resource }) => {
    asked.push(`${action} ${resource}`);
    return Promise.resolve(!resource.endsWith('/forbidden'));
  });
  iot = new Iot({ account: exampleAccount, clock, iam });
  endpoint = new Endpoint([iot]);
  await endpoint.listen();
  client = new IoTClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: iam.createRole('handler').accessKeyId, secretAccessKey: 'x' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

test('a job from CreateJob to its end, as the SDK reads it', async () => {
  await client.send(new CreateThingCommand({ thingName: 'lamp' }));
  const created = await client.send(
    new CreateJobCommand({
      jobId: 'ota-1',
      targets: [arn('thing/lamp')],
      document,
      description: 'An update',
      namespaceId: 'edge',
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
    }),
  );
  expect(created).toMatchObject({ jobId: 'ota-1', jobArn: arn('job/ota-1'), description: 'An update' });
  const { job } = await client.send(new DescribeJobCommand({ jobId: 'ota-1' }));
  expect(job).toMatchObject({
    jobId: 'ota-1',
    status: 'IN_PROGRESS',
    targetSelection: 'SNAPSHOT',
    targets: [arn('thing/lamp')],
    namespaceId: 'edge',
    description: 'An update',
    timeoutConfig: { inProgressTimeoutInMinutes: 5 },
    createdAt: new Date('2026-01-01T00:00:00.250Z'),
    jobProcessDetails: { numberOfQueuedThings: 1, processingTargets: [arn('thing/lamp')] },
  });
  const cancelled = await client.send(new CancelJobCommand({ jobId: 'ota-1', force: true, reasonCode: 'GONE' }));
  expect(cancelled).toMatchObject({ jobId: 'ota-1', jobArn: arn('job/ota-1') });
  await client.send(new DeleteJobCommand({ jobId: 'ota-1', namespaceId: 'edge' }));
  const deleting = await client.send(new DescribeJobCommand({ jobId: 'ota-1' }));
  expect(deleting.job).toMatchObject({ status: 'DELETION_IN_PROGRESS', forceCanceled: true, reasonCode: 'GONE' });
  clock.pass(2_010);
  expect(await failure(client.send(new DescribeJobCommand({ jobId: 'ota-1' })))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Job ota-1 does not exist.',
    $metadata: { httpStatusCode: 404 },
  });
  expect(iot.histories).toMatchObject([{ jobId: 'ota-1', deletedFrom: 'CANCELED', deletedAt: clock.now() }]);
});

test.each<[string, number, () => Promise<unknown>]>([
  ['InvalidRequestException', 400, () => client.send(new DeleteJobCommand({ jobId: 'not valid' }))],
  ['InvalidRequestException', 400, () => client.send(new DeleteJobCommand({ jobId: 'a/b' }))],
  ['InvalidRequestException', 400, () => client.send(new DeleteJobCommand({ jobId: 'x'.repeat(65) }))],
  ['InvalidRequestException', 400, () => client.send(new DeleteJobCommand({ jobId: 'job', namespaceId: 'a b' }))],
  ['InvalidRequestException', 400, () => client.send(new DeleteJobCommand({ jobId: 'job', force: 'yes' as never }))],
  ['InvalidRequestException', 400, () => client.send(new CancelJobCommand({ jobId: 'done' }))],
  ['InvalidRequestException', 400, () => client.send(new CancelJobCommand({ jobId: 'job', reasonCode: 'no' }))],
  ['InvalidRequestException', 400, () => client.send(new ListJobsCommand({ status: 'GONE' as never }))],
  ['InvalidRequestException', 400, () => client.send(new ListJobsCommand({ maxResults: 251 }))],
  ['InvalidRequestException', 400, () => client.send(new ListJobsCommand({ nextToken: '?' }))],
  ['InvalidRequestException', 400, () => client.send(new CreateJobCommand({ jobId: 'new', targets: [], document }))],
  [
    'InvalidRequestException',
    400,
    () => client.send(new CreateJobCommand({ jobId: 'new', targets: [arn('thing/a')] })),
  ],
  ['InvalidRequestException', 400, () => client.send(new CreateJobCommand(scheduled('2026-01-01 00:29')))],
  ['InvalidRequestException', 400, () => client.send(new CreateJobCommand(scheduled('tomorrow')))],
  ['InvalidStateTransitionException', 409, () => client.send(new DeleteJobCommand({ jobId: 'job' }))],
  ['InvalidRequestException', 400, () => client.send(new CancelJobCommand({ jobId: 'deleting' }))],
  ['ResourceAlreadyExistsException', 409, () => client.send(new CreateJobCommand(jobOn('job', 'lamp')))],
  ['ResourceNotFoundException', 404, () => client.send(new CreateJobCommand(jobOn('new', 'nobody')))],
  ['ResourceNotFoundException', 404, () => client.send(new DeleteJobCommand({ jobId: 'edge-job', namespaceId: 'x' }))],
  ['ResourceNotFoundException', 404, () => client.send(new ListJobsCommand({ thingGroupName: 'nobody' }))],
  ['AccessDeniedException', 403, () => client.send(new DeleteJobCommand({ jobId: 'forbidden' }))],
  ['UnknownOperationException', 404, () => client.send(new DescribeEndpointCommand({}))],
])('%s is answered with %i (row %#)', async (name, status, call) => {
  iot.createThing('lamp');
  iot.createJob({ jobId: 'job' });
  iot.createJob({ jobId: 'done', status: 'COMPLETED' });
  iot.createJob({ jobId: 'deleting', status: 'DELETION_IN_PROGRESS' });
  iot.createJob({ jobId: 'edge-job', namespaceId: 'edge' });
  expect(await failure(call())).toMatchObject({ name, $metadata: { httpStatusCode: status } });
  expect(iot.calls).toMatchObject([{ outcome: name }]);
});

test('an unknown operation is named', async () => {
  const error = await failure(client.send(new DescribeEndpointCommand({})));
  expect(error.message).toContain('GET /endpoint');
});

test('an id that exists already is said in the fields of the model', async () => {
  iot.createThing('lamp');
  iot.createJob({ jobId: 'job' });
  const error = await failure(client.send(new CreateJobCommand(jobOn('job', 'lamp'))));
  expect(error).toMatchObject({ resourceId: 'job', resourceArn: arn('job/job') });
});

test('ListJobs filters, and pages while jobs go', async () => {
  iot.createThingGroup('fleet');
  iot.createJob({ jobId: 'a', namespaceId: 'edge', targets: [arn('thinggroup/fleet')] });
  iot.createJob({ jobId: 'b', status: 'COMPLETED', targetSelection: 'CONTINUOUS' });
  iot.createJob({ jobId: 'c', status: 'DELETION_IN_PROGRESS' });
  iot.createJob({ jobId: 'd' });
  const ids = async (filter: ListJobsCommand['input']): Promise<(string | undefined)[]> =>
    ((await client.send(new ListJobsCommand(filter))).jobs ?? []).map(({ jobId }) => jobId);
  expect(await ids({})).toStrictEqual(['a', 'b', 'c', 'd']);
  expect(await ids({ status: 'COMPLETED' })).toStrictEqual(['b']);
  expect(await ids({ targetSelection: 'CONTINUOUS' })).toStrictEqual(['b']);
  expect(await ids({ namespaceId: 'edge' })).toStrictEqual(['a']);
  expect(await ids({ thingGroupName: 'fleet' })).toStrictEqual(['a']);
  expect(await ids({ thingGroupId: iot.thingGroup('fleet')?.thingGroupId })).toStrictEqual(['a']);
  expect(await ids({ thingGroupId: 'nobody' })).toStrictEqual([]);
  const seen: (string | undefined)[] = [];
  for await (const page of paginateListJobs({ client, pageSize: 3 }, {})) {
    seen.push(...(page.jobs ?? []).map(({ jobId }) => jobId));
    clock.pass(60_000);
  }
  expect(seen).toStrictEqual(['a', 'b', 'c', 'd']);
  expect(await ids({})).toStrictEqual(['a', 'b', 'd']);
});

test('ListJobs omits SCHEDULED jobs once it filters by thing group', async () => {
  const { thingGroupArn, thingGroupName, thingGroupId } = iot.createThingGroup('fleet');
  iot.createJob({ jobId: 'running', targets: [thingGroupArn] });
  iot.createJob({ jobId: 'waiting', targets: [thingGroupArn], status: 'SCHEDULED' });
  const ids = async (filter: ListJobsCommand['input']): Promise<(string | undefined)[]> =>
    ((await client.send(new ListJobsCommand(filter))).jobs ?? []).map(({ jobId }) => jobId);
  expect(await ids({ status: 'SCHEDULED' })).toStrictEqual(['waiting']);
  expect(await ids({ thingGroupName })).toStrictEqual(['running']);
  expect(await ids({ thingGroupId })).toStrictEqual(['running']);
  expect(await ids({ thingGroupName, status: 'SCHEDULED' })).toStrictEqual([]);
});

test.each([
  ['DeleteJob', (namespaceId: string) => new DeleteJobCommand({ jobId: 'job', namespaceId, force: true })],
  ['CancelJob', () => new CancelJobCommand({ jobId: 'job' })],
  ['CreateJob', (namespaceId: string) => new CreateJobCommand({ ...jobOn('new', 'lamp'), namespaceId })],
])('%s leaves the jobs of a reserved namespace to the service that they belong to', async (_, command) => {
  const namespaceId = 'aws-gg-deployment';
  iot.createThing('lamp');
  iot.createJob({ jobId: 'job', namespaceId });
  expect(await failure(client.send(command(namespaceId) as DeleteJobCommand))).toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining(`namespace ${namespaceId}`) as string,
  });
  expect(iot.jobs()).toMatchObject([{ jobId: 'job', status: 'IN_PROGRESS' }]);
});

test('a job is scheduled by its startTime', async () => {
  iot.createThing('a');
  await client.send(new CreateJobCommand(scheduled('2026-01-01 01:00')));
  expect(iot.job('new')).toMatchObject({ status: 'SCHEDULED', startsAt: Date.UTC(2026, 0, 1, 1) });
});

test('ListJobExecutionsForJob', async () => {
  iot.createJob({ jobId: 'job', executions: { queued: 1, inProgress: 1 } });
  const list = (status?: 'IN_PROGRESS'): Promise<ListJobExecutionsForJobCommandOutput> =>
    client.send(new ListJobExecutionsForJobCommand({ jobId: 'job', status }));
  expect((await list()).executionSummaries).toHaveLength(2);
  expect((await list('IN_PROGRESS')).executionSummaries).toMatchObject([
    {
      thingArn: arn('thing/job-2'),
      jobExecutionSummary: { status: 'IN_PROGRESS', startedAt: new Date(clock.now()), executionNumber: 1 },
    },
  ]);
});

test('things', async () => {
  const attributePayload = { attributes: { colour: 'red' } };
  const { thingId } = await client.send(new CreateThingCommand({ thingName: 'a:lamp', attributePayload }));
  const again = await client.send(new CreateThingCommand({ thingName: 'a:lamp', attributePayload }));
  expect(again.thingId).toBe(thingId);
  expect((await failure(client.send(new CreateThingCommand({ thingName: 'a:lamp' })))).name).toBe(
    'ResourceAlreadyExistsException',
  );
  expect(() => iot.createThing('a:lamp')).toThrow(ServiceError);
  expect(await client.send(new DescribeThingCommand({ thingName: 'a:lamp' }))).toMatchObject({
    thingArn: arn('thing/a:lamp'),
    attributes: { colour: 'red' },
    version: 1,
  });
  expect((await client.send(new ListThingsCommand({}))).things).toMatchObject([{ thingName: 'a:lamp' }]);
  expect((await failure(client.send(new DeleteThingCommand({ thingName: 'a:lamp', expectedVersion: 2 })))).name).toBe(
    'VersionConflictException',
  );
  await client.send(new DeleteThingCommand({ thingName: 'a:lamp' }));
  await client.send(new DeleteThingCommand({ thingName: 'a:lamp' }));
  expect((await client.send(new ListThingsCommand({}))).things).toStrictEqual([]);
});

test('thing groups', async () => {
  iot.createThing('lamp');
  await client.send(new CreateThingGroupCommand({ thingGroupName: 'fleet' }));
  await client.send(new CreateThingGroupCommand({ thingGroupName: 'fleet' }));
  await client.send(new CreateThingGroupCommand({ thingGroupName: 'north', parentGroupName: 'fleet' }));
  await client.send(new AddThingToThingGroupCommand({ thingGroupName: 'north', thingArn: arn('thing/lamp') }));
  expect(await client.send(new DescribeThingGroupCommand({ thingGroupName: 'north' }))).toMatchObject({
    thingGroupArn: arn('thinggroup/north'),
    thingGroupMetadata: {
      parentGroupName: 'fleet',
      rootToParentThingGroups: [{ groupName: 'fleet', groupArn: arn('thinggroup/fleet') }],
      creationDate: new Date(clock.now()),
    },
  });
  const groups = async (filter: ListThingGroupsCommand['input']): Promise<(string | undefined)[]> =>
    ((await client.send(new ListThingGroupsCommand(filter))).thingGroups ?? []).map(({ groupName }) => groupName);
  expect(await groups({})).toStrictEqual(['fleet', 'north']);
  expect(await groups({ namePrefixFilter: 'n' })).toStrictEqual(['north']);
  expect(await groups({ recursive: false })).toStrictEqual(['fleet']);
  expect(await groups({ parentGroup: 'fleet' })).toStrictEqual(['north']);
  const members = (thingGroupName: string, recursive?: boolean): Promise<{ things?: string[] }> =>
    client.send(new ListThingsInThingGroupCommand({ thingGroupName, recursive }));
  expect((await members('fleet')).things).toStrictEqual([]);
  expect((await members('fleet', true)).things).toStrictEqual(['lamp']);
  expect((await failure(client.send(new DeleteThingGroupCommand({ thingGroupName: 'fleet' })))).name).toBe(
    'InvalidRequestException',
  );
  await client.send(new DeleteThingGroupCommand({ thingGroupName: 'north' }));
  await client.send(new DeleteThingGroupCommand({ thingGroupName: 'fleet' }));
  expect(await groups({})).toStrictEqual([]);
});

test('tags', async () => {
  iot.createThing('lamp');
  await client.send(new CreateJobCommand({ ...jobOn('job', 'lamp'), tags: [{ Key: 'stage', Value: 'test' }] }));
  const resourceArn = arn('job/job');
  await client.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'team', Value: 'edge' }] }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
  expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toStrictEqual([
    { Key: 'team', Value: 'edge' },
  ]);
  expect((await failure(client.send(new ListTagsForResourceCommand({ resourceArn: arn('job/none') })))).name).toBe(
    'ResourceNotFoundException',
  );
});

test('jobs made without a call have tags of their own, and target thing groups', async () => {
  const targets = [iot.createThingGroup('fleet').thingGroupArn];
  const tags = new Map([['app', 'ota']]);
  ['a', 'b'].forEach((jobId) => iot.createJob({ jobId, targets, tags }));
  await client.send(new UntagResourceCommand({ resourceArn: arn('job/a'), tagKeys: ['app'] }));
  const listed = await client.send(new ListTagsForResourceCommand({ resourceArn: arn('job/b') }));
  expect(listed.tags).toStrictEqual([{ Key: 'app', Value: 'ota' }]);
  expect(iot.job('b')?.targets).toStrictEqual([arn('thinggroup/fleet')]);
});

test('every operation asks IAM for the resources of the authorization reference', async () => {
  iot.createThing('lamp');
  await client.send(new CreateJobCommand(jobOn('job', 'lamp')));
  await client.send(new CancelJobCommand({ jobId: 'job' }));
  await client.send(new ListJobsCommand({}));
  await client.send(new DescribeThingCommand({ thingName: 'lamp' }));
  expect(asked).toStrictEqual([
    `iot:CreateJob ${arn('job/job')}`,
    `iot:CreateJob ${arn('thing/lamp')}`,
    `iot:CancelJob ${arn('job/job')}`,
    'iot:ListJobs *',
    `iot:DescribeThing ${arn('thing/lamp')}`,
  ]);
});

test('the journal holds every call, with who made it and how it ended', async () => {
  await failure(client.send(new DeleteJobCommand({ jobId: 'job' })));
  await client.send(new ListJobsCommand({}));
  expect(iot.calls).toMatchObject([
    { operation: 'DeleteJob', jobId: 'job', outcome: 'ResourceNotFoundException', time: clock.now() },
    { operation: 'ListJobs', outcome: 'ok', accessKeyId: iam.role('handler').accessKeyId },
  ]);
});

describe('an interception', () => {
  const deletion = (): Promise<unknown> => client.send(new DeleteJobCommand({ jobId: 'job', force: true }));

  beforeEach(() => iot.createJob({ jobId: 'job' }));

  test('answers in the place of the service', async () => {
    iot.intercept = () => Promise.reject(new ServiceError('ThrottlingException', 400, 'Rate exceeded'));
    expect((await failure(deletion())).name).toBe('ThrottlingException');
    expect(iot.job('job')?.status).toBe('IN_PROGRESS');
    expect(iot.calls).toMatchObject([{ operation: 'DeleteJob', outcome: 'ThrottlingException' }]);
  });

  test('loses the answer after the effect', async () => {
    iot.intercept = async (_operation, _jobId, next) => ({ ...(await next()), disconnect: true });
    expect(await failure(deletion())).toHaveProperty('message', expect.stringContaining('socket hang up'));
    expect(iot.job('job')?.status).toBe('DELETION_IN_PROGRESS');
    expect(iot.calls).toMatchObject([{ jobId: 'job', outcome: 'disconnected' }]);
  });

  test('sees an error of the service as the answer that it is', async () => {
    const statuses: number[] = [];
    iot.intercept = async (operation, jobId, next) => {
      const response = await next();
      statuses.push(response.status);
      return operation === 'DeleteJob' && jobId === 'job' ? response : { status: 500 };
    };
    await deletion();
    await failure(deletion());
    expect(statuses).toStrictEqual([200, 409]);
  });
});

function jobOn(jobId: string, thingName: string): CreateJobCommand['input'] {
  return { jobId, targets: [arn(`thing/${thingName}`)], document };
}

function scheduled(startTime: string): CreateJobCommand['input'] {
  return { ...jobOn('new', 'a'), schedulingConfig: { startTime } };
}

async function failure(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('The call succeeded.');
}

test('a token goes on with the list that gave it, and with no other', async () => {
  ['a', 'b', 'c'].forEach((name) => iot.createThing(`token-${name}`));
  const { nextToken } = await client.send(new ListThingsCommand({ maxResults: 1 }));
  const { things = [] } = await client.send(new ListThingsCommand({ maxResults: 2, nextToken }));
  expect(things).toHaveLength(2);
  const others = [
    client.send(new ListThingGroupsCommand({ nextToken })),
    client.send(new ListJobsCommand({ nextToken })),
    client.send(new ListThingsCommand({ nextToken, attributeName: 'colour', attributeValue: 'red' })),
  ];
  for (const other of others) {
    expect(await failure(other)).toMatchObject({ name: 'InvalidRequestException' });
  }
});
