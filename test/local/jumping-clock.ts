import type { Clock } from '../../local/clock';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Time that jumps to the next sleeper as soon as nothing else is to be done in this process. */
export class JumpingClock implements Clock {
  /** How long each sleep was to be that has ended by itself. */
  readonly slept: number[] = [];
  private readonly sleepers = new Set<Sleeper>();
  private jumping = false;

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const wake = (): void => {
        this.slept.push(milliseconds);
        resolve();
      };
      const sleeper = { due: this.time + milliseconds, wake };
      this.sleepers.add(sleeper);
      const abort = (): void => {
        this.sleepers.delete(sleeper);
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.jumpSoon();
    });
  }

  private jumpSoon(): void {
    if (!this.jumping) {
      this.jumping = true;
      setImmediate(() => setImmediate(() => this.jump()));
    }
  }

  private jump(): void {
    this.jumping = false;
    const [next] = [...this.sleepers].sort((one, other) => one.due - other.due);
    if (next) {
      this.sleepers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.wake();
      this.jumpSoon();
    }
  }
}
