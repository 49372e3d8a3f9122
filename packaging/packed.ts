import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** Where `npm run package` puts it, and in which file. */
export const destination = join(root, 'packages', 'js');
export const tarball = join(destination, `cdk-iot-job-deletion-${version}.tgz`);

/** Runs a user's command; what it said is told only if it fails. */
export async function runAsUser(
  cwd: string,
  env: NodeJS.ProcessEnv,
  command: string,
  ...options: string[]
): Promise<void> {
  try {
    await promisify(execFile)(command, options, { cwd, env, timeout: 300_000, maxBuffer: 2 ** 24 });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${[command, ...options].join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}
