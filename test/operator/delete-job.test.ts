import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDeleteJobOptions } from '../../operator/delete-job/options';
import type { LocalAws } from '../../local/aws';
import { close, run, startAws } from './operator-world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
});
afterEach(() => close(aws));

test('deletes a job, waits until it is gone, and says nothing on stdout', async () => {
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
  const { code, stderr, stdout } = await run(aws, 'delete-job', ['--job-id', 'ota-1']);
  expect(stderr).toMatch(/^Account 123456789012, region us-east-1, as .+\nota-1: DeleteJob sent\nota-1: deleted\n$/);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(aws.iot.job('ota-1')).toBeUndefined();
  // The id is free to be used again.
  aws.iot.createJob({ jobId: 'ota-1' });
});

test('an active job without force is refused, and the message names --force and what it does to devices', async () => {
  aws.iot.createJob({ jobId: 'ota-1' });
  const { code, stderr } = await run(aws, 'delete-job', ['--job-id', 'ota-1']);
  expect(code).toBe(1);
  expect(stderr).toContain('Job "ota-1" is IN_PROGRESS, and force is false.');
  expect(stderr).toContain('--force to delete it while it is active. A device that is executing the job');
  expect(aws.iot.job('ota-1')).toMatchObject({ status: 'IN_PROGRESS' });
});

test.each([['--force'], ['--cancel-first']])('an active job with %s is deleted', async (option) => {
  aws.iot.createJob({ jobId: 'ota-1' });
  expect(await run(aws, 'delete-job', ['--job-id', 'ota-1', option])).toMatchObject({ code: 0 });
  expect(aws.iot.job('ota-1')).toBeUndefined();
});

test('a missing job is a failure, because the region may be wrong; with --ignore-not-found it counts as deleted', async () => {
  const missing = await run(aws, 'delete-job', ['--job-id', 'ota-1']);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain(
    'There is no job "ota-1" in us-east-1 of account 123456789012. Is it the right region?',
  );
  expect(await run(aws, 'delete-job', ['--job-id', 'ota-1', '--ignore-not-found'])).toMatchObject({ code: 0 });
});

test('a job that is in deletion already is waited for', async () => {
  aws.iot.createJob({ jobId: 'ota-1', status: 'DELETION_IN_PROGRESS' });
  expect(await run(aws, 'delete-job', ['--job-id', 'ota-1'])).toMatchObject({ code: 0 });
  expect(aws.iot.job('ota-1')).toBeUndefined();
});

test('waits for a slot, and says who holds the ten', async () => {
  for (let index = 0; index < 10; index++) {
    aws.iot.createJob({ jobId: `stranger-${index}`, status: 'DELETION_IN_PROGRESS', deletionTime: 9_000 });
  }
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
  const { code, stderr } = await run(aws, 'delete-job', ['--job-id', 'ota-1']);
  expect(code).toBe(0);
  expect(stderr).toContain('Waiting for a deletion slot: 10 of 10 are taken, by other jobs: stranger-0, stranger-1');
});

test('what is not gone within the timeout is named, with what to do', async () => {
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED', deletionTime: 60_000 });
  const { code, stderr } = await run(aws, 'delete-job', ['--job-id', 'ota-1', '--timeout', '10']);
  expect(code).toBe(1);
  expect(stderr).toContain('Job "ota-1" is still DELETION_IN_PROGRESS after 10 seconds. AWS IoT finishes that.');
});

test('one document with --json, also for a wrong option', async () => {
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
  const { stdout } = await run(aws, 'delete-job', ['--job-id', 'ota-1', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    format: 1,
    command: 'delete-job',
    verdict: 'OK',
    account: '123456789012',
    region: 'us-east-1',
    jobs: [{ jobId: 'ota-1', result: 'deleted' }],
  });
  const wrong = await run(aws, 'delete-job', ['--json', '--nonsense']);
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.stdout)).toMatchObject({
    format: 1,
    verdict: 'ERROR',
    reason: expect.stringContaining('--nonsense') as string,
  });
});

test('nobody at the endpoint, an unknown profile, no region: one sentence', async () => {
  const elsewhere = { clock: aws.clock, endpoint: { url: 'http://127.0.0.1:9' } };
  const nobody = await run(elsewhere, 'delete-job', ['--job-id', 'x']);
  expect(nobody).toMatchObject({ code: 2, stderr: 'ERROR: No response from http://127.0.0.1:9: ECONNREFUSED.\n' });
  expect(await run(aws, 'delete-job', ['--job-id', 'x', '--profile', 'nope'])).toMatchObject({
    code: 2,
    stderr: `ERROR: There is no profile "nope" in the AWS CLI's config and credentials files.\n`,
  });
  expect(
    await run(aws, 'delete-job', ['--job-id', 'x'], { env: { ...process.env, AWS_REGION: undefined } }),
  ).toMatchObject({
    code: 2,
    stderr: 'ERROR: The region is missing. Give --region, or set AWS_REGION.\n',
  });
});

test('AWS_DEFAULT_REGION counts, which the SDK alone ignores', async () => {
  const env = { ...process.env, AWS_REGION: undefined, AWS_DEFAULT_REGION: 'us-east-1' };
  expect(await run(aws, 'delete-job', ['--job-id', 'x', '--ignore-not-found'], { env })).toMatchObject({ code: 0 });
});

test.each([
  [['--cli-input-json', '{"jobId":"a","force":true}'], { jobId: 'a', force: true }],
  [['--cli-input-json', '{"jobId":"a","force":true}', '--job-id', 'b', '--no-force'], { jobId: 'b', force: false }],
  [['--cli-input-yaml', 'jobId: a\nnamespaceId: n'], { jobId: 'a', namespaceId: 'n' }],
  [['--cli-input-json', '\uFEFF{"jobId":"a"}'], { jobId: 'a' }],
  [['--job-id', 'a', '--generate-cli-skeleton', 'output'], { print: '' }],
  [['--generate-cli-skeleton'], { print: expect.stringContaining('"namespaceId": ""') as string }],
  [['--generate-cli-skeleton', 'yaml-input'], { print: expect.stringContaining('[REQUIRED]') as string }],
])('%j', (args, options) => {
  expect(parseDeleteJobOptions(args)).toMatchObject(options);
});

test.each(['file://~/delete-job.json', 'file://$HOME/delete-job.json', 'file://${HOME}/delete-job.json'])(
  '%s is in the home folder, which no shell has expanded',
  (file) => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    writeFileSync(join(home, 'delete-job.json'), '\uFEFF{"jobId":"a"}');
    process.env.HOME = home;
    process.env.HOME = home;
    expect(parseDeleteJobOptions(['--cli-input-json', file])).toMatchObject({ jobId: 'a' });
    expect(() => parseDeleteJobOptions(['--cli-input-json', 'file://$NO_SUCH/x'])).toThrow("open '$NO_SUCH/x'");
    rmSync(home, { recursive: true });
  },
);

test.each([
  [['--timeout', '-1'], /^Option '--timeout' argument is ambiguous\. .+'--timeout=-XYZ'\.$/],
  [['--cli-input-yaml', 'jobId: x\njobId: y'], /^--cli-input-yaml cannot be read: .+ at line 2, column 1$/],
])('what is wrong with %j is said in one line', (args, message) => {
  expect(() => parseDeleteJobOptions(args)).toThrow(message);
});

test.each([
  [[], 'Missing option: --job-id ID.'],
  [['--job-id', 'a b'], '--job-id takes 1 to 64 characters'],
  [['--job-id', 'a', '--force', '--no-force'], '--force and --no-force exclude each other.'],
  [['--cli-input-json', '{"jobID":"a"}'], 'unknown key "jobID"; DeleteJob takes jobId, force, namespaceId.'],
  [['--cli-input-json', '{"jobId":1}'], '"jobId" must be a string, but is 1.'],
  [['--cli-input-json', '[]'], 'takes an object such as'],
  [['--cli-input-json', 'file:///no/such.json'], '--cli-input-json cannot be read: ENOENT'],
  [['--cli-input-json', '{}', '--cli-input-yaml', '{}'], 'exclude each other'],
  [['--generate-cli-skeleton', 'toml'], '--generate-cli-skeleton takes input, yaml-input, output, not "toml".'],
  [['--job-id', 'a', '--timeout', '0'], '--timeout takes a number from 1 to 86400'],
  [['--job-id', 'a', '--endpoint-url', 'x'], '--endpoint-url takes a URL'],
])('%j is refused', (args, message) => {
  expect(() => parseDeleteJobOptions(args)).toThrow(message);
});
