import type { Clock } from './clock';

/** Spreads calls so that there are no more than so many per second on average, and at once no more than a burst. */
export class Pace {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
    this.filledAt = clock.now();
  }

  /** Resolves when the next call may be sent. */
  async turn(): Promise<void> {
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    this.tokens -= 1;
    if (this.tokens < 0) {
      await this.clock.sleep((-this.tokens / this.perSecond) * 1000);
    }
  }
}

/** For calls that change something, of which AWS IoT allows 10 in a second. */
export function orderPace(clock: Clock): Pace {
  return new Pace(clock, 9, 10);
}
