import { randomInt } from 'node:crypto';
import type { LocalAws } from '../../../local/aws';
import { Faults } from '../../../local/faults/faults';
import { deleting, startAws } from '../world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws({ deletionTime: () => 1_000 });
});
afterEach(() => aws.close());

test('30 % of all calls fail at random, 50 jobs on 10 slots: every job is gone when the stack says so', async () => {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  const jobs = Array.from({ length: 50 }, (_, index) => ({ jobId: `fleet-${index}`, force: true }));
  jobs.forEach(({ jobId }) => aws.iot.createJob({ jobId, status: 'IN_PROGRESS' }));
  await aws.cloudFormation.createStack(deleting(...jobs));
  const faults = new Faults({ seed, rules: [{ chance: 0.3 }] });
  faults.attach(aws);

  const { status, reason } = await aws.cloudFormation.deleteStack({ stackName: 'S' });

  // The seed is part of what is compared, so that a failure prints it: run again with SEED=….
  expect({ seed, status, reason }).toEqual({ seed, status: 'DELETE_COMPLETE', reason: undefined });
  expect({ seed, jobs: aws.iot.jobs() }).toEqual({ seed, jobs: [] });
  expect(faults.injected.length).toBeGreaterThan(100);
  const refusals = aws.iot.histories.map(({ slotRefusals }) => slotRefusals);
  expect({ seed, most: Math.max(...refusals) <= 3 }).toEqual({ seed, most: true });
});
