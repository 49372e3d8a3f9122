import { once } from 'node:events';

/** The signals by which a person, or the machine, ends a command. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** The command was ended from outside: nothing is known of how it would have gone on. */
export class Interrupted extends Error {
  constructor(readonly by: keyof typeof SIGNALS) {
    super(`Interrupted by ${by}.`);
  }

  /** What shells expect: 128 and the signal's number. */
  get exitCode(): number {
    return SIGNALS[this.by];
  }
}

/**
 * Runs something whose signal aborts, with {@link Interrupted}, at Ctrl-C. A second Ctrl-C does not wait for it to clean
 * up. Once interrupted, the process is to say so and exit: no further Ctrl-C cuts that short.
 */
export async function interruptibly<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const first = new AbortController();
  const second = new AbortController();
  const interrupt = (by: NodeJS.Signals): void =>
    (first.signal.aborted ? second : first).abort(new Interrupted(by as keyof typeof SIGNALS));
  const signals = Object.keys(SIGNALS) as NodeJS.Signals[];
  signals.forEach((signal) => process.on(signal, interrupt));
  try {
    return await unlessAborted(run(first.signal), second.signal);
  } finally {
    if (!first.signal.aborted) {
      signals.forEach((signal) => process.off(signal, interrupt));
    }
  }
}

/** Waits for something no longer than until the signal aborts; then it rejects with the signal's reason. */
export async function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = once(signal, 'abort', { signal: over.signal }).then(() => {
    throw signal.reason as Error;
  });
  // Whichever loses the race is nobody's concern any more.
  aborted.catch(() => undefined);
  awaited.catch(() => undefined);
  try {
    return await Promise.race([awaited, aborted]);
  } finally {
    over.abort();
  }
}
