import { removeAssemblies } from '../../bench/contender';
import { awsCustomResources } from '../../bench/contenders/aws-custom-resources';
import { jobDeletions } from '../../bench/contenders/job-deletions';
import { plainProvider } from '../../bench/contenders/plain-provider';
import { fastestScript, patientScript, sweepCommand } from '../../bench/contenders/commands';
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
  // Eleven calls at once are at the edge of the call rate: what is refused here is refused for want of a slot.
  const result = await run(awsCustomResources, { jobs: 11, deletionSeconds: 60 }, undefined, { callRate: Infinity });
  expect(result).toMatchObject({ status: 'DELETE_FAILED', living: 1, inDeletion: 10 });
  expect(result.reason).toContain('Only 10 jobs may have status DELETION_IN_PROGRESS');
  expect(result.refused).toBeGreaterThan(0);
});

test('a plain Provider answers when its jobs are gone', async () => {
  const result = await run(plainProvider, { jobs: 1, deletionSeconds: 0.3 });
  expect(result).toMatchObject({ status: 'DELETE_COMPLETE', living: 0, inDeletion: 0, calls: { DeleteJob: 1 } });
});

test("sweep: 25 jobs of 4 s in at most 1.15 times the bound, whatever the person's own AWS variables are", async () => {
  const own = { AWS_PROFILE: 'nobody', AWS_SESSION_TOKEN: 'x', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  Object.assign(process.env, own);
  const { ratio, ...result } = await run(sweepCommand, sweepCommand.onlyLoad!);
  expect(process.env).toMatchObject(own);
  Object.keys(own).forEach((name) => delete process.env[name]);
  expect(result).toMatchObject({ status: 'exit status 0', living: 0, inDeletion: 0 });
  expect(ratio).toBeGreaterThanOrEqual(1);
  expect(ratio).toBeLessThanOrEqual(1.15);
});

test('the fastest script ends while jobs are in deletion; the one that waits for each takes 10 s for each', async () => {
  const fastest = await run(fastestScript, { jobs: 15, deletionSeconds: 4 });
  expect(fastest).toMatchObject({ status: 'exit status 0', living: 0, inDeletion: 5 });
  const patient = await run(patientScript, { jobs: 3, deletionSeconds: 4 });
  expect(patient).toMatchObject({ status: 'exit status 0', living: 0, inDeletion: 0 });
  expect(patient.wallSeconds).toBeCloseTo(30);
});
