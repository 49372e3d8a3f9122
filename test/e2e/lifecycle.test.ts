import { CfnParameter, RemovalPolicy } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { deleting, effects, startAws, synthesize, takeAllSlots } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  ['a', 'b'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'IN_PROGRESS' }));
});
afterEach(() => aws.close());

const lives = (jobId: string): boolean => aws.iot.job(jobId) !== undefined;
const deploy = (stack: ReturnType<typeof deleting>, parameters?: Record<string, string>): Promise<{ status: string }> =>
  aws.cloudFormation.createStack({ ...stack, parameters });
const update = (stack: ReturnType<typeof deleting>, parameters?: Record<string, string>): Promise<{ status: string }> =>
  aws.cloudFormation.updateStack({ ...stack, parameters });
const destroy = (): Promise<{ status: string }> => aws.cloudFormation.deleteStack({ stackName: 'S' });

test('create deletes nothing; its Ref is the job id; deletion deletes the job and waits until it is gone', async () => {
  expect(await deploy(deleting({ jobId: 'a', force: true }))).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(aws.cloudFormation.stack('S').resources).toContainEqual(
    expect.objectContaining({ type: 'Custom::IoTJobDeletion', physicalId: 'a' }),
  );
  expect(effects(aws)).toEqual([]);

  expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  expect(lives('a')).toBe(false);
  expect(lives('b')).toBe(true);
});

test('an update of settings deletes nothing, and the new settings count', async () => {
  await deploy(deleting({ jobId: 'a' }));
  expect(await update(deleting({ jobId: 'a', force: true }))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(effects(aws)).toEqual([]);
  expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(lives('a')).toBe(false);
});

describe('another job id: with the updated policies in force, the old job is deleted in clean-up, the new one lives', () => {
  test('a literal', async () => {
    await deploy(deleting({ jobId: 'a', force: true }));
    expect(await update(deleting({ jobId: 'b', force: true }))).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(lives('a')).toBe(false);
    expect(lives('b')).toBe(true);
  });

  test('a token', async () => {
    const stack = synthesize((stack) => {
      const jobId = new CfnParameter(stack, 'Job').valueAsString;
      new JobDeletion(stack, 'Teardown', { jobId, force: true });
    });
    await deploy(stack, { Job: 'a' });
    expect(await update(stack, { Job: 'b' })).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(lives('a')).toBe(false);
    expect(lives('b')).toBe(true);
  });
});

test('taken out of the app: the job is deleted in clean-up', async () => {
  await deploy(deleting({ jobId: 'a', force: true }, { jobId: 'b', force: true }));
  expect(await update(deleting({ jobId: 'b', force: true }))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(lives('a')).toBe(false);
  expect(lives('b')).toBe(true);
});

test('taken out of the app as the last one, with its provider: the job is deleted before the policies go', async () => {
  const withGroup = (teardown: boolean): ReturnType<typeof deleting> => {
    const whole = synthesize((stack) => {
      new CfnThingGroup(stack, 'Stays', { thingGroupName: 'stays' });
      if (teardown) new JobDeletion(stack, 'Teardown', { jobId: 'a', force: true });
    });
    if (!teardown) {
      const resources = whole.template.Resources as Record<string, { Type: string }>;
      whole.template.Resources = { Stays: resources.Stays };
    }
    return whole;
  };
  await deploy(withGroup(true));
  expect(await update(withGroup(false))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(lives('a')).toBe(false);
});

describe('revision', () => {
  test('a change deletes the job during the update, in place; the resource stays', async () => {
    await deploy(deleting({ jobId: 'a', force: true, revision: '1' }));
    expect(await update(deleting({ jobId: 'a', force: true, revision: '2' }))).toMatchObject({
      status: 'UPDATE_COMPLETE',
    });
    expect(lives('a')).toBe(false);
    expect(aws.cloudFormation.stack('S').resources).toContainEqual(
      expect.objectContaining({ type: 'Custom::IoTJobDeletion', physicalId: 'a' }),
    );

    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(lives('a')).toBe(false);
  });

  test('taken away: nothing', async () => {
    await deploy(deleting({ jobId: 'a', force: true, revision: '1' }));
    await update(deleting({ jobId: 'a', force: true }));
    expect(effects(aws)).toEqual([]);
  });

  test('a change of job id in the same update wins', async () => {
    const stack = (revision: string): ReturnType<typeof deleting> =>
      synthesize((stack) => {
        const jobId = new CfnParameter(stack, 'Job').valueAsString;
        new JobDeletion(stack, 'Teardown', { jobId, force: true, revision });
      });
    await deploy(stack('1'), { Job: 'a' });
    await update(stack('2'), { Job: 'b' });
    expect(effects(aws)).toEqual(['DeleteJob a: ok']);
    expect(lives('b')).toBe(true);
  });
});

test('RETAIN keeps the job on stack deletion and on removal', async () => {
  const removalPolicy = RemovalPolicy.RETAIN;
  await deploy(deleting({ jobId: 'a', force: true, removalPolicy }, { jobId: 'b', force: true, removalPolicy }));
  await update(deleting({ jobId: 'b', force: true, removalPolicy }));
  expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(effects(aws)).toEqual([]);
});

test('deleteBefore: the thing group goes only when the job is gone', async () => {
  await deploy(
    synthesize((stack) => {
      const group = new CfnThingGroup(stack, 'Group', { thingGroupName: 'g' });
      new JobDeletion(stack, 'Teardown', { jobId: 'a', force: true, deleteBefore: [group] });
    }),
  );
  const { events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  const order = events
    .filter(({ status }) => status.startsWith('DELETE_'))
    .filter(({ type }) => type === 'Custom::IoTJobDeletion' || type === 'AWS::IoT::ThingGroup')
    .map(({ type, status }) => `${type} ${status}`);
  expect(order).toEqual([
    'Custom::IoTJobDeletion DELETE_IN_PROGRESS',
    'Custom::IoTJobDeletion DELETE_COMPLETE',
    'AWS::IoT::ThingGroup DELETE_IN_PROGRESS',
    'AWS::IoT::ThingGroup DELETE_COMPLETE',
  ]);
});

test('15 jobs on 10 slots, all taken at first: each waits, and all are gone when the stack says so', async () => {
  const jobs = Array.from({ length: 15 }, (_, i) => ({ jobId: `fleet-${i}`, force: true }));
  jobs.forEach(({ jobId }) => aws.iot.createJob({ jobId, status: 'IN_PROGRESS', deletionTime: 1_500 }));
  await deploy(deleting(...jobs));
  takeAllSlots(aws, 15_000);
  // Each tries once, then looks for a slot: in vain, until the strangers are gone.
  let inVain = 0;
  let before: string[] | undefined;
  aws.iot.intercept = async (operation, _jobId, next) => {
    const answer = await next();
    if (operation === 'ListJobs' && ++inVain === jobs.length) {
      before = effects(aws);
    }
    return answer;
  };
  expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  const refused = before!.filter((effect) => effect.endsWith(': LimitExceededException'));
  expect(new Set(refused).size).toBe(refused.length);
  expect(before!.filter((effect) => effect.endsWith(': ok'))).toEqual([]);
  expect(aws.iot.jobs().map(({ jobId }) => jobId)).toEqual(['a', 'b']);
  expect(effects(aws).filter((effect) => effect.endsWith(': ok'))).toHaveLength(jobs.length);
});
