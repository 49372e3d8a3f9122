import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { writeLicences } from '../packaging/third-party-licences';

/**
 * Bundles the handler, the SDK's used commands included, into the asset that the library ships: so that synth needs
 * neither a bundler nor Docker, and what runs does not depend on the SDK that the runtime happens to bring.
 */
const { metafile } = buildSync({
  absWorkingDir: join(__dirname, '..'),
  entryPoints: [join(__dirname, 'index.ts'), join(__dirname, 'aws.ts')],
  outdir: join(__dirname, '..', 'assets', 'handler'),
  // What loads the SDK is a file of its own, which the other one requires when it first needs it.
  external: ['./aws'],
  bundle: true,
  minify: true,
  legalComments: 'none',
  metafile: true,
  platform: 'node',
  // The SDK's ES modules, from which esbuild leaves out what is not used.
  mainFields: ['module', 'main'],
  target: 'node20',
  alias: { '@aws-sdk/credential-provider-node': join(__dirname, 'credentials.ts') },
  logLevel: 'warning',
});
// Beside the asset, not in it: the function has no use for them.
writeLicences('assets/THIRD-PARTY-LICENSES.txt', [metafile]);
