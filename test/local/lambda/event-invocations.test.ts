import { ServiceError } from '../../../local/api';
import type { Clock } from '../../../local/clock';
import { EventInvocations } from '../../../local/lambda/event-invocations';
import type { Outcome } from '../../../local/lambda/execution-environment';

const SUCCESS: Outcome = { payload: 'null' };
const FAILURE: Outcome = { payload: '{}', functionError: 'Unhandled' };
const throttle = (): ServiceError => new ServiceError('TooManyRequestsException', 429, 'Rate Exceeded.');

/** Time that passes at once, and remembers how. */
class QuickClock implements Clock {
  readonly pauses: number[] = [];
  private time = 0;

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.pauses.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }
}

describe('asynchronous invocations', () => {
  /** Submits an event whose attempts end like this, and returns the pauses once the last attempt is made. */
  async function pauses(...attempts: (Outcome | ServiceError)[]): Promise<number[]> {
    const clock = new QuickClock();
    await new Promise<void>((resolve) => {
      new EventInvocations(clock).submit(() => {
        const attempt = attempts.shift();
        if (attempts.length === 0) {
          setImmediate(resolve);
        }
        return attempt instanceof ServiceError ? Promise.reject(attempt) : Promise.resolve(attempt ?? SUCCESS);
      });
    });
    return clock.pauses;
  }

  it('run once when they succeed', async () => {
    expect(await pauses(SUCCESS)).toEqual([]);
  });

  it('run twice more when they fail, after one and two minutes', async () => {
    expect(await pauses(FAILURE, FAILURE, FAILURE)).toEqual([60_000, 120_000]);
  });

  it('wait with growing pauses while they are throttled', async () => {
    expect(await pauses(throttle(), throttle(), throttle(), SUCCESS)).toEqual([1_000, 2_000, 4_000]);
  });

  it('come as late as somebody wants', async () => {
    const clock = new QuickClock();
    await new Promise<void>((resolve) => {
      new EventInvocations(clock).submit(() => {
        setImmediate(resolve);
        return Promise.resolve(SUCCESS);
      }, 3_600_000);
    });
    expect(clock.pauses).toEqual([3_600_000]);
  });

  it.each([
    ['while they are throttled', throttle(), 0],
    ['where they wait for their first attempt', SUCCESS, 7 * 3_600_000],
  ])('are dropped after six hours %s', async (_when, outcome, delay) => {
    const clock = new QuickClock();
    let last = 0;
    new EventInvocations(clock).submit(() => {
      last = clock.now();
      return outcome instanceof ServiceError ? Promise.reject(outcome) : Promise.resolve(outcome);
    }, delay);
    await new Promise(setImmediate);
    expect(last).toBeLessThanOrEqual(6 * 3_600_000);
    expect(last).toBeGreaterThanOrEqual(delay > 0 ? 0 : 5.9 * 3_600_000);
    expect(clock.pauses.length).toBeGreaterThan(0);
  });

  it('give up on a function that is gone', async () => {
    expect(await pauses(new ServiceError('ResourceNotFoundException', 404, 'gone'))).toEqual([]);
  });

  it('are given up on close', async () => {
    const clock = new QuickClock();
    const invocations = new EventInvocations(clock);
    await new Promise<void>((resolve) => {
      invocations.submit(() => {
        invocations.close();
        setImmediate(resolve);
        return Promise.resolve(FAILURE);
      });
    });
    expect(clock.pauses).toEqual([]);
  });
});
