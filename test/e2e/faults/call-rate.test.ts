import type { LocalAws } from '../../../local/aws';
import { deleting, effects, startAws } from '../world';

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
afterEach(() => aws.close());

test("15 jobs are more than the service's call rate admits: it throttles by itself, and every job is gone", async () => {
  const jobs = Array.from({ length: 15 }, (_, index) => ({ jobId: `fleet-${index}`, force: true, cancelFirst: true }));
  jobs.forEach(({ jobId }) => aws.iot.createJob({ jobId, status: 'IN_PROGRESS' }));
  await aws.cloudFormation.createStack(deleting(...jobs));

  const { status, reason } = await aws.cloudFormation.deleteStack({ stackName: 'S' });

  expect({ status, reason }).toEqual({ status: 'DELETE_COMPLETE', reason: undefined });
  expect(aws.iot.jobs()).toEqual([]);
  expect(aws.iot.calls.filter(({ outcome }) => outcome === 'ThrottlingException')).not.toEqual([]);
  expect(effects(aws).filter((effect) => /^DeleteJob .*: ok$/.test(effect))).toHaveLength(15);
});
