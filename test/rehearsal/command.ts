import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';

/** How a process ended, and what it said. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a process runs. */
interface Surroundings {
  readonly cwd: string;
  readonly home: string;
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly watch?: (child: ChildProcess) => void;
}

const COMMAND = join(__dirname, '..', '..', 'dist', 'rehearsal', 'main.js');

/** Somebody's app, which knows nothing of a rehearsal. */
export const GREENHOUSE = join(__dirname, 'fixture-app');

/** How its stacks come and go, as a result has it. */
export const GREENHOUSE_OPERATIONS = [
  'deploy GreenhouseNetwork: CREATE_COMPLETE',
  'deploy GreenhouseFirmware: CREATE_COMPLETE',
  'destroy GreenhouseFirmware: DELETE_COMPLETE',
  'destroy GreenhouseNetwork: DELETE_COMPLETE',
];

/** Runs the command as it is published, with nothing of the person's own, and nobody at the keyboard. */
export async function runCommand(args: readonly string[], options: Surroundings): Promise<Outcome> {
  const { cwd, home, command = COMMAND, watch } = options;
  const { PATH, CDK_VALIDATION, TMPDIR } = process.env;
  const env = { PATH, CDK_VALIDATION, TMPDIR, HOME: home, ...options.env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...args],
      { cwd, env, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin!.end();
    watch?.(child);
  });
}

/** Runs `rehearse`. */
export function runRehearse(args: readonly string[], options: Surroundings): Promise<Outcome> {
  return runCommand(['rehearse', ...args], options);
}
