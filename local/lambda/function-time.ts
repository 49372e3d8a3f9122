import { runInThisContext } from 'node:vm';
import type { Clock } from '../clock';

/** A timer, as Node's is. */
interface Timer {
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
  refresh(): Timer;
  close(): void;
}

/** What somebody waits for whose time has ended. */
const FOREVER = new Promise<never>(() => undefined);

const clears = new WeakMap<object, () => void>();

/** Time as a function in this process has it: Date and the timers of a clock, until `over` says that it is no more. */
export function functionTime(clock: Clock, over: AbortSignal): Readonly<Record<string, unknown>> {
  const setTimeout = timer(clock, over, false);
  const setInterval = timer(clock, over, true);
  const clear = (cleared?: object): void => cleared && clears.get(cleared)?.();
  return { Date: dateOn(clock), setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
}

/** Node's `timers/promises` on a clock. */
export function promisedTimers(clock: Clock, over: AbortSignal): Readonly<Record<string, unknown>> {
  const setTimeout = async (milliseconds = 1, value?: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    await clock.sleep(milliseconds, signal).catch((cause: unknown) => {
      if (signal?.aborted) {
        throw Object.assign(new Error('The operation was aborted', { cause }), {
          name: 'AbortError',
          code: 'ABORT_ERR',
        });
      }
      return FOREVER;
    });
    return over.aborted ? FOREVER : value;
  };
  return { setTimeout, scheduler: { wait: (milliseconds: number) => setTimeout(milliseconds) } };
}

function timer(clock: Clock, over: AbortSignal, repeated: boolean) {
  return (callback: (...values: unknown[]) => void, milliseconds = 1, ...values: unknown[]): Timer => {
    let cleared = new AbortController();
    const begin = (): void => {
      const { signal } = (cleared = new AbortController());
      const fire = (): void => {
        if (!over.aborted && !signal.aborted) {
          callback(...values);
          if (repeated) begin();
        }
      };
      // A timer that is cleared, or whose clock is closed, never fires.
      clock.sleep(Math.max(milliseconds, 1), signal).then(fire, () => undefined);
    };
    // A reason of its own: an AbortError with its stack would be made for each timer, and nobody looks at it.
    const clear = (): void => cleared.abort('cleared');
    const refresh = (): Timer => {
      clear();
      begin();
      return started;
    };
    const started: Timer = { ref: () => started, unref: () => started, hasRef: () => true, refresh, close: clear };
    clears.set(started, clear);
    begin();
    return started;
  };
}

function dateOn(clock: Clock): typeof Date {
  const HostDate = runInThisContext('Date') as typeof Date;
  class DateOfClock extends HostDate {
    constructor(...parameters: []) {
      super(...(parameters.length === 0 ? ([clock.now()] as unknown as []) : parameters));
    }

    static override now(): number {
      return clock.now();
    }
  }
  return DateOfClock as typeof Date;
}
