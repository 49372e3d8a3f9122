import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobDeletionProvider, JobSelection, JobStatus, JobSweep } from '../../lib';
import type { Result } from '../../rehearsal/result';
import { GREENHOUSE, GREENHOUSE_OPERATIONS, type Outcome, runRehearse } from './command';
import { runRehearseHere } from './command-here';
import { Emulator } from './emulator';
import { quickClock } from './quick-clock';

let folder: string;
let emulator: Emulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  emulator = await Emulator.start({ regions: ['eu-west-1'], deletionTime: () => 100, clock: quickClock() });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** The command on an app with one stack, at the emulator. */
function rehearse(fill: (stack: Stack) => void, args: readonly string[] = []): Promise<Outcome> {
  return runRehearseHere(['--app', synthesize(fill), '--endpoint', emulator.url, ...args], {
    cwd: folder,
    home: folder,
  });
}

function synthesize(fill: (stack: Stack) => void): string {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  fill(new Stack(app, 'Devices'));
  return app.synth().directory;
}

test("somebody's app, through the CDK Toolkit Library: everything comes and goes", async () => {
  const args = ['--endpoint', emulator.url, '--parameter', 'Channel=beta', '--json'];
  const { code, stdout, stderr } = await runRehearse(args, { cwd: GREENHOUSE, home: folder });
  const { operations, jobs, verdict, reason } = JSON.parse(stdout) as Result;
  expect(operations.map(({ name, status }) => `${name}: ${status}`)).toEqual(GREENHOUSE_OPERATIONS);
  expect(jobs).toMatchObject([
    { jobId: 'greenhouse-rollout', ended: 'deleted: destroy GreenhouseFirmware' },
    { jobId: 'greenhouse-beta', ended: 'deleted: destroy GreenhouseFirmware' },
  ]);
  expect([verdict, reason]).toEqual(['PASS', '2 jobs deleted.']);
  expect(code).toBe(0);
  expect(stderr).toContain('greenhouse-rollout: IN_PROGRESS\n');
  expect(stderr).toContain('greenhouse-beta: CANCELED, because no device makes it COMPLETED\n');
  expect(stderr).toMatch(/DELETE_COMPLETE .* Custom::IoTJobDeletion .* BetaC60672CA\n/);
  expect(stderr).not.toContain('Left behind');
  expect(emulator.calls).toEqual(expect.arrayContaining(['s3 PUT', 'sts AssumeRole', 'cloudformation CreateStack']));
  expect(emulator.aws.iot.jobs()).toEqual([]);
  expect(emulator.aws.iot.calls.filter(({ operation }) => /^(Create|Delete)Thing$/.test(operation))).toHaveLength(2);
});

test('a sweep, a nested stack, another region, and a job that is retained', async () => {
  const { iot } = emulator.aws;
  iot.createThingGroup('manned');
  iot.createThing('device');
  iot.addThingToThingGroup('device', 'manned');
  const { code, stdout, stderr } = await rehearse(
    (stack) => {
      const group = new CfnThingGroup(stack, 'Group', { thingGroupName: 'fleet' });
      const statuses = [JobStatus.COMPLETED, JobStatus.CANCELED];
      new JobSweep(stack, 'Sweep', { jobs: JobSelection.targeting(group, { statuses, tags: { app: 'ota' } }) });
      new JobSweep(stack, 'Scheduled', { jobs: JobSelection.matching({ statuses: [JobStatus.SCHEDULED] }) });
      new JobSweep(stack, 'Manned', { jobs: JobSelection.matching({ thingGroupName: 'manned' }) });
      new JobSweep(stack, 'Absent', { jobs: JobSelection.matching({ thingGroupName: 'absent' }) });
      new JobDeletion(stack, 'Kept', { jobId: 'kept', removalPolicy: RemovalPolicy.RETAIN });
      new JobDeletion(new NestedStack(stack, 'Nested'), 'Gone', { jobId: 'gone', cancelFirst: true });
      const stays = new NestedStack(stack, 'Stays', { removalPolicy: RemovalPolicy.RETAIN });
      new JobDeletion(stays, 'Inside', { jobId: 'inside', force: true });
      const provider = new JobDeletionProvider(stack, 'Regions', { regions: ['eu-west-1'] });
      new JobDeletion(stack, 'There', { jobId: 'there', region: 'eu-west-1', provider });
    },
    ['--json'],
  );
  const { jobs, verdict, reason } = JSON.parse(stdout) as Result;
  expect(jobs.map(({ jobId }) => jobId)).toEqual(
    expect.arrayContaining(['fleet-01', 'fleet-12', 'kept', 'gone', 'inside', 'there']),
  );
  expect(jobs.filter(({ ended }) => ended.startsWith('deleted'))).toHaveLength(14);
  expect(verdict).toBe('NOT_TESTED');
  expect(reason).toMatch(/^(Devices\/\w+: no job could be made for it(; |\.)){3}$/);
  expect(code).toBe(2);
  expect(stderr).toContain('fleet-12: COMPLETED\n');
  expect(stderr).toContain('rehearsed-01: not made, because no device makes it SCHEDULED\n');
  expect(stderr).toContain('No jobs for the thing group manned: devices are in it, or may join\n');
  expect(stderr).toContain('No jobs for the thing group absent: it is not there\n');
  expect(stderr).toContain('gone: IN_PROGRESS\n');
  expect(stderr).toContain('Deleted again: the job kept\n');
  expect(stderr).toContain('Deleted again: the job inside\n');
  // What was retained was the rehearsal's own.
  expect(iot.job('kept')?.status ?? 'DELETION_IN_PROGRESS').toBe('DELETION_IN_PROGRESS');
});

test('a stack that is there already is left alone', async () => {
  await emulator.aws.cloudFormation.createStack({
    stackName: 'Devices',
    template: { Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } },
    assetDirectory: (hash) => hash,
  });
  const { code, stderr } = await rehearse((stack) => new JobDeletion(stack, 'Job', { jobId: 'job' }));
  expect(stderr).toContain('Devices exists already: the rehearsal destroys only stacks that it has deployed.');
  expect(code).toBe(2);
  expect(emulator.calls).not.toContain('cloudformation DeleteStack');
});

test.each<[string, (stack: Stack) => void]>([
  [
    'names',
    (stack) =>
      new JobDeletion(stack, 'Job', { jobId: `${new CfnParameter(stack, 'P', { default: 'ota' }).valueAsString}-7` }),
  ],
  [
    'selects',
    (stack) =>
      new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-', tags: { app: 'ota' } }) }),
  ],
  ['names in a nested stack', (stack) => new JobDeletion(new NestedStack(stack, 'N'), 'Job', { jobId: 'ota-7' })],
])('a job that is there already, which the app %s: nothing is deployed', async (_, fill) => {
  emulator.aws.iot.createJob({ jobId: 'ota-7', tags: new Map([['app', 'ota']]) });
  const { code, stderr } = await rehearse(fill);
  expect(stderr).toContain('These jobs exist already, and destroying could delete them: ota-7');
  expect(code).toBe(2);
  expect(emulator.calls).not.toContain('cloudformation CreateStack');
});

test('a job that turns out to be there already when its id is known: the stacks stay', async () => {
  emulator.aws.iot.createJob({ jobId: 'fleet' });
  const { code, stdout } = await rehearse((stack) => {
    const group = new CfnThingGroup(stack, 'Group', { thingGroupName: 'fleet' });
    new JobDeletion(stack, 'Job', { jobId: group.ref });
  });
  expect(stdout).toContain('the stacks stay, because destroying could delete jobs that existed before: fleet');
  expect(stdout).toContain(
    `AWS_ENDPOINT_URL=${emulator.url}/ npx cdk destroy 'Devices' --app '${join(folder, 'cdk.out')}'`,
  );
  expect(code).toBe(1);
  expect(emulator.aws.cloudFormation.stack('Devices').status).toBe('CREATE_COMPLETE');
  expect(emulator.aws.iot.job('fleet')?.status).toBe('IN_PROGRESS');
});

test('a deployment that fails is taken away again', async () => {
  emulator.aws.iot.createThingGroup('taken');
  const { code, stdout } = await rehearse((stack) => {
    const job = new JobDeletion(stack, 'Job', { jobId: 'job' });
    job.deleteAfter(new CfnThingGroup(stack, 'Group', { thingGroupName: 'taken' }));
  });
  expect(stdout).toMatch(/FAIL: deploy Devices: ROLLBACK_COMPLETE: .*taken.* already exists/s);
  expect(stdout).not.toContain('Left behind');
  expect(code).toBe(1);
  expect(emulator.calls).toContain('cloudformation DeleteStack');
});

test('a teardown that fails: what is left, and the commands that delete it', async () => {
  const { code, stdout } = await rehearse(
    (stack) => new JobDeletion(stack, 'Job', { jobId: 'job' }),
    ['--job', 'job=IN_PROGRESS'],
  );
  expect(stdout).toMatch(/FAIL: job was not deleted\n\nLeft behind/);
  expect(stdout).toContain(`npx cdk destroy 'Devices'`);
  expect(stdout).toContain('aws iot delete-job --job-id job --force --region us-east-1\n');
  expect(stdout).not.toContain('delete-thing');
  expect(code).toBe(1);
});

test('Ctrl-C says what is left', async () => {
  const app = synthesize((stack) => new JobDeletion(stack, 'Job', { jobId: 'job' }));
  const { code, stdout } = await runRehearse(['--app', app, '--endpoint', emulator.url], {
    cwd: folder,
    home: folder,
    watch: (child) =>
      child.stdout!.on('data', (text: string) => text.includes('job: CANCELED') && child.kill('SIGINT')),
  });
  expect(stdout).toMatch(
    /Left behind[^]*delete-job --job-id job[^]*cdk destroy 'Devices'[^]*delete-thing --thing-name/,
  );
  expect(code).toBe(130);
});
