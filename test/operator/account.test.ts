import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAws } from '../../local/aws';
import { simulatedIam } from '../../rehearsal/authoriser';
import { close, run, startAws } from './operator-world';

let aws: LocalAws;
let home: string;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'account-'));
  aws = await startAws([], { regions: ['eu-west-1', 'eu-central-1'], authoriser: simulatedIam });
  aws.iam.createRole('Operator', {
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: '*' },
          // So STS has to be given the device and its code.
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        },
      ],
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
[profile process]
region = eu-central-1
credential_process = sh -c 'echo one >&2; echo two >&2; exit 3'
[profile circle]
region = eu-central-1
role_arn = arn:aws:iam::123456789012:role/Operator
source_profile = circle-2
[profile circle-2]
role_arn = arn:aws:iam::123456789012:role/Operator
source_profile = circle
[profile half]
region = eu-central-1
aws_access_key_id = AKIAHALF
[profile session]
region = eu-central-1
sso_session = nowhere
sso_account_id = 123456789012
sso_role_name = Operator
[profile token]
region = eu-central-1
role_arn = arn:aws:iam::123456789012:role/Operator
web_identity_token_file = /no/such/token
[profile place]
region = eu central
[profile plain]
region = eu-central-1
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
  ['a process that fails', ['--profile', 'process'], /^ERROR: There are no .* "process": Command failed: .*\.\n$/],
  ['roles in a circle', ['--profile', 'circle'], /^ERROR: There are no .* "circle": Detected a cycle .*\n$/],
  ['half of the keys', ['--profile', 'half'], /^ERROR: There are no .* "half": .*\[half\].*\n$/],
  ['a session that is nowhere', ['--profile', 'session'], /^ERROR: These settings can't be used: .*\n$/],
  ['a token that is nowhere', ['--profile', 'token'], /^ERROR: These settings can't be used: .*\/no\/such\/token.*\n$/],
  ['a region that is none', ['--profile', 'place'], /^ERROR: These settings can't be used: .*"eu central".*\n$/],
])('%s is told in a sentence', async (_, args, sentence) => {
  const { code, stderr } = await run(aws, 'sweep', ['--job-id', 'x', ...args], { env: {} });
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
});

it.each(['', '_IOT'])('an AWS_ENDPOINT_URL%s that is no URL is told in a sentence', async (service) => {
  const env = { ...keys, [`AWS_ENDPOINT_URL${service}`]: 'localhost' };
  const { code, stderr } = await run(aws, 'sweep', ['--job-id', 'x', '--region', 'us-east-1'], { env, endpoint: [] });
  expect([code, stderr]).toEqual([
    2,
    `ERROR: AWS_ENDPOINT_URL${service} takes a URL such as http://localhost:4600, not "localhost".\n`,
  ]);
});

it('a host that is nowhere is named, with what to check', async () => {
  process.env.AWS_ENDPOINT_URL_STS = 'http://sts.nowhere-9.invalid';
  const { code, stderr } = await run(aws, 'sweep', ['--job-id', 'x', '--region', 'us-east-1'], {
    env: keys,
    endpoint: [],
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^ERROR: No response from sts\.nowhere-9\.invalid: [A-Z_]+\. Check the region, .*\n$/);
});

describe('on a machine that has a role of its own', () => {
  let machine: Server;
  beforeEach(async () => {
    const credentials = {
      AccessKeyId: 'AKIAMACHINE',
      SecretAccessKey: 'x',
      Token: 't',
      Expiration: '2100-01-01T00:00:00Z',
    };
    machine = createServer((_, response) => response.end(JSON.stringify(credentials))).listen(0, '127.0.0.1');
    await once(machine, 'listening');
    const { port } = machine.address() as AddressInfo;
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${port}/`;
  });
  afterEach(() => new Promise((resolve) => machine.close(resolve)));

  it.each(['process', 'circle', 'half'])(
    'a profile whose credentials fail is no way to that role: %s',
    async (name) => {
      const { code, stderr } = await run(aws, 'sweep', ['--job-id', 'x', '--profile', name], { env: {} });
      expect([code, stderr]).toEqual([2, expect.stringContaining(`no credentials of the profile "${name}"`)]);
    },
  );

  it('a profile that only says where has that role, as in the AWS CLI', async () => {
    const { code, stderr } = await run(aws, 'sweep', ['--job-id', 'x', '--profile', 'plain'], { env: {} });
    expect([code, stderr]).toEqual([0, expect.stringContaining('region eu-central-1, as ')]);
  });
});
