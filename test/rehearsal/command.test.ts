import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { anotherAccount } from '../../examples/another-account';
import { JobDeletion, JobDeletionProvider, JobSelection, JobStatus, JobSweep } from '../../lib';
import type { JobRow, Result } from '../../rehearsal/result';
import { GREENHOUSE, GREENHOUSE_OPERATIONS, type Outcome, runCommand } from './command';

jest.setTimeout(120_000);

let folder: string;
let assembly: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
  assembly = join(folder, 'cdk.out');
  const env = { ...process.env, CDK_OUTDIR: assembly };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/greenhouse.ts'], { cwd: GREENHOUSE, env });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in the fixture's folder unless asked otherwise. */
const run = (args: string[], cwd = GREENHOUSE): Promise<Outcome> => runCommand(args, { cwd, home: folder });

/** Without those beside them, which must be kept. */
const own = ({ jobs, deletions }: Result): JobRow[] => {
  const made = deletions.flatMap((deletion) => deletion.jobs);
  return jobs.filter(({ jobId, place }) => made.includes(place === undefined ? jobId : `${jobId} in ${place}`));
};

const given = ['--parameter', 'Channel=beta', '--deletion-time', '0.5'];

test("somebody's app, from its cdk.json: every stack comes and goes, and its jobs are gone", async () => {
  const report = join(folder, 'teardown.html');
  const { code, stdout, stderr } = await run(['rehearse', ...given, '--json', '--report', report]);
  const result = JSON.parse(stdout) as Result;
  const { operations, verdict, reason } = result;
  expect(operations.map(({ name, status }) => `${name}: ${status}`)).toEqual(GREENHOUSE_OPERATIONS);
  // The second id is a token: a template parameter.
  expect(own(result).map(({ jobId, ended, deleteJobCalls }) => [jobId, ended, deleteJobCalls])).toEqual([
    ['greenhouse-rollout', 'deleted: destroy GreenhouseFirmware', 1],
    ['greenhouse-beta', 'deleted: destroy GreenhouseFirmware', 1],
  ]);
  expect([verdict, reason]).toEqual(['PASS', '2 jobs deleted and 2 kept, as expected.']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/greenhouse-rollout: IN_PROGRESS\ngreenhouse-beta: COMPLETED\n/);
  expect(stderr).toMatch(/Note: GreenhouseFirmware\/Beta: a job that is still active .* In the app: force: true/);
  expect(stderr).toMatch(
    /Stubbed: .*AWS::EC2::VPC, .*AWS::IoT::TopicRule, .*AWS::RDS::DBInstance, .*AWS::S3::Bucket, .*Custom::S3AutoDeleteObjects/,
  );
  expect(readFileSync(report, 'utf8')).toContain('greenhouse-beta: waiting from');
});

test('a job that cannot be deleted as the app says: FAIL, why, and the way out', async () => {
  const jobs = ['--job', 'greenhouse-beta=IN_PROGRESS'];
  const { code, stdout } = await run(['rehearse', '--app', 'cdk.out', ...given, ...jobs], folder);
  expect(stdout).toContain('PASS: greenhouse-rollout was deleted\n');
  expect(stdout).toContain('FAIL: greenhouse-beta was not deleted\n');
  expect(stdout).toMatch(
    /\nFAIL: destroy GreenhouseFirmware: DELETE_FAILED: Job "greenhouse-beta" is IN_PROGRESS, and force is false.*force: true.*cancelFirst: true.*; greenhouse-beta was not deleted\.\n$/,
  );
  expect(code).toBe(1);
});

test('stages, accounts, nested stacks, and a job that is retained', async () => {
  const outdir = join(folder, 'stages');
  const app = new App({ outdir });
  for (const region of ['eu-west-1', 'us-west-2']) {
    const stage = new Stage(app, region, { env: { account: '111122223333', region } });
    const stack = new Stack(stage, 'Devices');
    new JobDeletion(stack, 'Kept', { jobId: 'kept', removalPolicy: RemovalPolicy.RETAIN });
    new JobDeletion(new NestedStack(stack, 'Nested'), 'Gone', { jobId: 'gone', cancelFirst: true });
  }
  app.synth();
  const { code, stdout } = await run(['rehearse', '--app', outdir, '--deletion-time', '0.2', '--json'], folder);
  const result = JSON.parse(stdout) as Result;
  const { operations, deletions, reason } = result;
  expect(operations.map(({ name }) => name)).toEqual([
    'deploy eu-west-1-Devices',
    'destroy eu-west-1-Devices',
    'deploy us-west-2-Devices',
    'destroy us-west-2-Devices',
  ]);
  expect(own(result).map(({ jobId, account, region, ended }) => [jobId, account, region, ended])).toEqual([
    ['kept', '111122223333', 'eu-west-1', 'kept'],
    ['gone', '111122223333', 'eu-west-1', 'deleted: destroy eu-west-1-Devices'],
    ['kept', '111122223333', 'us-west-2', 'kept'],
    ['gone', '111122223333', 'us-west-2', 'deleted: destroy us-west-2-Devices'],
  ]);
  expect(deletions.map(({ region, path, result: shown, reason }) => [region, path, shown, reason])).toEqual([
    ['eu-west-1', 'eu-west-1/Devices/Kept', 'PASS', '1 job kept, as retained'],
    ['eu-west-1', 'eu-west-1/Devices/Nested/Gone', 'PASS', '1 job deleted'],
    ['us-west-2', 'us-west-2/Devices/Kept', 'PASS', '1 job kept, as retained'],
    ['us-west-2', 'us-west-2/Devices/Nested/Gone', 'PASS', '1 job deleted'],
  ]);
  expect(reason).toBe('2 jobs deleted and 6 kept, as expected.');
  expect(code).toBe(0);
});

test('a stack is chosen together with what it depends on', async () => {
  const { code, stdout } = await run(['rehearse', '--app', assembly, 'Greenhouse*work'], folder);
  expect(stdout).not.toContain('GreenhouseFirmware');
  expect(stdout).toMatch(
    /\nNOT_TESTED: No deployed stack has a JobDeletion or a JobSweep: there was nothing to test\.\n$/,
  );
  expect(code).toBe(2);
});

test.each([
  [[], 'Missing command: rehearse.'],
  [['rehearse', '--job', 'a'], '--job takes [STACK:]ID=STATUS, not "a".'],
  [['destroy'], 'There is no "destroy", only rehearse.'],
  [['rehearse', '--job', 'a=GONE'], '--job a: a job can be IN_PROGRESS, SCHEDULED, COMPLETED, CANCELED, not "GONE".'],
  [['rehearse', '--parameter', 'Channel'], '--parameter takes [STACK:]NAME=VALUE, not "Channel".'],
  [['rehearse'], 'No app: there is no cdk.json with an app in this folder. Name the app with --app.'],
  [['rehearse', '--app', 'exit 3'], 'The app ended with exit status 3: exit 3'],
  [['rehearse', '--app', 'true'], 'The app synthesized nothing: true'],
  [['rehearse', '--app', 'cdk.out', 'Greenhose'], 'no stack "Greenhose", only GreenhouseNetwork, GreenhouseFirmware.'],
  [['rehearse', '--app', 'cdk.out'], 'give them with --parameter GreenhouseFirmware:Channel=VALUE'],
  [['rehearse', '--app', 'cdk.out', '--parameter', 'Chanel=beta'], '--parameter: no template has Chanel.'],
])('%j is a mistake', async (args, message) => {
  const { code, stderr } = await run(args, folder);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('--help', async () => {
  const { code, stdout } = await run(['rehearse', '--help']);
  expect(stdout).toContain('Usage: cdk-iot-job-deletion rehearse [options] [STACK...]');
  expect(code).toBe(0);
});

test('--version', async () => {
  const { code, stdout } = await run(['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(code).toBe(0);
});

test('--json is one document whatever happens', async () => {
  const { code, stdout } = await run(['rehearse', '--json', '--fast'], folder);
  expect(JSON.parse(stdout)).toMatchObject({
    format: 1,
    command: 'rehearse',
    verdict: 'ERROR',
    reason: expect.stringContaining("Unknown option '--fast'") as string,
    deletions: [],
  });
  expect(code).toBe(2);
});

test('a sweep: jobs are made that it selects, more than there are slots, and it deletes them', async () => {
  const outdir = join(folder, 'sweep');
  const app = new App({ outdir });
  const stack = new Stack(app, 'Fleet');
  const group = new CfnThingGroup(stack, 'Group', { thingGroupName: 'eu:fleet' });
  new JobSweep(stack, 'Sweep', {
    jobs: JobSelection.targeting(group, { statuses: [JobStatus.COMPLETED], tags: { app: 'ota' } }),
  });
  app.synth();
  const { code, stdout } = await run(['rehearse', '--app', outdir, '--deletion-time', '0.5', '--json'], folder);
  const { deletions, reason } = JSON.parse(stdout) as Result;
  expect(deletions[0]!.jobs.slice(0, 2)).toEqual(['eu-fleet-01', 'eu-fleet-02']);
  // Beside them: one of another group, one in another status, one without the tag.
  expect(reason).toBe('12 jobs deleted and 3 kept, as expected.');
  expect(code).toBe(0);
});

test('the example for another account: its job is made, deleted and looked for there', async () => {
  const outdir = join(folder, 'another-account');
  const app = new App({ outdir });
  anotherAccount(app);
  app.synth();
  const report = join(folder, 'another-account.html');
  const { code, stdout, stderr } = await run(['rehearse', '--app', outdir, '--json', '--report', report], folder);
  const result = JSON.parse(stdout) as Result;
  const { operations, checks, verdict } = result;
  const name = 'ota-2026-11 in 222222222222/eu-central-1';
  expect(stderr).toContain('Account 111111111111, eu-west-1');
  expect(stderr).toContain(`${name}: IN_PROGRESS\n`);
  expect(operations.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'DELETE_COMPLETE']);
  expect(own(result)).toMatchObject([
    { jobId: 'ota-2026-11', place: '222222222222/eu-central-1', ended: 'deleted: destroy Tools', deleteJobCalls: 1 },
  ]);
  expect(checks).toContainEqual({ what: `${name} was deleted`, holds: true });
  expect(verdict).toBe('PASS');
  expect(readFileSync(report, 'utf8')).toContain(`${name}: waiting from`);
  expect(code).toBe(0);
});

test('jobs of another region, under the ids that are also here: a sweep there leaves those here alone', async () => {
  const outdir = join(folder, 'another-region');
  const app = new App({ outdir });
  const stack = new Stack(app, 'Fleet', { env: { account: '111111111111', region: 'us-east-1' } });
  const provider = new JobDeletionProvider(stack, 'Provider', { regions: ['eu-west-1'] });
  new JobDeletion(stack, 'Kept', { jobId: 'ota-01', provider, removalPolicy: RemovalPolicy.RETAIN });
  new JobDeletion(stack, 'Own', { jobId: 'ota-02', provider });
  const there = { region: 'eu-west-1', provider };
  const jobs = JobSelection.matching({ jobIdPrefix: 'ota-', thingGroupName: 'greenhouses' });
  new JobSweep(stack, 'Sweep', { jobs, force: true, ...there });
  new JobDeletion(stack, 'There', { jobId: 'nightly', ...there });
  app.synth();
  const { code, stdout } = await run(['rehearse', '--app', outdir, '--deletion-time', '0.5'], folder);
  expect(stdout).toMatch(/^ota-01 +kept +- +- +0 +0$/m);
  expect(stdout).toMatch(/^ota-02 +deleted: destroy Fleet .* 1 +\d+$/m);
  expect(stdout).toMatch(/^ota-01 in 111111111111\/eu-west-1 +deleted: destroy Fleet .* 1 +\d+$/m);
  expect(stdout).toMatch(/^nightly in 111111111111\/eu-west-1 +deleted: destroy Fleet .* \d +\d+$/m);
  expect(stdout).toContain('PASS: ota-12 in 111111111111/eu-west-1 was deleted');
  expect(stdout).toMatch(/\nPASS: 14 jobs deleted and \d+ kept, as expected\.\n$/);
  expect(code).toBe(0);
});
