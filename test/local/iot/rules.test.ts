import { DeleteJobCommand, IoTClient, type JobStatus } from '@aws-sdk/client-iot';
import { exampleAccount } from '../../../local/account';
import { Endpoint } from '../../../local/endpoint';
import { Iam } from '../../../local/iam/iam';
import { Iot } from '../../../local/iot/iot';
import { defaultRules, type JobRules } from '../../../local/iot/job-rules';
import { Jobs } from '../../../local/iot/jobs';
import { Journal } from '../../../local/iot/journal';
import { Things } from '../../../local/iot/things';
import { ManualClock } from './manual-clock';

let clock: ManualClock;
let journal: Journal;
let things: Things;
let jobs: Jobs;

function start(rules: Partial<JobRules> = {}): void {
  clock = new ManualClock();
  journal = new Journal();
  things = new Things(exampleAccount, clock);
  jobs = new Jobs(exampleAccount, clock, things, journal, {
    ...defaultRules,
    deletionTime: (executions) => 1_000 + executions,
    ...rules,
  });
}

beforeEach(() => start());

describe('DeleteJob', () => {
  test.each<[JobStatus, boolean, string]>([
    ['COMPLETED', false, 'ok'],
    ['COMPLETED', true, 'ok'],
    ['CANCELED', false, 'ok'],
    ['CANCELED', true, 'ok'],
    ['IN_PROGRESS', false, 'InvalidStateTransitionException'],
    ['IN_PROGRESS', true, 'ok'],
    ['SCHEDULED', false, 'InvalidStateTransitionException'],
    ['SCHEDULED', true, 'ok'],
    ['DELETION_IN_PROGRESS', false, 'InvalidStateTransitionException'],
    ['DELETION_IN_PROGRESS', true, 'InvalidStateTransitionException'],
  ])('of a job that is %s, with force %s: %s', (status, force, outcome) => {
    jobs.create({ jobId: 'job', status });
    expect(outcomeOf(() => jobs.delete('job', { force }))).toBe(outcome);
    expect(jobs.get('job').status).toBe(outcome === 'ok' ? 'DELETION_IN_PROGRESS' : status);
  });

  test('of a job that does not exist', () => {
    expect(outcomeOf(() => jobs.delete('job'))).toBe('ResourceNotFoundException');
  });

  test('takes as long as the number of executions says', () => {
    jobs.create({ jobId: 'job', status: 'COMPLETED', executions: { succeeded: 500 } });
    jobs.delete('job');
    clock.pass(1_499);
    expect(jobs.get('job').status).toBe('DELETION_IN_PROGRESS');
    clock.pass(1);
    expect(jobs.find('job')).toBeUndefined();
  });

  test('takes as long as the job itself was told to', () => {
    jobs.create({ jobId: 'job', status: 'COMPLETED', deletionTime: 7 });
    jobs.delete('job');
    clock.pass(7);
    expect(jobs.find('job')).toBeUndefined();
  });

  test.each<[string | undefined, string | undefined, string]>([
    [undefined, undefined, 'ok'],
    ['edge', 'edge', 'ok'],
    ['edge', 'cloud', 'ResourceNotFoundException'],
    ['edge', undefined, 'ResourceNotFoundException'],
    [undefined, 'edge', 'ok'],
  ])('of a job in namespace %s, with namespaceId %s: %s', (namespaceId, sent, outcome) => {
    jobs.create({ jobId: 'job', status: 'COMPLETED', namespaceId });
    expect(outcomeOf(() => jobs.delete('job', { namespaceId: sent }))).toBe(outcome);
  });

  test('is refused while all slots are taken, and accepted once one is free', () => {
    start({ deletionSlots: 2 });
    ['a', 'b', 'c'].forEach((jobId) => jobs.create({ jobId, status: 'COMPLETED' }));
    jobs.delete('a');
    jobs.delete('b');
    clock.pass(100);
    expect(outcomeOf(() => jobs.delete('c'))).toBe('LimitExceededException');
    clock.pass(100);
    expect(outcomeOf(() => jobs.delete('c'))).toBe('LimitExceededException');
    expect(jobs.get('c').status).toBe('COMPLETED');
    clock.pass(800);
    jobs.delete('c');
    const { createdAt } = jobs.get('c');
    expect(jobs.get('c').history).toStrictEqual({
      jobId: 'c',
      createdAt,
      firstRefusedForSlotAt: createdAt + 100,
      slotRefusals: 2,
      deletionStartedAt: createdAt + 1_000,
      deletedFrom: 'COMPLETED',
      deletedWithForce: false,
    });
  });

  test('that must be refused anyway is not refused for want of a slot', () => {
    start({ deletionSlots: 0 });
    jobs.create({ jobId: 'job', status: 'IN_PROGRESS' });
    expect(outcomeOf(() => jobs.delete('job'))).toBe('InvalidStateTransitionException');
    expect(outcomeOf(() => jobs.delete('job', { force: true }))).toBe('LimitExceededException');
  });

  test('frees the id: the next job of that id is another incarnation', () => {
    jobs.create({ jobId: 'job', status: 'COMPLETED' });
    expect(outcomeOf(() => jobs.create({ jobId: 'job' }))).toBe('ResourceAlreadyExistsException');
    jobs.delete('job');
    expect(outcomeOf(() => jobs.create({ jobId: 'job' }))).toBe('ResourceAlreadyExistsException');
    clock.pass(5_000);
    const reused = jobs.create({ jobId: 'job' });
    expect(journal.histories).toHaveLength(2);
    // The true end, not the moment at which somebody looked.
    expect(journal.histories[0]?.deletedAt).toBe(reused.createdAt - 4_000);
    expect(reused.history).toStrictEqual({ jobId: 'job', createdAt: clock.now(), slotRefusals: 0 });
  });
});

describe('CancelJob', () => {
  test.each<[JobStatus, string]>([
    ['SCHEDULED', 'ok'],
    ['IN_PROGRESS', 'ok'],
    ['COMPLETED', 'InvalidRequestException'],
    ['CANCELED', 'InvalidRequestException'],
    ['DELETION_IN_PROGRESS', 'InvalidRequestException'],
  ])('of a job that is %s: %s', (status, outcome) => {
    jobs.create({ jobId: 'job', status });
    expect(outcomeOf(() => jobs.cancel('job'))).toBe(outcome);
    expect(jobs.get('job').status).toBe(outcome === 'ok' ? 'CANCELED' : status);
  });

  test('without force spares the executions in progress, until their devices finish', () => {
    jobs.create({ jobId: 'job', executions: { queued: 3, inProgress: 2, succeeded: 1 } });
    jobs.cancel('job');
    expect(executionsOf('job')).toStrictEqual({ CANCELED: 3, IN_PROGRESS: 2, SUCCEEDED: 1 });
    jobs.finishExecutions('job');
    expect(executionsOf('job')).toStrictEqual({ CANCELED: 3, SUCCEEDED: 3 });
    expect(jobs.get('job')).toMatchObject({ status: 'CANCELED', forceCanceled: undefined });
  });

  test('with force cancels them too', () => {
    jobs.create({ jobId: 'job', executions: { queued: 3, inProgress: 2 } });
    jobs.cancel('job', { force: true, reasonCode: 'TEARDOWN', comment: 'with its stack' });
    expect(executionsOf('job')).toStrictEqual({ CANCELED: 5 });
    expect(jobs.get('job')).toMatchObject({
      forceCanceled: true,
      reasonCode: 'TEARDOWN',
      comment: 'with its stack',
      completedAt: clock.now(),
    });
  });

  test('leaves the devices the time that they need', () => {
    start({ executionTime: 60_000 });
    jobs.create({ jobId: 'job', executions: { inProgress: 1 } });
    clock.pass(1_000);
    jobs.cancel('job');
    clock.pass(58_999);
    expect(executionsOf('job')).toStrictEqual({ IN_PROGRESS: 1 });
    clock.pass(1);
    expect(executionsOf('job')).toStrictEqual({ SUCCEEDED: 1 });
  });
});

describe('CreateJob', () => {
  test.each([
    ['thing/nobody', 'ResourceNotFoundException'],
    ['thinggroup/nobody', 'ResourceNotFoundException'],
    ['job/job', 'InvalidRequestException'],
  ])('with target %s: %s, and no trace of the job', (target, outcome) => {
    const arn = `arn:aws:iot:us-east-1:123456789012:${target}`;
    expect(outcomeOf(() => jobs.create({ jobId: 'job', targets: [arn] }))).toBe(outcome);
    expect(jobs.all()).toHaveLength(0);
    expect(journal.histories).toHaveLength(0);
  });

  test('runs once on each thing of its targets, child groups included', () => {
    ['a', 'b'].forEach((name) => things.createThing(name));
    const fleet = things.createThingGroup('fleet');
    things.createThingGroup('child', { parentGroupName: 'fleet' });
    things.addThingToThingGroup('a', 'fleet');
    things.addThingToThingGroup('b', 'child');
    jobs.create({ jobId: 'job', targets: [fleet.thingGroupArn, things.thingArn('a')] });
    expect(executionsOf('job')).toStrictEqual({ QUEUED: 2 });
  });

  test('a SNAPSHOT job completes when its devices have finished, or when there are none', () => {
    const { thingArn } = things.createThing('a');
    const { thingGroupArn } = things.createThingGroup('empty');
    jobs.create({ jobId: 'job', targets: [thingArn] });
    jobs.startExecutions('job');
    expect(jobs.get('job').status).toBe('IN_PROGRESS');
    jobs.finishExecutions('job');
    expect(jobs.get('job').status).toBe('COMPLETED');
    expect(jobs.create({ jobId: 'none', targets: [thingGroupArn] }).status).toBe('COMPLETED');
  });

  test('a CONTINUOUS job goes on, and runs on things that join later', () => {
    const { thingGroupArn } = things.createThingGroup('fleet');
    jobs.create({ jobId: 'job', targets: [thingGroupArn], targetSelection: 'CONTINUOUS' });
    things.createThing('a');
    things.addThingToThingGroup('a', 'fleet');
    jobs.thingJoined();
    jobs.thingJoined();
    expect(executionsOf('job')).toStrictEqual({ QUEUED: 1 });
    jobs.finishExecutions('job');
    expect(jobs.get('job').status).toBe('IN_PROGRESS');
  });

  test('a SCHEDULED job begins when its time has come, with the things that are there then', () => {
    const { thingArn } = things.createThing('a');
    jobs.create({ jobId: 'job', targets: [thingArn], startsAt: clock.now() + 1_000 });
    jobs.create({ jobId: 'late', targets: [thingArn], startsAt: clock.now() + 2_000 });
    expect(executionsOf('job')).toStrictEqual({});
    expect(jobs.get('job').status).toBe('SCHEDULED');
    clock.pass(1_500);
    expect(jobs.get('job')).toMatchObject({ status: 'IN_PROGRESS', lastUpdatedAt: clock.now() - 500 });
    expect(executionsOf('job')).toStrictEqual({ QUEUED: 1 });
    things.deleteThing('a');
    clock.pass(500);
    expect(executionsOf('late')).toStrictEqual({});
  });
});

test('the eleventh of many callers at once is refused, whoever comes first', async () => {
  const iot = new Iot({ account: exampleAccount, clock, iam: new Iam(exampleAccount.accountId), callRate: Infinity });
  const endpoint = new Endpoint([iot]);
  await endpoint.listen();
  const client = new IoTClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const jobIds = Array.from({ length: 15 }, (_, index) => `job-${index}`);
  jobIds.forEach((jobId) => iot.createJob({ jobId, status: 'COMPLETED' }));
  const answers = await Promise.allSettled(jobIds.map((jobId) => client.send(new DeleteJobCommand({ jobId }))));
  const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : []));
  expect(refusals.map(({ name }) => name)).toStrictEqual(Array(5).fill('LimitExceededException'));
  expect(iot.jobsInDeletion()).toHaveLength(10);
  client.destroy();
  await endpoint.close();
});

function outcomeOf(act: () => unknown): string {
  try {
    act();
    return 'ok';
  } catch (error) {
    return (error as Error).name;
  }
}

function executionsOf(jobId: string): Record<string, number> {
  const counts: Record<string, number> = {};
  jobs.get(jobId).executions.forEach(({ status }) => (counts[status] = (counts[status] ?? 0) + 1));
  return counts;
}
