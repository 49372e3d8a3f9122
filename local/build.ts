import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';

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
  for (const file of ['bootstrap.cjs', 'reroute-responses.cjs']) {
    cpSync(join(__dirname, 'lambda', file), join(dist, 'local', file));
  }
  const bundles = await Promise.all([local(), sdk('client-lambda'), sdk('client-sfn'), command()]);
  writeFileSync(join(dist, 'local', 'THIRD-PARTY-LICENSES.txt'), licences(packages(bundles)));
}

function local(): Promise<Bundle> {
  return build({
    ...common,
    entryPoints: ['local/index.ts'],
    outfile: 'dist/local/index.js',
    external: ['aws-cdk-lib', 'constructs', './sdk/*'],
    // The library that runs state machines brings a client of its own; there is one beside the bundle.
    alias: { '@aws-sdk/client-lambda': './sdk/@aws-sdk/client-lambda/index.js' },
  });
}

function sdk(client: string): Promise<Bundle> {
  return build({
    ...common,
    stdin: { contents: `export * from '@aws-sdk/${client}';`, resolveDir: root },
    outfile: `dist/local/sdk/@aws-sdk/${client}/index.js`,
    alias: { '@aws-sdk/credential-provider-node': join(root, 'lambda', 'credentials.ts') },
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
    external: ['aws-cdk-lib', 'constructs'],
    plugins: [embeddedAws],
  });
}

/** The folders of the packages of which something is in the bundles. */
function packages(bundles: readonly Bundle[]): string[] {
  const outputs = bundles.flatMap(({ metafile }) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** Every text once, under the names of the packages that it belongs to. */
function licences(folders: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      readonly [key: string]: string;
    };
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const text = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n');
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}, ${license}`]);
  }
  return [...byText]
    .map(([text, names]) => `${names.join('\n')}\n\n${text || 'Under the license of that name above or below.'}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

void main();
