import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { JobDeletion } from '../../lib';
import type * as local from '../../local';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const BUNDLE = join(ROOT, 'dist', 'local');

test("a user's own test, on what is published", async () => {
  const { LocalAws, synthesizedStack } = jest.requireActual<typeof local>(BUNDLE);
  const app = new App();
  const stack = new Stack(app, 'MyStack');
  new Bucket(stack, 'Firmware');
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-2026-11', force: true });

  const aws = await LocalAws.start({ deletionTime: () => 200 });
  try {
    aws.iot.createJob({ jobId: 'ota-2026-11' });
    await aws.cloudFormation.createStack(synthesizedStack(app.synth(), 'MyStack'));
    const { status, reason } = await aws.cloudFormation.deleteStack({ stackName: 'MyStack' });
    expect([status, reason]).toEqual(['DELETE_COMPLETE', undefined]);
    expect(aws.iot.jobs()).toEqual([]);
    expect(aws.stubs.map(({ type }) => type)).toContain('AWS::S3::Bucket');
  } finally {
    await aws.close();
  }
});

test('the bundles need nothing but Node, the peers and the bundled dependency, and name the licences of what is in them', () => {
  const scripts = readdirSync(BUNDLE, { recursive: true, encoding: 'utf8' }).filter((file) => /\.c?js$/.test(file));
  const required = scripts.flatMap((file) =>
    [...readFileSync(join(BUNDLE, file), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!),
  );
  const others = new Set(required.filter((name) => !isBuiltin(name)));
  // The validator's library writes the names of its own modules into code that it generates elsewhere.
  expect([...others].filter((name) => !/^ajv(-formats)?\/dist\//.test(name)).sort()).toEqual([
    // The constructs, which lie beside the embedded AWS.
    '../index.js',
    'aws-cdk-lib/cx-api',
    // The package brings it along.
    'yaml',
  ]);
  const licences = readFileSync(join(BUNDLE, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(licences).toMatch(/^aws-local-stepfunctions 3\.0\.0, MIT$/m);
  expect(licences).not.toMatch(/AGPL|iam-simulate/);
});

test("a user's program compiles with the packages that a CDK app has", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  const tsc = (...args: string[]): Promise<{ stdout: string }> =>
    promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', 'typescript-7', 'bin', 'tsc'), ...args], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error);
  try {
    mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
    for (const name of ['aws-cdk-lib', 'constructs', '@types/node']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    await tsc('-p', join(ROOT, 'local', 'tsconfig.build.json'), '--outDir', join(folder, 'local'));
    writeFileSync(
      join(folder, 'program.ts'),
      `import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
       import { LocalAws, synthesizedStack } from './local';
       export async function rehearse(assembly: CloudAssembly): Promise<string[]> {
         const aws = await LocalAws.start({ onEvent: ({ status }) => status.toLowerCase() });
         aws.iot.createJob({ jobId: 'a', status: 'SCHEDULED' });
         // @ts-expect-error no such status
         aws.iot.createJob({ jobId: 'b', status: 'GONE' });
         await aws.cloudFormation.createStack(synthesizedStack(assembly, 'MyStack'));
         return aws.iot.jobs().map(({ status }) => status);
       }`,
    );
    const options = ['--module', 'node20', '--strict', '--noEmit', '--types', 'node', 'program.ts'];
    expect((await tsc(...options)).stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
