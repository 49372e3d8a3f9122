import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalAws } from '../../local/aws';
import { type Outcome, runCommand } from '../rehearsal/command';
import { deleting } from '../e2e/world';
import { ENVIRONMENT } from './operator-world';

const COMMAND = join(__dirname, '..', '..', 'dist', 'rehearsal', 'main.js');

let aws: LocalAws;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'operator-'));
  aws = await LocalAws.start({ deletionTime: () => 50 });
});
afterAll(async () => {
  await aws.close();
  rmSync(home, { recursive: true });
});

const env = { ...ENVIRONMENT, AWS_EC2_METADATA_DISABLED: 'true' };

function run(args: readonly string[], watch?: (child: ChildProcess) => void): Promise<Outcome> {
  return runCommand([...args, '--endpoint-url', aws.endpoint.url], { cwd: home, home, env, watch });
}

/** Runs the command at a pseudo-terminal, by `script` of util-linux, and types the answer when it asks. */
async function atTerminal(args: readonly string[], answer: string, more = {}): Promise<Outcome> {
  const command = [process.execPath, COMMAND, ...args, '--endpoint-url', aws.endpoint.url].join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm', ...env, ...more },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let stdout = '';
  let isAnswered = false;
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    if (!isAnswered && /\(y\/N\) |MFA code for .*: /.test(stdout)) {
      isAnswered = true;
      child.stdin.write(answer);
    }
  });
  const [code] = (await once(child, 'close')) as [number];
  child.stdin.destroy();
  return { code, stdout, stderr: '' };
}

/** What the AWS CLI says of a job; nothing where it is not installed. */
function awsCli(jobId: string): Promise<string | undefined> {
  const args = ['--endpoint-url', aws.endpoint.url, 'iot', 'describe-job', '--job-id', jobId];
  return new Promise((resolve) =>
    execFile(
      'aws',
      args,
      { env: { ...process.env, ...env, AWS_DEFAULT_REGION: 'us-east-1' } },
      (error, stdout, stderr) =>
        resolve(error?.code === 'ENOENT' || /command not found/.test(stderr) ? undefined : stdout + stderr),
    ),
  );
}

it('delete-job reads a document from a file, options win, stdout stays empty, and the AWS CLI finds no job', async () => {
  const file = join(home, 'delete-job.yaml');
  writeFileSync(file, 'jobId: other\nforce: true\n');
  aws.iot.createJob({ jobId: 'from-option' });

  const { code, stdout } = await run(['delete-job', '--cli-input-yaml', `file://${file}`, '--job-id', 'from-option']);

  expect({ code, stdout }).toStrictEqual({ code: 0, stdout: '' });
  expect(aws.iot.job('from-option')).toBeUndefined();
  expect((await awsCli('from-option')) ?? 'ResourceNotFoundException').toContain('ResourceNotFoundException');
});

it.each([
  ['a job that is missing', ['--job-id', 'nope'], 1, 'FAIL', 'There is no job "nope" in us-east-1'],
  ['an unknown key', ['--cli-input-json', '{"jobID":"a"}'], 2, 'ERROR', 'unknown key "jobID"'],
  ['a wrong option', ['--job', 'a'], 2, 'ERROR', "Unknown option '--job'"],
] as const)('prints one JSON document of %s, and a sentence', async (_, args, exit, verdict, sentence) => {
  const { code, stdout, stderr } = await run(['delete-job', ...args, '--json']);

  expect(JSON.parse(stdout)).toMatchObject({ format: 1, command: 'delete-job', verdict });
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(exit);
});

it('the skeleton is a document that it takes itself', async () => {
  const { code, stdout } = await run(['delete-job', '--generate-cli-skeleton']);
  expect(code).toBe(0);
  aws.iot.createJob({ jobId: 'of-skeleton', namespaceId: 'ota' });
  const document = JSON.stringify({ ...(JSON.parse(stdout) as object), jobId: 'of-skeleton', namespaceId: 'ota' });
  expect(await run(['delete-job', '--cli-input-json', document])).toMatchObject({ code: 0, stdout: '' });
  expect(aws.iot.job('of-skeleton')).toBeUndefined();
});

it('--cli-input-yaml takes the text itself, and options win', async () => {
  ['of-text', 'of-option'].forEach((jobId) => aws.iot.createJob({ jobId }));
  const text = 'jobId: of-text # the oldest\nforce: true\n';
  expect(await run(['delete-job', '--cli-input-yaml', text])).toMatchObject({ code: 0, stdout: '' });
  const options = ['--job-id', 'of-option', '--no-force'];
  const refused = await run(['delete-job', '--cli-input-yaml', text, ...options]);
  expect([refused.code, refused.stderr]).toStrictEqual([1, expect.stringContaining('Job "of-option" is IN_PROGRESS')]);
  expect([aws.iot.job('of-text'), aws.iot.job('of-option')?.status]).toStrictEqual([undefined, 'IN_PROGRESS']);
  const unknown = await run(['delete-job', '--cli-input-yaml', 'jobID: of-option']);
  expect([unknown.code, unknown.stderr]).toStrictEqual([2, expect.stringContaining('unknown key "jobID"')]);
});

it('a profile with a device asks for its code at a terminal, and the role is assumed with it', async () => {
  aws.iam.createRole('Operator', {
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
    },
  });
  aws.iot.createJob({ jobId: 'of-mfa', status: 'COMPLETED' });
  const config = join(home, 'config');
  const base = '[profile base]\naws_access_key_id = local\naws_secret_access_key = local\n';
  const role = 'role_arn = arn:aws:iam::123456789012:role/Operator\nsource_profile = base\n';
  writeFileSync(config, `${base}[profile mfa]\n${role}mfa_serial = arn:aws:iam::123456789012:mfa/me\n`);
  const at = { AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL: aws.endpoint.url };
  const args = ['delete-job', '--job-id', 'of-mfa', '--profile', 'mfa'];

  const wrong = await atTerminal(args, '12\n', at);
  expect(wrong.code).toBe(2);
  expect(wrong.stdout).toContain('MFA code for arn:aws:iam::123456789012:mfa/me: ');
  expect(wrong.stdout).toMatch(/tokenCode/i);
  const right = await atTerminal(args, '123456\n', at);
  expect(right.stdout).toContain('as arn:aws:sts::123456789012:assumed-role/Operator/');
  expect(right.code).toBe(0);
  expect(aws.iot.job('of-mfa')).toBeUndefined();
});

it('sweep without a terminal and without --yes deletes nothing and exits 2', async () => {
  aws.iot.createJob({ jobId: 'kept', status: 'COMPLETED' });
  const { code, stdout } = await run(['sweep', '--job-id-prefix', 'kept']);
  expect(stdout).toMatch(/^kept COMPLETED SNAPSHOT \d{4}-/);
  expect(code).toBe(2);
  expect(aws.iot.job('kept')).toBeDefined();
});

it('sweep at a terminal shows a table, asks, shows progress, and deletes', async () => {
  ['tty-1', 'tty-2'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));

  const no = await atTerminal(['sweep', '--job-id-prefix', 'tty-'], 'n\n');
  expect(no.code).toBe(2);
  expect(no.stdout).toMatch(/Account 123456789012, region us-east-1, as [^]*JOB +STATUS[^]*tty-1 +COMPLETED/);
  expect(no.stdout).toContain('Delete 2 jobs in us-east-1 of account 123456789012, without force? (y/N)');
  expect(aws.iot.job('tty-1')).toBeDefined();

  const yes = await atTerminal(['sweep', '--job-id-prefix', 'tty-'], 'y\n', { NO_COLOR: '1' });
  expect(yes.code).toBe(0);
  expect(yes.stdout).toContain('0 of 2 deleted');
  expect(yes.stdout).toContain('2 jobs deleted.');
  expect(yes.stdout).not.toContain('\u001b[32m');
  expect(aws.iot.job('tty-1')).toBeUndefined();
});

it('Ctrl-C at the question deletes nothing', async () => {
  aws.iot.createJob({ jobId: 'asked', status: 'COMPLETED' });
  const { code, stdout } = await atTerminal(['sweep', '--job-id', 'asked'], '\u0003');
  expect([code, stdout]).toEqual([130, expect.stringContaining('(y/N) ^C\r\nINTERRUPTED: Nothing was deleted.\r\n')]);
  expect(aws.iot.job('asked')?.status).toBe('COMPLETED');
});

it('plan at a terminal shows a table of the jobs', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'planned', force: true }, { jobId: 'absent' }));
  aws.iot.createJob({ jobId: 'planned', status: 'IN_PROGRESS' });

  const { code, stdout } = await atTerminal(['plan', '--stack', 'S'], '');

  expect(stdout).toMatch(/RESULT +JOB +STATUS/);
  expect(stdout).toMatch(/DELETE +planned +IN_PROGRESS/);
  expect(stdout).toContain('there is no such job');
  expect(stdout).toContain('\u001b[32mOK: nothing would fail');
  expect(code).toBe(0);
  expect(aws.iot.job('planned')).toBeDefined();

  const plain = await atTerminal(['plan', '--stack', 'S'], '', { NO_COLOR: '1' });
  expect(plain.stdout).toContain('OK: nothing would fail');
  expect(plain.stdout).not.toContain('\u001b[32m');
});

it('a reader that leaves, as head does, ends no deletion', async () => {
  aws.iot.createJob({ jobId: 'unread', status: 'COMPLETED' });
  const { code } = await run(['sweep', '--job-id', 'unread', '--yes'], (child) => {
    child.stdout!.destroy();
    child.stderr!.destroy();
  });
  expect([code, aws.iot.job('unread')]).toStrictEqual([0, undefined]);
});

it.each([1, 3])('Ctrl-C says what is still in deletion, and that AWS IoT finishes it: %d times', async (times) => {
  aws.iot.createJob({ jobId: `slow-${times}`, status: 'COMPLETED', deletionTime: 60_000 });
  const { code, stdout, stderr } = await run(['delete-job', '--job-id', `slow-${times}`, '--json'], (child) =>
    child.stderr!.on('data', (data: Buffer) => {
      for (let time = 0; time < times && data.toString().includes('DeleteJob sent'); time++) {
        child.kill('SIGINT');
      }
    }),
  );
  expect(stderr).toContain(`Still in deletion: slow-${times}. AWS IoT finishes that.`);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'INTERRUPTED',
    jobs: [{ jobId: `slow-${times}`, result: 'in deletion' }],
  });
  expect(code).toBe(130);
});

it('Ctrl-C in a sweep names the jobs that are in deletion', async () => {
  const jobIds = Array.from({ length: 12 }, (_, index) => `long-${index}`);
  jobIds.forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED', deletionTime: 60_000 }));
  let isStopped = false;
  const { code, stderr, stdout } = await run(['sweep', '--job-id-prefix', 'long-', '--yes', '--json'], (child) =>
    child.stderr!.on('data', (data: Buffer) => {
      if (!isStopped && data.toString().includes('DeleteJob sent')) {
        isStopped = child.kill('SIGINT');
      }
    }),
  );
  const { jobs, verdict } = JSON.parse(stdout) as {
    verdict: string;
    jobs: { jobId: string; result: string; reason?: string }[];
  };
  expect([code, verdict, jobs.length]).toStrictEqual([130, 'INTERRUPTED', 12]);
  const named = jobs.filter(({ result }) => result === 'in deletion').map(({ jobId }) => jobId);
  const seen = jobs.filter(({ result, reason }) => result === 'in deletion' && !reason).map(({ jobId }) => jobId);
  expect(stderr).toContain(`Still in deletion: ${seen.join(', ')}. AWS IoT finishes that.`);
  // An order that was under way may have been obeyed, or not; nothing was ordered later.
  const inDeletion = jobIds.filter((jobId) => aws.iot.job(jobId)?.status === 'DELETION_IN_PROGRESS');
  expect(seen).not.toStrictEqual([]);
  expect(inDeletion).toStrictEqual(expect.arrayContaining(seen));
  expect(named).toStrictEqual(expect.arrayContaining(inDeletion));
});

it('Ctrl-C names the jobs that were sent CancelJob: that can not be undone', async () => {
  aws.iot.createJob({ jobId: 'to-cancel' });
  let child: ChildProcess | undefined;
  aws.iot.intercept = async (operation, _, next) => {
    const response = await next();
    if (operation === 'CancelJob') {
      const ended = once(child!, 'close');
      child!.kill('SIGINT');
      await ended;
    }
    return response;
  };
  const args = ['delete-job', '--job-id', 'to-cancel', '--cancel-first', '--json'];
  const { code, stdout } = await run(args, (started) => (child = started));
  aws.iot.intercept = undefined;
  expect([code, JSON.parse(stdout)]).toMatchObject([
    130,
    { reason: expect.stringContaining("CancelJob was sent for to-cancel: that can't be undone.") as string },
  ]);
  expect(aws.iot.job('to-cancel')?.status).toBe('CANCELED');
});
