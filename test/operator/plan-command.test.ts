import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws } from 'aws-cdk-lib';
import { stringify } from 'yaml';
import { JobDeletion } from '../../lib';
import { LocalAws } from '../../local/aws';
import { simulatedIam } from '../../rehearsal/authoriser';
import { synthesize } from '../e2e/world';
import { type Outcome, runCommand } from '../rehearsal/command';

let aws: LocalAws;
let home: string;
let nextTemplate: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'plan-'));
  aws = await LocalAws.start({ authoriser: simulatedIam });
  const stack = synthesize((scope) => {
    new JobDeletion(scope, 'Done', { jobId: 'done' });
    new JobDeletion(scope, 'Active', { jobId: 'active' });
    new JobDeletion(scope, 'Elsewhere', { jobId: `in-${Aws.REGION}` });
  });
  await aws.cloudFormation.createStack(stack);
  aws.iot.createJob({ jobId: 'done', status: 'COMPLETED' });
  nextTemplate = join(home, 'next.yaml');
  const { resources } = aws.cloudFormation.stack('S');
  const { logicalId } = resources.find(({ physicalId }) => physicalId === 'active')!;
  const kept = Object.entries(stack.template.Resources as object).filter(([name]) => name !== logicalId);
  writeFileSync(nextTemplate, stringify({ ...stack.template, Resources: Object.fromEntries(kept) }));
});

afterAll(async () => {
  await aws.close();
  rmSync(home, { recursive: true });
});

function plan(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return runCommand(['plan', '--endpoint-url', aws.endpoint.url, ...args], {
    cwd: home,
    home,
    env: {
      AWS_ACCESS_KEY_ID: 'AKIAPERSON',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
  });
}

it('ends with 0 where nothing is in the way, and says as whom it looked', async () => {
  const { code, stdout, stderr } = await plan(['--stack', 'S']);

  expect(stdout).toContain('DELETE done (COMPLETED)');
  expect(stdout).toContain('OK: nothing would fail (jobs: 1 to delete, 0 kept, 0 refused, 0 unknown).');
  expect(stderr).toContain('Account 123456789012, region us-east-1, as arn:aws:iam::123456789012:root');
  expect(code).toBe(0);
});

it('prints one JSON document with a format', async () => {
  const { code, stdout } = await plan(['--stack', 'S', '--json']);

  const document = JSON.parse(stdout) as Record<string, unknown>;
  expect(Object.keys(document)).toStrictEqual([
    ...['format', 'version', 'command', 'verdict', 'reason', 'account', 'region', 'identity'],
    ...[
      'stack',
      'stackId',
      'stackStatus',
      'operation',
      'terminationProtection',
      'neverCompleted',
      'deletions',
      'slots',
      'problems',
      'warnings',
    ],
    'notChecked',
  ]);
  expect(document).toMatchObject({ format: 1, command: 'plan', verdict: 'OK', stack: 'S', operation: 'delete' });
  expect(code).toBe(0);
});

it('ends with 1 where a job would be refused, in an update of a YAML template', async () => {
  aws.iot.createJob({ jobId: 'active', status: 'IN_PROGRESS' });

  const { code, stdout } = await plan(['--stack', 'S', '--template', nextTemplate]);

  expect(stdout).toContain('FAIL active (IN_PROGRESS): active is IN_PROGRESS, and force is false.');
  expect(stdout).not.toContain('DELETE done');
  expect(code).toBe(1);
});

it.each([
  ['no such stack', ['--stack', 'T'], {}, 'There is no stack "T" in us-east-1 of account 123456789012.'],
  ['no region', ['--stack', 'S'], { AWS_DEFAULT_REGION: '' }, 'The region is missing. Give --region'],
  ['an unknown profile', ['--stack', 'S', '--profile', 'nobody'], {}, 'There is no profile "nobody"'],
  ['nobody at the endpoint', ['--stack', 'S', '--endpoint-url', 'http://127.0.0.1:9'], {}, 'No response from http'],
  ['no stack', [], {}, 'Missing option: --stack NAME.'],
  ['an unknown option', ['--stak', 'S'], {}, "Unknown option '--stak'"],
  ['no file', ['--stack', 'S', '--template', 'none.yaml'], {}, '--template none.yaml: ENOENT'],
] as const)('ends with 2 and one sentence: %s', async (_, args, env, sentence) => {
  const { code, stdout, stderr } = await plan([...args, '--json'], env);

  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(JSON.parse(stdout)).toMatchObject({ format: 1, command: 'plan', verdict: 'ERROR' });
  expect(code).toBe(2);
});

it('ends with 2 where a call is denied', async () => {
  const { accessKeyId } = aws.iam.createRole('Nobody');

  const { code, stderr } = await plan(['--stack', 'S'], { AWS_ACCESS_KEY_ID: accessKeyId });

  expect(stderr).toContain('/Nobody');
  expect(code).toBe(2);
});
