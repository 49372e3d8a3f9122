import { CfnParameter, type CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnJob, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, type JobCompanionOptions } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { effects, failAfter, startAws, synthesize, TAKEN } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  aws.iot.createThing(TAKEN);
});
afterEach(() => aws.close());

/** A stack that may declare a job for a thing group, with a companion or without. */
interface Declared {
  readonly jobId?: string;
  readonly companion?: JobCompanionOptions | null;
  /** After what the operation fails, if it does. */
  readonly fails?: 'after all' | 'between job and companion';
}

function stackWith({ jobId = 'ota-1', companion = { force: true }, fails }: Declared): SynthesizedStack {
  return synthesize((stack) => {
    const job = declare(stack, jobId);
    const deletion = companion && JobDeletion.forJob(stack, 'Companion', job, companion);
    if (fails) failAfter(stack, job, ...(deletion && fails === 'after all' ? [deletion] : []));
    if (fails === 'between job and companion') deletion!.node.addDependency(stack.node.findChild('Taken'));
  });
}

function declare(stack: Stack, jobId: string): CfnResource {
  const group = new CfnThingGroup(stack, 'Sensors', { thingGroupName: 'sensors' });
  return new CfnJob(stack, 'Declared', {
    jobId,
    targets: [group.attrArn],
    targetSelection: 'CONTINUOUS',
    document: '{"operation":"update"}',
  });
}

const withoutJob = (): SynthesizedStack =>
  synthesize((stack) => void new CfnThingGroup(stack, 'Sensors', { thingGroupName: 'sensors' }));

const create = async (stack: SynthesizedStack): Promise<string> => (await aws.cloudFormation.createStack(stack)).status;
const update = async (stack: SynthesizedStack): Promise<string> => (await aws.cloudFormation.updateStack(stack)).status;
const destroy = async (): Promise<string> => (await aws.cloudFormation.deleteStack({ stackName: 'S' })).status;
const jobs = (): string[] => aws.iot.jobs().map(({ jobId, status }) => `${jobId} ${status}`);

test('without a companion, a stack with an active job ends in DELETE_FAILED', async () => {
  expect(await create(stackWith({ companion: null }))).toBe('CREATE_COMPLETE');
  expect(await destroy()).toBe('DELETE_FAILED');
  expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
});

describe('the stack is deleted', () => {
  test('an active job goes with its companion, by force', async () => {
    expect(await create(stackWith({}))).toBe('CREATE_COMPLETE');
    expect(await destroy()).toBe('DELETE_COMPLETE');
    expect(jobs()).toEqual([]);
    expect(effects(aws).at(0)).toBe('DeleteJob ota-1: ok');
  });

  test('an active job is cancelled first', async () => {
    await create(stackWith({ companion: { cancelFirst: true } }));
    expect(await destroy()).toBe('DELETE_COMPLETE');
    expect(effects(aws).slice(0, 2)).toEqual(['CancelJob ota-1: ok', 'DeleteJob ota-1: ok']);
    expect(jobs()).toEqual([]);
  });

  test('a job that somebody deleted already is no failure', async () => {
    await create(stackWith({}));
    aws.iot.call('CancelJob', { jobId: 'ota-1', force: true });
    aws.iot.call('DeleteJob', { jobId: 'ota-1' });
    expect(await destroy()).toBe('DELETE_COMPLETE');
    expect(jobs()).toEqual([]);
  });
});

describe('an update', () => {
  beforeEach(() => create(stackWith({})));

  test('takes job and companion out: both are gone', async () => {
    expect(await update(withoutJob())).toBe('UPDATE_COMPLETE');
    expect(jobs()).toEqual([]);
  });

  test('takes the companion out alone: the job lives', async () => {
    expect(await update(stackWith({ companion: null }))).toBe('UPDATE_COMPLETE');
    expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
    expect(effects(aws)).toEqual([]);
  });

  test('replaces the job: the old one is gone, the new one lives', async () => {
    expect(await update(stackWith({ jobId: 'ota-2' }))).toBe('UPDATE_COMPLETE');
    expect(jobs()).toEqual(['ota-2 IN_PROGRESS']);
    expect(await destroy()).toBe('DELETE_COMPLETE');
    expect(jobs()).toEqual([]);
  });

  test('would replace the job and fails: the new one is gone, the old one lives', async () => {
    expect(await update(stackWith({ jobId: 'ota-2', fails: 'after all' }))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
  });

  test('changes how the job is deleted: it lives', async () => {
    expect(await update(stackWith({ companion: { cancelFirst: true } }))).toBe('UPDATE_COMPLETE');
    expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
  });
});

describe('the companion is added later', () => {
  beforeEach(() => create(stackWith({ companion: null })));

  test('the job lives, and goes with the stack', async () => {
    expect(await update(stackWith({}))).toBe('UPDATE_COMPLETE');
    expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
    expect(await destroy()).toBe('DELETE_COMPLETE');
    expect(jobs()).toEqual([]);
  });

  test('and the update fails: the job lives', async () => {
    expect(await update(stackWith({ fails: 'after all' }))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
    expect(effects(aws)).toEqual([]);
  });
});

describe('the first creation fails', () => {
  test('after job and companion: both are gone', async () => {
    expect(await create(stackWith({ fails: 'after all' }))).toBe('ROLLBACK_COMPLETE');
    expect(jobs()).toEqual([]);
  });

  test("between the two: CloudFormation's own deletion decides, and does not delete an active job", async () => {
    expect(await create(stackWith({ fails: 'between job and companion' }))).toBe('ROLLBACK_FAILED');
    expect(jobs()).toEqual(['ota-1 IN_PROGRESS']);
  });
});

test('a job whose id is a parameter: replaced, and deleted with the stack', async () => {
  const stack = synthesize((scope) => {
    const job = declare(scope, new CfnParameter(scope, 'Job').valueAsString);
    JobDeletion.forJob(scope, 'Companion', job, { force: true });
  });
  expect(await create({ ...stack, parameters: { Job: 'a' } })).toBe('CREATE_COMPLETE');
  expect(await update({ ...stack, parameters: { Job: 'b' } })).toBe('UPDATE_COMPLETE');
  expect(jobs()).toEqual(['b IN_PROGRESS']);
  expect(await destroy()).toBe('DELETE_COMPLETE');
  expect(jobs()).toEqual([]);
});
