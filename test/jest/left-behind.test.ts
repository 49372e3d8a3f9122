import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processes } from './belongings.cjs';

const root = join(__dirname, '..', '..');
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'left-behind-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of one test, twice, in a temp folder that is empty at first. */
function run(source: string, workers = 1) {
  const [tests, temp] = [join(folder, 'tests'), join(folder, 'temp')];
  [tests, temp].forEach((path) => mkdirSync(path));
  ['one', 'other'].forEach((name) => writeFileSync(join(tests, `${name}.test.js`), source));
  const jest = join(root, 'node_modules', '.bin', 'jest');
  const options = [
    '--config',
    join(root, 'jest.config.js'),
    '--roots',
    tests,
    '--testMatch',
    `${tests}/*`,
    '-w',
    String(workers),
  ];
  const env = { ...process.env, TMPDIR: temp };
  const child = spawn(process.execPath, [jest, ...options], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  return { child, temp, ended: once(child, 'close').then(() => child.exitCode), output: () => output };
}

const LEAVES = `
  const { mkdtempSync } = require('node:fs');
  const { tmpdir } = require('node:os');
  const { spawn } = require('node:child_process');
  mkdtempSync(tmpdir() + '/forgotten-');
  mkdtempSync(tmpdir() + '/cdk.out');
  spawn('sleep', ['600'], { stdio: 'ignore' }).unref();
`;

test('what CDK leaves in the temp folder is gone after the run', async () => {
  const { ended, temp, output } = run(
    LEAVES.replace(/.*(forgotten|sleep).*/g, '') + "test('passes', () => undefined);",
  );
  expect([await ended, output()]).toEqual([0, expect.not.stringContaining('LEFT')]);
  expect(readdirSync(temp)).toEqual([]);
});

test.each(['passes', 'fails'])('a run that %s but leaves something fails, names it, and removes it', async (what) => {
  const { ended, temp, output } = run(`${LEAVES} test('it', () => expect('passes').toBe('${what}'));`);
  expect(await ended).toBe(1);
  expect(output()).toMatch(/LEFT BEHIND:\n( +forgotten-\w+\n){2}( +process \d+: sleep 600\n){2}/);
  expect(readdirSync(temp)).toEqual([]);
});

test.each(['SIGINT', 'SIGKILL'] as const)('a run that is ended by %s leaves nothing', async (signal) => {
  const { child, ended, temp, output } = run(
    `${LEAVES} test('hangs', () => { process.stderr.write('HANGS'); return new Promise(() => undefined); });`,
    2,
  );
  while (!/HANGS[^]*HANGS/.test(output())) {
    await once(child.stderr, 'data');
  }
  const [own] = readdirSync(temp);
  expect(processes(join(temp, own!)).length).toBeGreaterThanOrEqual(4);
  child.kill(signal);
  expect(await ended).not.toBe(0);
  // Nobody tells when the reaper is done, whom a run leaves to itself.
  while (readdirSync(temp).length > 0 || processes(join(temp, own!)).length > 0) {
    await delay(20);
  }
});
