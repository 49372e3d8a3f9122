import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../lambda/aws/clock';

/** A stream that a command writes to. */
export type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command of the operator works with, besides AWS: the process's own, or a test's. */
export interface Console {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** The process's own console and time. */
export const processConsole: Console = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: { now: Date.now, sleep: delay, random: Math.random },
};
