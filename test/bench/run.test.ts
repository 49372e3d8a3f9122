import { removeAssemblies } from '../../bench/contender';
import { awsCustomResources } from '../../bench/contenders/aws-custom-resources';
import { jobDeletions } from '../../bench/contenders/job-deletions';
import { plainProvider } from '../../bench/contenders/plain-provider';
import { run } from '../../bench/run';

afterAll(removeAssemblies);

test('JobDeletion answers when its jobs are gone', async () => {
  const { calls, bill, ...result } = await run(jobDeletions, { jobs: 2, deletionSeconds: 0.3 });
  expect(result).toMatchObject({ status: 'DELETE_COMPLETE', resources: 9, living: 0, inDeletion: 0, refused: 0 });
  expect(result.goneToAnsweredSeconds).toBeGreaterThanOrEqual(0);
  expect(result.ratio).toBe(result.wallSeconds / 0.3);
  expect(calls.DeleteJob).toBe(2);
  expect(bill.invocations).toBeGreaterThan(2);
  expect(bill.stateTransitions).toBeGreaterThan(bill.invocations);
  expect(bill.dollars).toBeGreaterThan(0);
});

test('AwsCustomResource answers before', async () => {
  const result = await run(awsCustomResources, { jobs: 2, deletionSeconds: 60 });
  expect(result).toMatchObject({ status: 'DELETE_COMPLETE', resources: 7, living: 0, inDeletion: 2 });
  expect(result.calls).toEqual({ DeleteJob: 2 });
  expect(result.goneToAnsweredSeconds).toBeUndefined();
});

test('AwsCustomResource fails from the eleventh job on', async () => {
  const result = await run(awsCustomResources, { jobs: 11, deletionSeconds: 60 });
  expect(result).toMatchObject({ status: 'DELETE_FAILED', living: 1, inDeletion: 10 });
  expect(result.reason).toContain('Only 10 jobs may have status DELETION_IN_PROGRESS');
  expect(result.refused).toBeGreaterThan(0);
});

test('a plain Provider answers when its jobs are gone', async () => {
  const result = await run(plainProvider, { jobs: 1, deletionSeconds: 0.3 });
  expect(result).toMatchObject({ status: 'DELETE_COMPLETE', living: 0, inDeletion: 0, calls: { DeleteJob: 1 } });
});
