import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Time, as every part of the embedded AWS takes it, so that a test can let minutes pass quickly. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

/** A clock whose sleepers can all be woken up for good: what waits on it ends instead of outliving its owner. */
export class ClosableClock implements Clock {
  private readonly closed = new AbortController();

  constructor(private readonly clock: Clock) {
    // Every wait of a whole account listens to it.
    setMaxListeners(0, this.closed.signal);
  }

  now(): number {
    return this.clock.now();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const { signal: closed } = this.closed;
    if (closed.aborted) {
      return Promise.reject(closed.reason as Error);
    }
    return this.clock.sleep(milliseconds, signal ? AbortSignal.any([signal, closed]) : closed);
  }

  /** Every sleep rejects, those that began and those to come. */
  close(): void {
    this.closed.abort(new Error('The embedded AWS was closed meanwhile.'));
  }
}
