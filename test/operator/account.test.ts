import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAws } from '../../local/aws';
import { close, run, startAws } from './operator-world';

let aws: LocalAws;
let home: string;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'account-'));
  aws = await startAws([], { regions: ['eu-west-1', 'eu-central-1'] });
  aws.iam.createRole('Operator', {
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
    },
  });
  const config = join(home, 'config');
  writeFileSync(
    config,
    `[default]
region = eu-west-1
[profile base]
region = eu-central-1
aws_access_key_id = AKIABASE
aws_secret_access_key = x
[profile mfa]
region = eu-central-1
role_arn = arn:aws:iam::123456789012:role/Operator
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile old]
region = eu-central-1
sso_start_url = https://example.invalid
sso_account_id = 123456789012
sso_role_name = Operator
sso_region = us-east-1
`,
  );
  Object.assign(process.env, { AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL: aws.endpoint.url, HOME: home });
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true' });
});
afterEach(async () => {
  await close(aws);
  rmSync(home, { recursive: true });
});

const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

it.each([
  ['the option', ['--region', 'us-east-1'], { ...keys, AWS_REGION: 'eu-west-1' }, 'us-east-1'],
  ['AWS_REGION', [], { ...keys, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'eu-west-1' }, 'us-east-1'],
  ['AWS_DEFAULT_REGION', [], { ...keys, AWS_DEFAULT_REGION: 'us-east-1' }, 'us-east-1'],
  ['the default profile', [], keys, 'eu-west-1'],
  ['the profile', ['--profile', 'base'], keys, 'eu-central-1'],
  ['AWS_DEFAULT_PROFILE', [], { ...keys, AWS_DEFAULT_PROFILE: 'base', AWS_PROFILE: 'nobody' }, 'eu-central-1'],
] as const)('the region is that of %s', async (_, args, env, region) => {
  const { stderr } = await run(aws, 'delete-job', ['--job-id', 'x', ...args], { env });
  expect(stderr).toContain(`Account 123456789012, region ${region}, as `);
});

it('a profile with a device asks for its code once, and without a terminal says so', async () => {
  const args = ['--job-id', 'x', '--profile', 'mfa'];
  const asked = await run(aws, 'delete-job', args, { env: {}, typed: '123456\n' });
  expect(asked.stderr.match(/MFA code for arn:aws:iam::123456789012:mfa\/me: /g)).toHaveLength(1);
  expect(asked.stderr).toMatch(/region eu-central-1, as arn:aws:sts::123456789012:assumed-role\/Operator\//);
  const { code, stderr } = await run(aws, 'delete-job', args, { env: {} });
  expect([code, stderr]).toEqual([2, expect.stringContaining('there is no terminal to ask for it.')]);
});

it.each([
  ['a session that is over', ['--profile', 'old'], /^ERROR: .*session.*\n$/],
  ['a profile that nobody has', ['--profile', 'nobody'], /^ERROR: There is no profile "nobody"/],
])('%s is told in a sentence', async (_, args, sentence) => {
  const { code, stderr } = await run(aws, 'sweep', ['--job-id', 'x', ...args], { env: {} });
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
});
