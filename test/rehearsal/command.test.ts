import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { anotherAccount } from '../../examples/another-account';
import { JobDeletion, JobDeletionProvider, JobSelection, JobStatus, JobSweep } from '../../lib';
import { withAssembly } from '../../rehearsal/command/app';
import { parseOptions } from '../../rehearsal/command/options';
import { conclude, type JobRow, type Result } from '../../rehearsal/result';
import { show } from '../../rehearsal/show';
import { Terminal } from '../../rehearsal/terminal';
import { UsageError } from '../../rehearsal/usage';
import type { Verdict } from '../../rehearsal/verdict';
import { GREENHOUSE, GREENHOUSE_OPERATIONS, type Outcome, runCommand } from './command';
import { rehearseHere, type Told } from './in-process';

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command in the fixture's folder unless asked otherwise. */
const run = (args: string[], cwd = GREENHOUSE): Promise<Outcome> => runCommand(args, { cwd, home: folder });

/** Rehearses the fixture in this process. */
const rehearseGreenhouse = (...args: string[]): Promise<Told> =>
  rehearseHere(join(GREENHOUSE, 'bin', 'greenhouse.ts'), args);

/** Rehearses what a test writes. */
const rehearseApp = (fill: (app: App) => void): Promise<Told> => {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  fill(app);
  return rehearseHere(app.synth());
};

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
  const { result } = await rehearseGreenhouse('--parameter', 'Channel=beta', '--job', 'greenhouse-beta=IN_PROGRESS');
  expect(result.checks).toContainEqual({ what: 'greenhouse-rollout was deleted', holds: true });
  expect(result.checks).toContainEqual({ what: 'greenhouse-beta was not deleted', holds: false });
  expect(result.verdict).toBe('FAIL');
  expect(result.reason).toMatch(
    /^destroy GreenhouseFirmware: DELETE_FAILED: Job "greenhouse-beta" is IN_PROGRESS, and force is false.*force: true.*cancelFirst: true.*; greenhouse-beta was not deleted\.$/,
  );
});

test('stages, accounts, nested stacks, and a job that is retained', async () => {
  const { result } = await rehearseApp((app) => {
    for (const region of ['eu-west-1', 'us-west-2']) {
      const stage = new Stage(app, region, { env: { account: '111122223333', region } });
      const stack = new Stack(stage, 'Devices');
      new JobDeletion(stack, 'Kept', { jobId: 'kept', removalPolicy: RemovalPolicy.RETAIN });
      new JobDeletion(new NestedStack(stack, 'Nested'), 'Gone', { jobId: 'gone', cancelFirst: true });
    }
  });
  const { operations, deletions, verdict, reason } = result;
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
  expect([verdict, reason]).toEqual(['PASS', '2 jobs deleted and 6 kept, as expected.']);
});

test('a stack is chosen together with what it depends on', async () => {
  const { result } = await rehearseGreenhouse('Greenhouse*work');
  expect(result.operations.map(({ stack }) => stack)).toEqual(['GreenhouseNetwork', 'GreenhouseNetwork']);
  expect([result.verdict, result.reason]).toEqual([
    'NOT_TESTED',
    'No deployed stack has a JobDeletion or a JobSweep: there was nothing to test.',
  ]);
});

test.each([
  [['Greenhose'], 'no stack "Greenhose", only GreenhouseNetwork, GreenhouseFirmware.'],
  [[], 'give them with --parameter GreenhouseFirmware:Channel=VALUE'],
  [['--parameter', 'Chanel=beta'], '--parameter: no template has Chanel.'],
])('%j is a mistake about the app', async (args, message) => {
  const rehearsed = rehearseGreenhouse(...args);
  await expect(rehearsed).rejects.toThrow(UsageError);
  await expect(rehearsed).rejects.toThrow(message);
});

test.each([
  [[], 'Missing command: rehearse, plan, delete-job or sweep.'],
  [['rehearse', '--job', 'a'], '--job takes [STACK:]ID=STATUS, not "a".'],
  [['destroy'], 'There is no "destroy", only rehearse, plan, delete-job and sweep.'],
  [['rehearse', '--job', 'a=GONE'], '--job a: a job can be IN_PROGRESS, SCHEDULED, COMPLETED, CANCELED, not "GONE".'],
  [['rehearse', '--job', 'a=COMPLETED', '--job', 'a=CANCELED'], '--job a: a job can be in one status only.'],
  [['rehearse', '--parameter', 'Channel'], '--parameter takes [STACK:]NAME=VALUE, not "Channel".'],
])('%j is a wrong option', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test.each([
  ['exit 3', 'The app ended with exit status 3: exit 3'],
  ['true', 'The app synthesized nothing: true. It may not call app.synth()'],
  ['no-such-folder', 'exit status 127: no-such-folder (its messages are above) --app takes a command, or the folder'],
  ['kill -9 $$', 'The app was ended by SIGKILL: kill -9 $$'],
])('an app that does not synthesize: %s', async (app, message) => {
  const terminal = new Terminal({ isTTY: false, write: () => true });
  const { signal } = new AbortController();
  const synthesized = withAssembly({ app, context: {} }, terminal, signal, (assembly) => Promise.resolve(assembly));
  await expect(synthesized).rejects.toThrow(message);
});

test('context comes too late for an assembly', async () => {
  new App({ outdir: folder }).synth();
  let said = '';
  const terminal = new Terminal({ isTTY: false, write: (text: unknown) => ((said += String(text)), true) });
  await withAssembly({ app: folder, context: { a: 'b' } }, terminal, new AbortController().signal, () =>
    Promise.resolve(),
  );
  expect(said).toBe(`--context has no effect: ${folder} is synthesized already\n`);
});

test.each([
  ['is missing', undefined],
  ['is cut short', '{'],
])('an assembly whose template %s', async (_, template) => {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const { templateFile } = new Stack(app, 'Fleet');
  const { directory } = app.synth();
  rmSync(join(directory, templateFile));
  if (template !== undefined) {
    writeFileSync(join(directory, templateFile), template);
  }
  const terminal = new Terminal({ isTTY: false, write: () => true });
  const { signal } = new AbortController();
  const read = withAssembly({ app: directory, context: {} }, terminal, signal, (assembly) => Promise.resolve(assembly));
  await expect(read).rejects.toThrow(UsageError);
  await expect(read).rejects.toThrow(`${directory} is not a cloud assembly that can be read: `);
});

test('a folder that is no cloud assembly', async () => {
  const terminal = new Terminal({ isTTY: false, write: () => true });
  const { signal } = new AbortController();
  const read = withAssembly({ app: folder, context: {} }, terminal, signal, (assembly) => Promise.resolve(assembly));
  await expect(read).rejects.toThrow(UsageError);
  await expect(read).rejects.toThrow(
    `${folder} is not a cloud assembly: it has no manifest.json. A cloud assembly is the folder that "npx cdk synth" writes`,
  );
});

test('a report of nothing, which also cannot be written, is said in a sentence', () => {
  const recording = { operations: [], checks: [], events: [], histories: [], calls: [] };
  const terminal = new Terminal({ isTTY: false, write: () => true });
  const report = join(folder, 'no', 'such', 'folder.html');
  const shown = (): Verdict => show('rehearse', conclude(recording), { json: false, report }, terminal, recording);
  expect(shown).toThrow(UsageError);
  expect(shown).toThrow(`--report ${report} can't be written: ENOENT`);
});

test('a folder without an app', async () => {
  const { code, stderr } = await run(['rehearse'], folder);
  expect(stderr).toContain('No app: there is no cdk.json with an app in this folder. Name the app with --app.');
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
  const { result } = await rehearseApp((app) => {
    const stack = new Stack(app, 'Fleet');
    const group = new CfnThingGroup(stack, 'Group', { thingGroupName: 'eu:fleet' });
    new JobSweep(stack, 'Sweep', {
      jobs: JobSelection.targeting(group, { statuses: [JobStatus.COMPLETED], tags: { app: 'ota' } }),
    });
  });
  const { deletions, verdict, reason } = result;
  expect(deletions[0]!.jobs.slice(0, 2)).toEqual(['eu-fleet-01', 'eu-fleet-02']);
  // Beside them: one of another group, one in another status, one without the tag.
  expect([verdict, reason]).toEqual(['PASS', '12 jobs deleted and 3 kept, as expected.']);
});

test('the example for another account: its job is made, deleted and looked for there', async () => {
  const { result, text } = await rehearseApp(anotherAccount);
  const { operations, checks, verdict } = result;
  const name = 'ota-2026-11 in 222222222222/eu-central-1';
  expect(text).toContain('Account 111111111111, eu-west-1');
  expect(text).toContain(`${name}: IN_PROGRESS\n`);
  expect(operations.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'DELETE_COMPLETE']);
  expect(own(result)).toMatchObject([
    { jobId: 'ota-2026-11', place: '222222222222/eu-central-1', ended: 'deleted: destroy Tools', deleteJobCalls: 1 },
  ]);
  expect(checks).toContainEqual({ what: `${name} was deleted`, holds: true });
  expect(verdict).toBe('PASS');
});

test('jobs of another region, under the ids that are also here: a sweep there leaves those here alone', async () => {
  const { result } = await rehearseApp((app) => {
    const stack = new Stack(app, 'Fleet', { env: { account: '111111111111', region: 'us-east-1' } });
    const provider = new JobDeletionProvider(stack, 'Provider', { regions: ['eu-west-1'] });
    new JobDeletion(stack, 'Kept', { jobId: 'ota-01', provider, removalPolicy: RemovalPolicy.RETAIN });
    new JobDeletion(stack, 'Own', { jobId: 'ota-02', provider });
    const there = { region: 'eu-west-1', provider };
    const jobs = JobSelection.matching({ jobIdPrefix: 'ota-', thingGroupName: 'greenhouses' });
    new JobSweep(stack, 'Sweep', { jobs, force: true, ...there });
    new JobDeletion(stack, 'There', { jobId: 'nightly', ...there });
  });
  const place = '111111111111/eu-west-1';
  const shown = own(result).map(({ jobId, place: where, ended, deleteJobCalls }) => ({
    job: [jobId, where].filter(Boolean).join(' in '),
    ended,
    deleteJobCalls,
  }));
  expect(shown).toContainEqual({ job: 'ota-01', ended: 'kept', deleteJobCalls: 0 });
  for (const job of ['ota-02', `ota-01 in ${place}`, `ota-12 in ${place}`, `nightly in ${place}`]) {
    expect(shown).toContainEqual({ job, ended: 'deleted: destroy Fleet', deleteJobCalls: 1 });
  }
  expect(result.verdict).toBe('PASS');
  expect(result.reason).toMatch(/^14 jobs deleted and \d+ kept, as expected\.$/);
});
