import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { writeLicences } from '../packaging/third-party-licences';

/** The SDK reads nothing but its version from its package.json: the rest need not be loaded with every cold start. */
const versionsOnly: Plugin = {
  name: 'versions only',
  setup: (bundling) =>
    bundling.onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    }),
};

/**
 * The SDK names a schema's traits by computed keys (`[_h]: …`), and esbuild keeps what has one: evaluating a key might do
 * something. Each of these keys is a constant text of the same file. Written as the text, unused schemas are left out:
 * a quarter of the bundle.
 */
const constantKeys: Plugin = {
  name: 'constant keys',
  setup: (bundling) =>
    bundling.onLoad({ filter: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const texts = new Map([...source.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, text]) => [name, text]));
      return {
        contents: source.replace(/\[(_\w+)\]:/g, (key, name: string) =>
          texts.has(name) ? `${texts.get(name)}:` : key,
        ),
      };
    }),
};

/**
 * The SDK's retries bind two functions as they are loaded, and esbuild keeps what might do something, with all that it
 * needs: a sixth of what the handler loads before its first call. They do nothing else: they are left out where unused.
 */
const pureBindings: Plugin = {
  name: 'pure bindings',
  setup: (bundling) =>
    bundling.onLoad({ filter: /@smithy\/core\/dist-es\/submodules\/retry\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/= (?=bind\w+\()/g, '= /* @__PURE__ */ '),
    })),
};

/**
 * Bundles the handler, the SDK's used commands included, into the asset that the library ships: so that synth needs
 * neither a bundler nor Docker, and what runs does not depend on the SDK that the runtime happens to bring.
 */
async function main(): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: join(__dirname, '..'),
    entryPoints: [join(__dirname, 'index.ts'), join(__dirname, 'aws', 'clients.ts')],
    outdir: join(__dirname, '..', 'assets', 'handler'),
    // What loads the SDK is a file of its own, which the other one requires when it first needs it.
    external: ['./clients'],
    entryNames: '[name]',
    bundle: true,
    minify: true,
    legalComments: 'none',
    metafile: true,
    platform: 'node',
    // The SDK's ES modules, from which esbuild leaves out what is not used.
    mainFields: ['module', 'main'],
    target: 'node22',
    alias: { '@aws-sdk/credential-provider-node': join(__dirname, 'aws', 'credentials.ts') },
    plugins: [versionsOnly, constantKeys, pureBindings],
    logLevel: 'warning',
  });
  // Beside the asset, not in it: the function has no use for them.
  writeLicences('assets/THIRD-PARTY-LICENSES.txt', [metafile]);
}

void main();
