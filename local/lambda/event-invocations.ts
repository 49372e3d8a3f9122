import { ServiceError } from '../api';
import type { Clock } from '../clock';
import type { Outcome } from './execution-environment';

/** Lambda tries a function that failed on an event twice more. */
const PAUSES_AFTER_FAILURE = [60_000, 120_000];

/** Lambda drops an event after six hours. While it is throttled it tries again and again, with growing pauses. */
const MAXIMUM_EVENT_AGE = 6 * 3_600_000;
const MINIMUM_BACKOFF = 1_000;
const MAXIMUM_BACKOFF = 300_000;

/** Lambda's queue of events that nobody waits for: the asynchronous invocations. */
export class EventInvocations {
  private readonly closed = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** Runs an event until it succeeds, or Lambda would drop it. The first attempt comes after `delay` milliseconds. */
  submit(invoke: () => Promise<Outcome>, delay = 0): void {
    this.process(invoke, delay).catch((error: unknown) => {
      // Pending retries end with the queue, and an event whose function is gone is dropped; the rest is our own fault.
      if (!this.closed.signal.aborted && !(error instanceof ServiceError)) {
        throw error;
      }
    });
  }

  /** Gives up whatever still waits for its next attempt. */
  close(): void {
    this.closed.abort();
  }

  private async process(invoke: () => Promise<Outcome>, delay: number): Promise<void> {
    const expiresAt = this.clock.now() + MAXIMUM_EVENT_AGE;
    const pauses = [delay, ...PAUSES_AFTER_FAILURE];
    for (const pause of pauses) {
      if (pause > 0) {
        await this.clock.sleep(pause, this.closed.signal);
      }
      if (this.clock.now() > expiresAt || !(await this.unthrottled(invoke, expiresAt)).functionError) {
        return;
      }
    }
  }

  private async unthrottled(invoke: () => Promise<Outcome>, expiresAt: number): Promise<Outcome> {
    for (let backoff = MINIMUM_BACKOFF; ; backoff = Math.min(2 * backoff, MAXIMUM_BACKOFF)) {
      try {
        return await invoke();
      } catch (error) {
        const temporary = error instanceof ServiceError && (error.status === 429 || error.status >= 500);
        if (!temporary || this.clock.now() + backoff > expiresAt) {
          throw error;
        }
        await this.clock.sleep(backoff, this.closed.signal);
      }
    }
  }
}
