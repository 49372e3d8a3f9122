import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAssembly } from '../../rehearsal/command/app';
import { requireFiles } from '../../rehearsal/command/plug-n-play';
import { readSettings } from '../../rehearsal/command/settings';
import { Terminal } from '../../rehearsal/terminal';
import { UsageError } from '../../rehearsal/usage';

/** An app without resources, which writes the context that it is given. */
const APP = `
const { writeFileSync, readFileSync } = require('node:fs');
const { CDK_OUTDIR, CDK_CONTEXT_JSON, CONTEXT_OVERFLOW_LOCATION_ENV: rest } = process.env;
const context = { ...(rest ? JSON.parse(readFileSync(rest)) : {}), ...JSON.parse(CDK_CONTEXT_JSON) };
writeFileSync(CDK_OUTDIR + '/manifest.json', JSON.stringify({ version: '36.0.0', artifacts: {} }));
writeFileSync(CDK_OUTDIR + '/context.json', JSON.stringify(context));
`;

const before = process.cwd();
let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(folder, 'app.js'), APP);
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const write = (file: string, content: unknown): void => writeFileSync(join(folder, file), JSON.stringify(content));

/** What the app of this folder is given. */
const context = (): Promise<Record<string, unknown>> => {
  const terminal = new Terminal({ isTTY: false, write: () => true });
  return withAssembly({ context: {} }, terminal, new AbortController().signal, ({ directory }) =>
    Promise.resolve(JSON.parse(readFileSync(join(directory, 'context.json'), 'utf8')) as Record<string, unknown>),
  );
};

test('a JavaScript file that is not executable is run with Node', async () => {
  chmodSync('app.js', 0o644);
  write('cdk.json', { app: 'app.js' });
  expect(await context()).toMatchObject({ 'aws:cdk:enable-path-metadata': true });
});

test('build comes before the app', async () => {
  write('cdk.json', { app: 'node build/app.js', build: 'mkdir build && cp app.js build' });
  expect(await context()).toMatchObject({ 'aws:cdk:enable-path-metadata': true });
});

test('the context of cdk.json wins over that of cdk.context.json', async () => {
  write('cdk.json', { app: 'node app.js', context: { job: 'a' } });
  write('cdk.context.json', { job: 'b', other: 'b' });
  expect(await context()).toMatchObject({ job: 'a', other: 'b' });
});

test("the person's own ~/.cdk.json comes last, and the command line first", () => {
  write('cdk.json', { app: 'node app.js', context: { job: 'a' } });
  write('home/.cdk.json', { context: { job: 'c', own: 'c' } });
  expect(readSettings({ context: { line: 'd' } }, home).context).toMatchObject({ job: 'a', own: 'c', line: 'd' });
  expect(readSettings({ context: { job: 'd' } }, home).context).toMatchObject({ job: 'd' });
});

test('a context of more than 128 KiB reaches the app', async () => {
  write('cdk.json', { app: 'node app.js' });
  const looked = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`vpc-${i}`, { vpcId: 'x'.repeat(500) }]));
  write('cdk.context.json', looked);
  expect(await context()).toMatchObject(looked);
});

describe('options of the CLI in the environment', () => {
  const home = '/nobody';
  test('win over cdk.json, and lose to the command line', () => {
    write('cdk.json', { app: 'node app.js', output: 'here', region: 'eu-west-1' });
    const env = { CDK_APP: 'node other.js', CDK_OUTPUT: 'there', CDK_REGION: 'eu-west-2', CDK_BUILD: '' };
    const read = { app: 'node other.js', output: 'there', region: 'eu-west-2', build: undefined };
    expect(readSettings({ context: {} }, home, env)).toMatchObject(read);
    expect(readSettings({ app: 'node line.js', context: {} }, home, env)).toMatchObject({ app: 'node line.js' });
  });

  test.each([
    ['debug: true', { debug: true }, { CDK_DEBUG: 'true' }],
    ['validation: false', { validation: false }, { CDK_VALIDATION: 'false' }],
    ['neither', { validation: true, debug: false }, {}],
  ])('%s reaches the app as a variable', (_, settings, variables) => {
    write('cdk.json', { app: 'node app.js', ...settings });
    expect(readSettings({ context: {} }, home, {}).variables).toEqual(variables);
  });
});

test.each([
  ['null', null, true],
  ['0', 0, false],
  ['false', false, false],
])('pathMetadata: %s', (_, pathMetadata, isOn) => {
  write('cdk.json', { app: 'node app.js', pathMetadata });
  expect('aws:cdk:enable-path-metadata' in readSettings({ context: {} }, home, {}).context).toBe(isOn);
});

test("stacks that name no account or region go to the CLI's own", async () => {
  write('cdk.json', { app: 'node app.js', region: 'eu-west-1' });
  const terminal = new Terminal({ isTTY: false, write: () => true });
  const home = await withAssembly({ context: {} }, terminal, new AbortController().signal, (_, at) =>
    Promise.resolve(at),
  );
  expect(home).toEqual({ accountId: '123456789012', region: 'eu-west-1' });
});

test.each(['', ' ', []])('an app that is %j is none, and an empty build is none either', async (app) => {
  write('cdk.json', { app, build: '' });
  await expect(context()).rejects.toThrow(/^No app: /);
  write('cdk.json', { app: 'node app.js', build: '' });
  expect(await context()).toBeDefined();
});

test.each(['default-account', 'default-region'])('the context %s is refused, as the CLI does', (key) => {
  write('cdk.json', { app: 'node app.js', context: { [key]: 'x' } });
  expect(() => readSettings({ context: {} }, home, {})).toThrow(`cdk.json: the CDK CLI does not support`);
});

test('a --context that begins with aws: is refused, as the CLI does', () => {
  write('cdk.json', { app: 'node app.js' });
  const options = { context: { 'aws:cdk:disable-asset-staging': 'true' } };
  expect(() => readSettings(options, home, {})).toThrow('keys that begin with "aws:"');
});

test('a cdk.json that is no JSON is named', async () => {
  writeFileSync('cdk.json', '{ "app": "node app.js", }');
  await expect(context()).rejects.toThrow(UsageError);
  await expect(context()).rejects.toThrow(/^cdk\.json/);
});

test('a cdk.json that cannot be read is named', () => {
  mkdirSync('cdk.json');
  expect(() => readSettings({ context: {} }, home, {})).toThrow("cdk.json can't be read: EISDIR");
});

test("Yarn's Plug'n'Play is named at once, with the way out", () => {
  const folderInZip =
    '/work/.yarn/cache/cdk-iot-job-deletion-npm-0.1.0-1a2b.zip/node_modules/cdk-iot-job-deletion/dist';
  expect(() => requireFiles(folderInZip)).toThrow('nodeLinker: node-modules');
  expect(() => requireFiles('/work/node_modules/cdk-iot-job-deletion/dist')).not.toThrow();
});
