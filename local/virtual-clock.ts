import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './clock';
import { Traffic } from './traffic';

/** So many turns of the event loop without an event mean that nothing is going to happen by itself. */
const QUIET_TURNS = 4;

/**
 * What may be there while nothing is to be done, in Node's words: timers, and handles whose events are counted. All else
 * is a request, such as a file's, that ends by itself.
 */
const PASSIVE =
  /^(Timeout|MessagePort|Process|Worker|(TCP|Pipe|TTY|UDP)(Server|Socket)?Wrap|(Signal|FSEvent|Stat)\w*)$/;

interface Sleeper {
  readonly dueAt: number;
  readonly order: number;
  wake(): void;
}

/**
 * Time that stands still while anything is to be done, and jumps to the next sleeper when nothing is.
 *
 * Nothing is to be done when the event loop has come to rest: no callback runs, no file is read, and each HTTP request
 * of this process waits in a server of this process. So whatever it is to time must be in this process, too.
 */
export class VirtualClock implements Clock {
  private readonly traffic = new Traffic();
  private sleepers: Sleeper[] = [];
  private begun = 0;
  private watching = false;
  private closed = false;

  constructor(private time = Date.now()) {
    if (eventsSoFar() === undefined) {
      throw new Error(`Virtual time needs Node's uvMetricsInfo, which ${process.version} does not have.`);
    }
  }

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) {
      return Promise.reject(signal.reason as Error);
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(signal!.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { dueAt: this.time + Math.max(Math.ceil(milliseconds), 0), order: this.begun++, wake };
      signal?.addEventListener('abort', abort, { once: true });
      this.sleepers.push(sleeper);
      void this.watch();
    });
  }

  /** Wakes nobody any more. */
  close(): void {
    this.closed = true;
    this.traffic.close();
  }

  /** As long as somebody sleeps: waits until nothing else is to be done, and wakes up whoever is next. */
  private async watch(): Promise<void> {
    if (this.watching) {
      return;
    }
    this.watching = true;
    while (this.sleepers.length > 0 && !this.closed) {
      await this.rest();
      const [next] = this.sleepers.sort((one, other) => one.dueAt - other.dueAt || one.order - other.order);
      if (next && !this.closed) {
        this.sleepers.shift();
        this.time = Math.max(this.time, next.dueAt);
        next.wake();
      }
    }
    this.watching = false;
  }

  private async rest(): Promise<void> {
    let quiet = 0;
    let events = eventsSoFar();
    for (let turn = 0; quiet < QUIET_TURNS && !this.closed; turn++) {
      // What takes long, such as a program's start, need not be watched at full speed.
      await (turn < 1_000 ? nextTurn() : delay(1));
      const now = eventsSoFar();
      const active = now !== events || this.traffic.isUnderway || !process.getActiveResourcesInfo().every(isPassive);
      quiet = active ? 0 : quiet + 1;
      events = now;
    }
  }
}

/** How many events of the operating system this process's event loop has been told so far. */
function eventsSoFar(): number | undefined {
  const { uvMetricsInfo } = performance.nodeTiming as { readonly uvMetricsInfo?: { readonly events: number } };
  return uvMetricsInfo?.events;
}

function isPassive(resource: string): boolean {
  return PASSIVE.test(resource);
}
