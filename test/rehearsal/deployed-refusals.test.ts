import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { App, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import { requireYes } from '../../rehearsal/command/toolkit/question';
import { Terminal } from '../../rehearsal/terminal';
import { type Outcome, runRehearse } from './command';
import { runRehearseHere } from './command-here';
import { Emulator } from './emulator';

const ROOT = join(__dirname, '..', '..');

let folder: string;
let emulator: Emulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refusals-'));
  const app = new App({ outdir: join(folder, 'cdk.out') });
  new JobDeletion(new Stack(app, 'Devices'), 'Job', { jobId: 'job' });
  const otherAccount = new Stack(app, 'Other', { env: { account: '111122223333', region: 'eu-west-1' } });
  new JobDeletion(otherAccount, 'Job', { jobId: 'job' });
  const elsewhere = new Stack(app, 'Elsewhere');
  const roleArn = 'arn:aws:iam::111122223333:role/deletes-jobs';
  const provider = new JobDeletionProvider(elsewhere, 'Provider', { assumableRoles: [roleArn] });
  new JobDeletion(elsewhere, 'Job', { jobId: 'job', assumeRole: { roleArn }, provider });
  const rollback = new Stack(app, 'Rollback');
  const jobId = new CfnThingGroup(rollback, 'Group', { thingGroupName: 'fleet' }).ref;
  new JobDeletion(rollback, 'Job', { jobId, deleteOnRollback: true });
  app.synth();
  emulator = await Emulator.start();
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const rehearse = (args: readonly string[], env = {}): Promise<Outcome> =>
  runRehearseHere(['--app', 'cdk.out', ...args], { cwd: folder, home: folder, env });

test.each([
  [['--aws', '--endpoint', 'http://localhost'], '--endpoint is an emulator, --aws is AWS itself: give one of them.'],
  [['--yes'], '--yes needs --endpoint or --aws: nothing else asks.'],
  [['--aws', '--report', 'a.html'], '--report is for the embedded AWS alone: leave it out with --endpoint and --aws.'],
  [['--aws', '--deletion-time', '1'], '--deletion-time is for the embedded AWS'],
  [['--endpoint', 'localhost:4566'], '--endpoint takes a URL such as http://localhost:4566, not "localhost:4566".'],
  [['--endpoint', 'http://127.0.0.1:1', '--yes'], 'There are no credentials at http://127.0.0.1:1/ that work'],
])('%j', async (args, message) => {
  const { code, stderr } = await rehearse(args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('an app that cannot be synthesized', async () => {
  const { code, stderr } = await rehearse(['--endpoint', emulator.url, '--app', 'exit 3']);
  expect(stderr).toContain('exit 3');
  // It is not the options that are wrong.
  expect(stderr).not.toContain('--help');
  expect(code).toBe(2);
});

test.each([
  ['Other', 'Other is for account 111122223333, the credentials are for 123456789012.'],
  ['Rollback', 'has deleteOnRollback, and its jobs are not known before it is deployed.'],
  ['Elsewhere', 'deletes jobs of another account, and could delete some that existed before.'],
])('the stack %s', async (stack, message) => {
  const { code, stderr } = await rehearse(['--endpoint', emulator.url, stack]);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

/** Leads to the emulator, but is not one of the names of this machine. */
const elsewhere = (): string => emulator.url.replace('127.0.0.1', '[::ffff:127.0.0.1]');

test('where nobody can be asked and nobody said --yes, nothing is deployed', async () => {
  const { code, stderr } = await rehearse(['--endpoint', elsewhere(), 'Devices']);
  expect(stderr).toMatch(/This really deploys and destroys, at http:\/\/\[::ffff:/);
  expect(stderr).toMatch(
    /account {2}123456789012\n {2}stack {4}Devices in us-east-1\n {2}thing {4}cdk-iot-job-deletion-rehearsal-/,
  );
  expect(stderr).toContain('There is no terminal to ask. To agree, give --yes. Nothing was deployed.');
  expect(code).toBe(2);
});

test('--aws, too; and it goes to AWS alone', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
  const services = ['STS', 'CLOUDFORMATION', 'IOT'].map((service) => [`AWS_ENDPOINT_URL_${service}`, emulator.url]);
  const asked = await rehearse(['--aws', 'Devices'], {
    ...env,
    ...(Object.fromEntries(services) as Record<string, string>),
  });
  expect(asked.stderr).toContain('This really deploys and destroys, at AWS, which may charge for it:');
  expect(asked.code).toBe(2);
  const aimed = await rehearse(['--aws', 'Devices'], { ...env, AWS_ENDPOINT_URL: emulator.url });
  expect(aimed.stderr).toContain(`AWS_ENDPOINT_URL is ${emulator.url}: unset it for --aws, or give it as --endpoint.`);
  expect(aimed.code).toBe(2);
});

test('without the CDK Toolkit Library', async () => {
  const modules = join(folder, 'node_modules');
  const dist = join(modules, 'cdk-iot-job-deletion', 'dist');
  mkdirSync(dist, { recursive: true });
  ['rehearsal', 'local'].forEach((part) => cpSync(join(ROOT, 'dist', part), join(dist, part), { recursive: true }));
  ['aws-cdk-lib', 'constructs', 'yaml'].forEach((name) =>
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name)),
  );
  const command = join(dist, 'rehearsal', 'main.js');
  const args = ['--app', 'cdk.out', '--endpoint', emulator.url];
  const { code, stderr } = await runRehearse(args, { cwd: folder, home: folder, command });
  expect(stderr).toContain(
    '--endpoint and --aws need the CDK Toolkit Library: npm install --save-dev @aws-cdk/toolkit-lib\n',
  );
  expect(code).toBe(2);
});

describe('the question', () => {
  const terminal = Terminal.beside({ json: true });
  const ask = (type: (keyboard: PassThrough) => void): Promise<void> => {
    const keyboard = new PassThrough();
    const answered = requireYes('This really deploys.', terminal, Object.assign(keyboard, { isTTY: true }));
    type(keyboard);
    return answered;
  };

  test.each(['y\n', 'YES\n'])('%j is yes', async (answer) => {
    await expect(ask((keyboard) => keyboard.write(answer))).resolves.toBeUndefined();
  });

  test.each(['\n', 'n\n', 'yesterday\n'])('%j is not', async (answer) => {
    await expect(ask((keyboard) => keyboard.write(answer))).rejects.toThrow('Nothing was deployed.');
  });

  test('neither is the end of the input', async () => {
    await expect(ask((keyboard) => keyboard.end())).rejects.toThrow('Nothing was deployed.');
  });
});
