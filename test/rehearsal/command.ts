import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';

/** How a process ended, and what it said. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const COMMAND = join(__dirname, '..', '..', 'dist', 'rehearsal', 'main.js');

/** Runs `rehearse` as it is published, with nothing of the person's own, and nobody at the keyboard. */
export async function runRehearse(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly home: string;
    readonly command?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly watch?: (child: ChildProcess) => void;
  },
): Promise<Outcome> {
  const { cwd, home, command = COMMAND, watch } = options;
  const env = { PATH: process.env.PATH, HOME: home, ...options.env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [command, 'rehearse', ...args],
      { cwd, env, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin!.end();
    watch?.(child);
  });
}
