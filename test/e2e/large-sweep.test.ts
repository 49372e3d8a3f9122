import { readdirSync, readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { JobSelection, JobSweep } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { failures, functionName, startAws, synthesize } from './world';

const JOBS = 10_000;

let aws: LocalAws;
beforeEach(async () => (aws = await startAws({ deletionTime: () => 10, callRate: Infinity, virtualTime: false })));
afterEach(() => aws.close());

/** The most memory that the processes of a function have had, in megabytes, as Linux counts it. */
function peakMegabytes(name: string): number {
  const peaks = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        const isOfFunction = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(
          `AWS_LAMBDA_FUNCTION_NAME=${name}\0`,
        );
        const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        return isOfFunction ? Number(kilobytes) / 1000 : 0;
      } catch {
        // It has ended meanwhile.
        return 0;
      }
    });
  return Math.max(...peaks);
}

test('10,000 jobs: in little memory, and at the deadline it says exactly what is left, where the next attempt goes on', async () => {
  for (let i = 0; i < JOBS; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED' });
  const jobs = JobSelection.matching({ jobIdPrefix: 'ota-' });
  await aws.cloudFormation.createStack(
    synthesize((stack) => void new JobSweep(stack, 'Sweep', { jobs, maxJobs: JOBS, timeout: Duration.seconds(8) })),
  );
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
  expect(peakMegabytes(functionName(aws))).toBeLessThan(128);
});
