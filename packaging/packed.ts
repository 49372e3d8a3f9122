import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** Where `npm run package` puts it, and in which file. */
export const destination = join(root, 'packages', 'js');
export const tarball = join(destination, `cdk-iot-job-deletion-${version}.tgz`);

/** Runs a user's command; what it said is told only if it fails. */
export function runAsUser(cwd: string, env: NodeJS.ProcessEnv, command: string, ...options: string[]): void {
  try {
    execFileSync(command, options, { cwd, env, stdio: 'pipe', timeout: 120_000 });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: Buffer; readonly stderr: Buffer };
    throw new Error(`${[command, ...options].join(' ')}\n${stdout.toString()}\n${stderr.toString()}`, { cause: error });
  }
}
