import { JobDeletion } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { deleting, effects, failAfter, functionName, startAws, synthesize, TAKEN } from './world';

// A stack that was never completed owns no jobs: however it goes, they are kept, unless deleteOnRollback is set.

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  aws.iot.createThing(TAKEN);
});
afterEach(() => aws.close());

const lives = (jobId: string): boolean => aws.iot.job(jobId) !== undefined;

test.each([
  [false, true],
  [true, false],
])(
  'a create that fails with OnFailure=DELETE, deleteOnRollback %s: the job is kept (%s)',
  async (deleteOnRollback, kept) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    const stack = synthesize((scope) =>
      failAfter(scope, new JobDeletion(scope, 'Teardown', { jobId: 'a', deleteOnRollback })),
    );
    const { status } = await aws.cloudFormation.createStack({ ...stack, onFailure: 'DELETE' });
    expect(status).toBe('DELETE_COMPLETE');
    expect(lives('a')).toBe(kept);
  },
);

test('a stack that is deleted after ROLLBACK_FAILED: what the rollback did not come to is kept', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  aws.iot.createJob({ jobId: 'b', status: 'IN_PROGRESS', deletionTime: 0, executions: { inProgress: 1 } });
  const stack = synthesize((scope) => {
    const a = new JobDeletion(scope, 'A', { jobId: 'a' });
    // Goes first in the rollback, and fails there: active, without force.
    const b = new JobDeletion(scope, 'B', { jobId: 'b', deleteOnRollback: true, deleteBefore: [a] });
    failAfter(scope, b);
  });
  expect((await aws.cloudFormation.createStack(stack)).status).toBe('ROLLBACK_FAILED');
  expect([lives('a'), lives('b')]).toEqual([true, true]);

  aws.iot.finishExecutions('b');
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  expect([lives('a'), lives('b')]).toEqual([true, false]);
});

test('a stack that was deployed and is deleted: the job goes', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a' }));
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  expect(lives('a')).toBe(false);
});

test('a Delete event that is delivered again after the id was used again: the new job is kept', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a' }, { jobId: 'b' }));
  const handler = functionName(aws);
  let event = '';
  aws.lambda.intercept = (_name, payload, next) => {
    event = 'RequestType' in (JSON.parse(payload) as object) ? payload : event;
    return next();
  };
  await aws.cloudFormation.updateStack(deleting({ jobId: 'b' }));
  expect(lives('a')).toBe(false);

  await aws.clock.sleep(2_000);
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  await aws.lambda.invoke(handler, event);
  await Promise.all(aws.states.executions.map(({ finished }) => finished));
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  expect(lives('a')).toBe(true);
});
