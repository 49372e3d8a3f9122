import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAws } from '../../local/aws';
import { close, type Ended, ENVIRONMENT, jobs, run, startAws } from './operator-world';
import { CA_BUNDLE, Proxy } from './proxy';

let aws: LocalAws;
let proxy: Proxy;
beforeEach(async () => {
  aws = await startAws(jobs(1));
  proxy = await Proxy.start(aws.endpoint.url);
});
afterEach(async () => {
  await proxy.close();
  await close(aws);
});

/** Deletes the job at AWS's own endpoints, or those of the environment. */
function deleteJob(env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<Ended> {
  return run(aws, 'delete-job', ['--job-id', 'ota-0', ...args], { env: { ...ENVIRONMENT, ...env }, endpoint: [] });
}

const tunnels = ['CONNECT sts.us-east-1.amazonaws.com:443', 'CONNECT iot.us-east-1.amazonaws.com:443'];

it.each([
  ['HTTPS_PROXY', (address: string) => ({ HTTPS_PROXY: `http://${address}` })],
  [
    'https_proxy, which wins',
    (address: string) => ({ https_proxy: `http://${address}`, HTTPS_PROXY: 'http://x.invalid' }),
  ],
  ['HTTPS_PROXY without a scheme', (address: string) => ({ HTTPS_PROXY: address })],
])('encrypted calls go through the tunnel of %s', async (_, env) => {
  const { code, stderr } = await deleteJob({ ...env(proxy.address), AWS_CA_BUNDLE: CA_BUNDLE });
  expect([code, stderr]).toEqual([0, expect.stringContaining('deleted')]);
  expect(new Set(proxy.asked)).toEqual(new Set(tunnels));
  expect(aws.iot.job('ota-0')).toBeUndefined();
});

it('calls in the clear go through HTTP_PROXY, which takes whole URLs', async () => {
  const endpoint = 'http://emulator.invalid:4600';
  const { code } = await deleteJob({ HTTP_PROXY: `http://${proxy.address}` }, ['--endpoint-url', endpoint]);
  expect([code, aws.iot.job('ota-0')]).toEqual([0, undefined]);
  expect(new Set(proxy.asked)).toEqual(new Set([`POST ${endpoint}`, `GET ${endpoint}`, `DELETE ${endpoint}`]));
});

it.each(['emulator.invalid', 'invalid', '.invalid', '*.INVALID', 'x.example, emulator.invalid:4600', '*'])(
  'NO_PROXY=%s keeps calls away from the proxy',
  async (excepted) => {
    const env = { HTTP_PROXY: `http://${proxy.address}`, NO_PROXY: excepted };
    const { code, stderr } = await deleteJob(env, ['--endpoint-url', 'http://emulator.invalid:4600']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('No response from http://emulator.invalid:4600')]);
    expect(proxy.asked).toEqual([]);
  },
);

it.each(['lator.invalid', 'emulator.invalid:80', ''])('NO_PROXY=%s does not', async (excepted) => {
  const env = { HTTP_PROXY: `http://${proxy.address}`, NO_PROXY: excepted };
  expect((await deleteJob(env, ['--endpoint-url', 'http://emulator.invalid:4600'])).code).toBe(0);
});

it('this machine needs no proxy', async () => {
  const env = { HTTP_PROXY: `http://${proxy.address}` };
  expect((await deleteJob(env, ['--endpoint-url', aws.endpoint.url])).code).toBe(0);
  expect(proxy.asked).toEqual([]);
});

describe('with a profile', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'proxy-'));
    const config = join(home, 'config');
    aws.iam.createRole('Operator', {
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
      },
    });
    writeFileSync(
      config,
      `[profile role]
region = us-east-1
role_arn = arn:aws:iam::123456789012:role/Operator
source_profile = base
ca_bundle = ${CA_BUNDLE}
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = x
[profile sso]
region = us-east-1
sso_start_url = https://example.invalid
sso_account_id = 123456789012
sso_role_name = Operator
sso_region = us-east-1
ca_bundle = ${CA_BUNDLE}
`,
    );
    // As `aws sso login` leaves it.
    const cache = join(home, '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const name = createHash('sha1').update('https://example.invalid').digest('hex');
    const token = { accessToken: 'token', expiresAt: '2100-01-01T00:00:00Z' };
    writeFileSync(join(cache, `${name}.json`), JSON.stringify(token));
    Object.assign(process.env, { AWS_CONFIG_FILE: config, HOME: home });
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it.each([
    ['role', []],
    ['sso', ['CONNECT portal.sso.us-east-1.amazonaws.com:443']],
  ])('its credentials come through the proxy too: %s', async (profile, more) => {
    const { code, stderr } = await deleteJob({ HTTPS_PROXY: proxy.address }, ['--profile', profile]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('deleted')]);
    expect(new Set(proxy.asked)).toEqual(new Set([...tunnels, ...more]));
  });
});

describe('a proxy that wants a password', () => {
  let strict: Proxy;
  beforeEach(async () => {
    strict = await Proxy.start(aws.endpoint.url, 'p@ss');
  });
  afterEach(() => strict.close());

  it('gets it', async () => {
    const env = { HTTPS_PROXY: `http://me:p%40ss@${strict.address}`, AWS_CA_BUNDLE: CA_BUNDLE };
    expect((await deleteJob(env)).code).toBe(0);
  });

  it('is told in a sentence, without the password', async () => {
    const { code, stderr } = await deleteJob({ HTTPS_PROXY: `http://me:secret@${strict.address}` });
    expect([code, stderr]).toEqual([
      2,
      'ERROR: The proxy refuses the connection with status 407. Check HTTPS_PROXY and NO_PROXY.\n',
    ]);
  });
});

it.each([
  ['a proxy that is no URL', { HTTP_PROXY: 'http://me:secret@:80' }, 'HTTP_PROXY takes the URL of an HTTP proxy'],
  [
    'a password that is not encoded',
    { HTTPS_PROXY: 'http://me:secret%@x' },
    'HTTPS_PROXY takes the URL of an HTTP proxy',
  ],
  [
    'a proxy that speaks no HTTP',
    { HTTPS_PROXY: 'socks5://me:secret@127.0.0.1' },
    'HTTPS_PROXY takes the URL of an HTTP proxy',
  ],
  [
    'certificates that are nowhere',
    { AWS_CA_BUNDLE: '/no/such/file' },
    "The certificates of AWS_CA_BUNDLE can't be read: ENOENT",
  ],
])('%s is told in a sentence', async (_, env, sentence) => {
  const { code, stderr } = await deleteJob(env);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`ERROR: ${sentence}`)]);
  expect(stderr).not.toContain('secret');
});

it('a certificate that nobody trusts is told, with what to set', async () => {
  const { code, stderr } = await deleteJob({ HTTPS_PROXY: proxy.address });
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^ERROR: The certificate is not trusted: .*\. Set AWS_CA_BUNDLE to a file .*\n$/),
  ]);
});
