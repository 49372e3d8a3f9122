import { parseSweepOptions } from '../../operator/sweep/options';
import type { LocalAws } from '../../local/aws';
import { close, jobs, run, startAws } from './operator-world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws(jobs(25));
  aws.iot.createJob({ jobId: 'fw-1', status: 'COMPLETED' });
});
afterEach(() => close(aws));

const left = (): readonly string[] => aws.iot.jobs().map(({ jobId }) => jobId);

test('25 jobs of 4 s in at most 1.15 times the bound of 12 s; others are kept', async () => {
  const { code, stdout, stderr, took } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes']);
  expect(stderr).toContain('25 jobs deleted.');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(25);
  expect(left()).toEqual(['fw-1']);
  expect(took).toBeLessThanOrEqual(1.15 * 12_000);
  // The free slots don't wait until more jobs have been described than they take.
  const operations = aws.iot.calls.map(({ operation }) => operation);
  const before = operations.slice(0, operations.indexOf('DeleteJob'));
  expect(before.filter((operation) => operation === 'DescribeJob')).toHaveLength(10);
});

test('without a terminal and without --yes it lists, deletes nothing, and exits 2', async () => {
  const { code, stdout, stderr } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-']);
  expect(code).toBe(2);
  expect(stdout.trim().split('\n')).toHaveLength(25);
  expect(stderr).toContain('give --yes. Nothing was deleted.');
  expect(left()).toHaveLength(26);
});

test('asks once, with account, region, count and force', async () => {
  const no = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--force'], { typed: 'n\n' });
  expect(no.code).toBe(2);
  expect(no.stderr).toContain('Delete 25 jobs in us-east-1 of account 123456789012, with force? (y/N)');
  expect(no.stderr).toContain('A device that is executing the job');
  const end = await run(aws, 'sweep', ['--job-id-prefix', 'ota-'], { typed: '' });
  expect([end.code, end.stderr]).toEqual([2, expect.stringMatching(/\(y\/N\) \nERROR: Nothing was deleted\.\n$/)]);
  expect(left()).toHaveLength(26);
  const yes = await run(aws, 'sweep', ['--job-id', 'ota-1', '--job-id', 'nope'], { typed: 'y\n' });
  expect(yes.code).toBe(0);
  expect(yes.stderr).toContain('nope: there is no such job');
  expect(left()).toHaveLength(25);
});

test('--dry-run lists, and deletes nothing', async () => {
  const { code, stdout } = await run(aws, 'sweep', ['--status', 'COMPLETED', '--dry-run', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    format: 1,
    command: 'sweep',
    verdict: 'OK',
    reason: '26 jobs would be deleted.',
  });
  expect(left()).toHaveLength(26);
});

test('what is refused is named, and the others are deleted', async () => {
  aws.iot.createJob({ jobId: 'ota-active' });
  const { code, stdout } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes', '--json']);
  expect(code).toBe(1);
  const { jobs: told, reason } = JSON.parse(stdout) as { jobs: { jobId: string; result: string }[]; reason: string };
  expect(reason).toContain('25 of 26 jobs deleted. Job "ota-active" is IN_PROGRESS, and force is false.');
  expect(told.filter(({ result }) => result !== 'deleted')).toMatchObject([{ jobId: 'ota-active', result: 'left' }]);
  expect([...left()].sort()).toEqual(['fw-1', 'ota-active']);
});

test('more jobs than --max-jobs: nothing is deleted', async () => {
  expect(await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes', '--max-jobs', '24'])).toMatchObject({ code: 1 });
  expect(left()).toHaveLength(26);
});

test('no match is no failure', async () => {
  expect(await run(aws, 'sweep', ['--job-id-prefix', 'nope-', '--yes'])).toMatchObject({ code: 0, stdout: '' });
});

test.each([
  [[], 'Missing filter'],
  [['--yes'], 'Missing filter'],
  [['--thing-group-name', ''], '--thing-group-name takes a name.'],
  [['--status', 'DONE'], '--status takes IN_PROGRESS, SCHEDULED, CANCELED, COMPLETED, not "DONE".'],
  [['--target-selection', 'x'], '--target-selection takes SNAPSHOT, CONTINUOUS'],
  [['--tag', 'x'], '--tag takes KEY=VALUE'],
  [['--tag', 'x=1', '--tag', 'x=2'], '--tag x has two values'],
  [['--job-id', 'x', '--status', 'COMPLETED'], '--job-id names the jobs: leave the other filters out.'],
  [['--job-id', 'x', '--yes', '--dry-run'], 'give one of them'],
  [['--job-id-prefix', 'a*'], '--job-id-prefix takes 1 to 64 characters'],
])('%j is refused', (args, message) => {
  expect(() => parseSweepOptions(args)).toThrow(message);
});
