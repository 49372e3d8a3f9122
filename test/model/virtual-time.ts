import * as fakeTimers from '@sinonjs/fake-timers';
import { ClosableClock } from '../../local/clock';

/** Time that jumps to the next timer whenever nothing else is to be done: nothing in it may wait for real I/O. */
export class VirtualTime {
  private waiting = 0;
  private readonly timers = fakeTimers.install({
    now: Date.parse('2026-11-24T00:00:00Z'),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });

  constructor() {
    this.timers.setTickMode({ mode: 'nextAsync' });
  }

  readonly clock = new ClosableClock({
    now: () => Date.now(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          clearTimeout(timer);
          reject(signal!.reason as Error);
        };
        const timer = setTimeout(() => {
          // All sleepers of an account share a signal: one that has woken up must not burden the next ones.
          signal?.removeEventListener('abort', abort);
          resolve();
        }, milliseconds);
        signal?.addEventListener('abort', abort, { once: true });
      }),
  });

  /** Lets no time pass while something waits for real I/O. */
  async standStill<Result>(work: () => Promise<Result>): Promise<Result> {
    this.waiting += 1;
    this.timers.setTickMode({ mode: 'manual' });
    try {
      return await work();
    } finally {
      this.waiting -= 1;
      if (this.waiting === 0) {
        this.timers.setTickMode({ mode: 'nextAsync' });
      }
    }
  }

  /** Back to the machine's own time, in which nothing that was left unfinished goes on. */
  end(): void {
    this.clock.close();
    this.timers.uninstall();
  }
}
