import { Duration } from 'aws-cdk-lib';
import { peakMegabytes } from '../../bench/large-accounts/memory';
import { JobSelection, JobSweep } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { failures, functionName, startAws, synthesize } from './world';

const JOBS = 10_000;

let aws: LocalAws;
afterEach(() => aws.close());

/** A stack that sweeps 10,000 jobs, in too short a time. */
async function sweeping(options: Parameters<typeof startAws>[0]): Promise<void> {
  aws = await startAws({ deletionTime: () => 10, callRate: Infinity, ...options });
  for (let i = 0; i < JOBS; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED' });
  const jobs = JobSelection.matching({ jobIdPrefix: 'ota-' });
  await aws.cloudFormation.createStack(
    synthesize((stack) => void new JobSweep(stack, 'Sweep', { jobs, maxJobs: JOBS, timeout: Duration.seconds(8) })),
  );
}

test('10,000 jobs: at the deadline it says exactly what is left, where the next attempt goes on', async () => {
  await sweeping({});
  let before = JOBS;
  for (const attempt of ['first', 'second']) {
    const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
    const left = aws.iot.jobs().length;
    expect({ attempt, status }).toEqual({ attempt, status: 'DELETE_FAILED' });
    const [, told, of] = /(\d+) of (\d+) jobs were not deleted/.exec(failures(events)[0]!)!;
    // What was in deletion when it was told may be gone by now.
    const goneSince = Number(told) - left;
    expect({ attempt, of, exact: goneSince >= 0 && goneSince <= 10 }).toEqual({
      attempt,
      of: `${before}`,
      exact: true,
    });
    expect(left).toBeLessThan(before - 10);
    before = left;
  }
});

test('10,000 jobs: in little memory', async () => {
  await sweeping({ virtualTime: false });
  const { status } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  expect(status).toBe('DELETE_FAILED');
  expect(aws.iot.jobs().length).toBeLessThan(JOBS);
  expect(peakMegabytes(functionName(aws))).toBeLessThan(128);
});
