import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A document with one fault of each kind, the rule that finds it, and what it says. */
const FAULTS = [
  [`The handler ${'deletes jobs and '.repeat(8)}waits.`, 'short-sentences', '27 words, at most 25'],
  ['Throttling is borne.', 'plain-words', '"is borne": write "retry"'],
  ['What is stubbed never fails.', 'plain-words', 'begin with who does it'],
  ['[Nowhere](nowhere.md)', 'missing-file', 'nowhere.md'],
  ['[Here](#nothing)', 'missing-heading', '#nothing'],
  ['A jobb.', 'spelling', 'Unknown word (jobb)'],
] as const;

let folder: string;
let said: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prose-'));
  const file = join(folder, 'planted.md');
  writeFileSync(file, FAULTS.map(([text]) => `${text}\n`).join('\n'));
  const remark = ['--import', 'tsx', 'node_modules/remark-cli/cli.js', '--no-stdout', '--frail', '--no-color'];
  said = [
    run(...remark, '--rc-path', '.remarkrc.mjs', file),
    run('node_modules/cspell/bin.mjs', '--config', 'cspell.json', '--root', folder, '--no-color', file),
  ].join('\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(FAULTS)('%s: %s finds it', (_, __, says) => {
  expect(said).toContain(says);
});

/** Each linter ends with 1: it found something. */
function run(...options: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8', timeout: 60_000 });
  expect({ status, stderr: status === 1 ? '' : stderr }).toEqual({ status: 1, stderr: '' });
  return stdout + stderr;
}
