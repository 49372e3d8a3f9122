import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpOnly } from './help';
import { tarball } from './packed';

helpOnly(`Usage: npm run docs:recipes

Runs the recipes of docs/local.md, for Jest, Vitest and node:test, each twice: as it is, and with a wrong expectation.
The runner must report one test that passes and one that fails, and must end by itself. Takes the package that
npm run package has packed.
`);

const root = join(__dirname, '..');
const page = readFileSync(join(root, 'docs', 'local.md'), 'utf8');
const recipe = (language: string): string => new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page)![1]!;
const jestRecipe = recipe('ts');

/** The recipe of each runner, as its reader has it in `test/`, and how it is run. */
const RUNNERS = {
  jest: {
    source: jestRecipe,
    command: ['node_modules/jest/bin/jest.js', '--coverage=false', '--no-watchman'],
    said: ['Tests:       1 failed, 1 passed', 'Expected'],
  },
  vitest: {
    source: `${recipe('ts vitest')}${jestRecipe}`,
    command: ['node_modules/vitest/vitest.mjs', 'run'],
    said: ['Tests  1 failed | 1 passed', 'DELETE_FAILED'],
  },
  'node:test': {
    source: recipe('ts node:test'),
    command: ['--import', 'tsx', '--test', '--test-reporter=tap', 'test/passes.test.ts', 'test/fails.test.ts'],
    said: ['# pass 1\n# fail 1\n# cancelled 0', 'deepStrictEqual'],
  },
} as const;

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  try {
    settle(folder);
    for (const [name, { source, command, said }] of Object.entries(RUNNERS)) {
      const failing = source.replace("'DELETE_COMPLETE'", "'DELETE_FAILED'");
      if (failing === source) {
        throw new Error(`docs/local.md, ${name}: the recipe no longer expects DELETE_COMPLETE`);
      }
      writeFileSync(join(folder, 'test', 'passes.test.ts'), source);
      writeFileSync(join(folder, 'test', 'fails.test.ts'), failing);
      const { code, output } = await run(folder, command);
      // Without an exit status: whatever was left open kept the runner from ending.
      if (code !== 1 || !said.every((text) => output.includes(text)) || /did not exit|force exited/.test(output)) {
        throw new Error(
          `docs/local.md, ${name}: exit status ${code}; it must be 1, with ${said.join(', ')}\n${output}`,
        );
      }
      process.stdout.write(`docs/local.md, ${name}: passes; with a wrong expectation it fails and ends\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A reader's app: the package as it is packed, beside everything that this repository has installed. */
function settle(folder: string): void {
  const modules = join(folder, 'node_modules');
  ['lib', 'test', 'node_modules'].forEach((name) => mkdirSync(join(folder, name)));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  execFileSync('tar', ['-xzf', tarball, '-C', modules]);
  renameSync(join(modules, 'package'), join(modules, 'cdk-iot-job-deletion'));
  const stack = readFileSync(join(root, 'test', 'package', 'app', 'lib', 'my-stack.ts'));
  writeFileSync(join(folder, 'lib', 'my-stack.ts'), stack);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const jest = {
    rootDir: folder,
    roots: ['<rootDir>/test'],
    transform: { '^.+\\.ts$': ['@swc/jest', swc()] },
    cacheDirectory: join(folder, 'cache'),
  };
  writeFileSync(join(folder, 'jest.config.js'), `module.exports = ${JSON.stringify(jest)};`);
}

/** How this repository's TypeScript is compiled. */
function swc(): unknown {
  return JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
}

/** Runs Node in the reader's folder. */
function run(
  cwd: string,
  options: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { PATH, HOME, TMPDIR } = process.env;
  // CDK's validation takes longer than all the rest, and is not the subject.
  const env = { PATH, HOME, TMPDIR, NO_COLOR: '1', CDK_VALIDATION: 'false' };
  const child = spawn(process.execPath, options, { cwd, env, timeout: 180_000 });
  const chunks: string[] = [];
  [child.stdout, child.stderr].forEach((stream) => stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString())));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: chunks.join('') }));
  });
}
