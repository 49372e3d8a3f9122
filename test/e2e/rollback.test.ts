import { CfnParameter } from 'aws-cdk-lib';
import { JobDeletion, type JobDeletionProps } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { deleting, effects, failAfter, startAws, synthesize, takeAllSlots, TAKEN } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  aws.iot.createThing(TAKEN);
  ['a', 'b'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
});
afterEach(() => aws.close());

const lives = (jobId: string): boolean => aws.iot.job(jobId) !== undefined;

/** Fails when the deletion's resource is created or updated. */
function failing(props: Partial<JobDeletionProps> & { jobId: string }): SynthesizedStack {
  return synthesize((stack) => failAfter(stack, new JobDeletion(stack, 'Teardown', props)));
}

describe('a create that fails after the JobDeletion was created', () => {
  test('loses no job', async () => {
    const { status } = await aws.cloudFormation.createStack(failing({ jobId: 'a', force: true }));
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect(lives('a')).toBe(true);

    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect(lives('a')).toBe(true);
  });

  test('with deleteOnRollback, deletes it', async () => {
    const { status } = await aws.cloudFormation.createStack(failing({ jobId: 'a', deleteOnRollback: true }));
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(lives('a')).toBe(false);
  });
});

describe('an update that fails', () => {
  test('after its job id changed (a literal): both jobs live', async () => {
    await aws.cloudFormation.createStack(deleting({ jobId: 'a' }));
    const { status } = await aws.cloudFormation.updateStack(failing({ jobId: 'b' }));
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect([lives('a'), lives('b')]).toEqual([false, true]);
  });

  test('after its job id changed (a token): both jobs live', async () => {
    const stack = (fails: boolean): SynthesizedStack =>
      synthesize((stack) => {
        const jobId = new CfnParameter(stack, 'Job').valueAsString;
        const deletion = new JobDeletion(stack, 'Teardown', { jobId });
        if (fails) failAfter(stack, deletion);
      });
    await aws.cloudFormation.createStack({ ...stack(false), parameters: { Job: 'a' } });
    const { status } = await aws.cloudFormation.updateStack({ ...stack(true), parameters: { Job: 'b' } });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect([lives('a'), lives('b')]).toEqual([false, true]);
  });

  test('after a JobDeletion was added: its job lives, unless deleteOnRollback', async () => {
    await aws.cloudFormation.createStack(deleting({ jobId: 'a' }));
    const adding = (deleteOnRollback: boolean): SynthesizedStack =>
      synthesize((stack) => {
        new JobDeletion(stack, 'A', { jobId: 'a' });
        failAfter(stack, new JobDeletion(stack, 'B', { jobId: 'b', deleteOnRollback }));
      });
    expect((await aws.cloudFormation.updateStack(adding(false))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([lives('a'), lives('b')]).toEqual([true, true]);
    expect((await aws.cloudFormation.updateStack(adding(true))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([lives('a'), lives('b')]).toEqual([true, false]);
  });

  test('after a JobDeletion was taken out: its job lives', async () => {
    await aws.cloudFormation.createStack(deleting({ jobId: 'a' }, { jobId: 'b' }));
    const { status } = await aws.cloudFormation.updateStack(failing({ jobId: 'b' }));
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(effects(aws)).toEqual([]);
  });
});

test('an update whose rollback fails, and goes on without the deletion: the job that the stack has again goes with it', async () => {
  const stack = (fails: boolean): SynthesizedStack =>
    synthesize((stack) => {
      const deletion = new JobDeletion(stack, 'Teardown', { jobId: new CfnParameter(stack, 'Job').valueAsString });
      if (fails) failAfter(stack, deletion);
    });
  await aws.cloudFormation.createStack({ ...stack(false), parameters: { Job: 'a' } });
  let updates = 0;
  // CloudFormation gets no answer to the Update that goes back.
  aws.lambda.intercept = (_functionName, payload, next) =>
    payload.includes('"RequestType":"Update"') && !payload.includes('"Step"') && ++updates > 1
      ? Promise.resolve({ payload: 'null' })
      : next();
  const { status } = await aws.cloudFormation.updateStack({ ...stack(true), parameters: { Job: 'b' } });
  expect(status).toBe('UPDATE_ROLLBACK_FAILED');
  aws.lambda.intercept = undefined;
  const { resources } = aws.cloudFormation.stack('S');
  const { logicalId } = resources.find(({ type }) => type === 'Custom::IoTJobDeletion')!;
  await aws.cloudFormation.continueUpdateRollback({ stackName: 'S', resourcesToSkip: [logicalId] });
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  expect([lives('a'), lives('b')]).toEqual([false, true]);
});

describe('a revision', () => {
  const revised = (revision: string, fails: boolean): SynthesizedStack =>
    synthesize((stack) => {
      const deletion = new JobDeletion(stack, 'Teardown', { jobId: 'a', revision });
      if (fails) failAfter(stack, deletion);
    });

  test("that was carried out is not undone, but the rollback's reverse update deletes nothing", async () => {
    await aws.cloudFormation.createStack(revised('1', false));
    // Somebody uses the id again as soon as it is free.
    const creating = aws.iot;
    creating.intercept = async (operation, _jobId, next) => {
      const answer = await next();
      if (operation === 'DescribeJob' && answer.status === 404 && !creating.job('a')) {
        creating.createJob({ jobId: 'a', status: 'COMPLETED' });
      }
      return answer;
    };
    const { status } = await aws.cloudFormation.updateStack(revised('2', true));
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(effects(aws)).toEqual(['DeleteJob a: ok']);
    expect(lives('a')).toBe(true);
  });

  test('that still waits for a slot when its stack rolls back never deletes', async () => {
    await aws.cloudFormation.createStack(deleting({ jobId: 'a', revision: '1' }));
    takeAllSlots(aws, 3_600_000);
    // The other resource fails once the deletion has seen that no slot is free.
    const waits = new Promise<void>((resolve) => {
      aws.iot.intercept = async (operation, _jobId, next) => {
        const answer = await next();
        if (operation === 'ListJobs') resolve();
        return answer;
      };
    });
    aws.lambda.intercept = async (_functionName, payload, next) => {
      if (payload.includes('"LogicalResourceId":"Fails')) await waits;
      return next();
    };
    const stack = synthesize((stack) => {
      new JobDeletion(stack, 'Teardown', { jobId: 'a', revision: '2' });
      new JobDeletion(stack, 'Fails', { jobId: new CfnParameter(stack, 'Job').valueAsString });
    });
    const { status } = await aws.cloudFormation.updateStack({ ...stack, parameters: { Job: 'not a job id' } });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');

    // Nobody told the waiter, and now it could have a slot.
    await aws.clock.sleep(3_600_000);
    await Promise.all(aws.states.executions.map((execution) => execution.finished));
    expect(effects(aws)).toEqual(['DeleteJob a: LimitExceededException']);
    expect(lives('a')).toBe(true);
  });
});
