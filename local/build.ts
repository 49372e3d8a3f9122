import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';
import { writeLicences } from '../packaging/third-party-licences';

const root = join(__dirname, '..');
const dist = join(root, 'dist');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  // Errors are told apart by the names of their classes.
  keepNames: true,
  legalComments: 'none',
  platform: 'node',
  mainFields: ['module', 'main'],
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** What is there wherever the library is: its peers, and its one dependency. */
const PRESENT = ['aws-cdk-lib', 'constructs', 'yaml'];

type Bundle = BuildResult<typeof common>;

/**
 * Bundles the embedded AWS and the command that uses it, with everything that they need but the library's peers: who
 * has the library installs nothing else for them.
 *
 * `dist/local/` is the entry point `cdk-iot-job-deletion/local`. What the functions' processes load stays in files
 * beside it: the runtime, and the SDK that Lambda's own runtime would bring. `dist/rehearsal/` is the command.
 */
async function main(): Promise<void> {
  rmSync(join(dist, 'local'), { recursive: true, force: true });
  rmSync(join(dist, 'rehearsal'), { recursive: true, force: true });
  for (const file of ['bootstrap.cjs', 'reroute-responses.cjs', 'runtime.cjs']) {
    cpSync(join(__dirname, 'lambda', file), join(dist, 'local', file));
  }
  const bundles = await Promise.all([local(), statesLanguage(), sdk('client-lambda'), sdk('client-sfn'), command()]);
  writeLicences(
    'dist/local/THIRD-PARTY-LICENSES.txt',
    bundles.map(({ metafile }) => metafile),
  );
}

function local(): Promise<Bundle> {
  return build({
    ...common,
    entryPoints: ['local/index.ts'],
    outfile: 'dist/local/index.js',
    external: PRESENT,
    plugins: [library],
  });
}

/** The constructs, which the embedded AWS deploys where an app uses another app's provider: they lie beside it. */
const library: Plugin = {
  name: 'the library as it is published',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\.\/lib$/ }, () => ({ path: '../index.js', external: true }));
  },
};

/** The library that runs state machines is loaded once for each clock, so it is a file of its own. */
function statesLanguage(): Promise<Bundle> {
  const noClient: Plugin = {
    name: 'tasks run on the embedded Lambda',
    setup(plugin) {
      plugin.onResolve({ filter: /^@aws-sdk\// }, ({ path }) => ({ path, namespace: 'nothing' }));
      plugin.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
  return build({
    ...common,
    stdin: { contents: `export * from 'aws-local-stepfunctions';`, resolveDir: root },
    outfile: 'dist/local/states-language.cjs',
    plugins: [noClient],
  });
}

function sdk(client: string): Promise<Bundle> {
  return build({
    ...common,
    stdin: { contents: `export * from '@aws-sdk/${client}';`, resolveDir: root },
    outfile: `dist/local/sdk/@aws-sdk/${client}/index.js`,
    alias: { '@aws-sdk/credential-provider-node': join(root, 'lambda', 'aws', 'credentials.ts') },
  });
}

function command(): Promise<Bundle> {
  const embeddedAws: Plugin = {
    name: 'the embedded AWS as its own bundle',
    setup(plugin) {
      plugin.onResolve({ filter: /\/local$/ }, () => ({ path: '../local/index.js', external: true }));
    },
  };
  return build({
    ...common,
    entryPoints: ['rehearsal/command/main.ts'],
    outfile: 'dist/rehearsal/main.js',
    banner: { js: '#!/usr/bin/env node' },
    external: [...PRESENT, '@aws-cdk/toolkit-lib'],
    plugins: [embeddedAws],
  });
}

void main();
