import type { Clock } from '../aws/clock';

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
      await this.clock.sleep(Math.ceil((-this.tokens / this.perSecond) * 1000));
    }
  }
}

/** What fills the slots. */
const WAITED_FOR: ReadonlySet<string> = new Set(['iot:CancelJob', 'iot:DeleteJob', 'iot:DescribeJob']);

/**
 * The pace of each operation, as long as the function stays warm. AWS IoT and CloudFormation allow 10 calls a second of
 * each, and others want some of them; orders and the look before each, which fill the slots, may have nearly all.
 */
export class Paces {
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly clock: Clock) {}

  /** Resolves when the next call of the operation may be sent. */
  turn(action: string): Promise<void> {
    const isWaitedFor = WAITED_FOR.has(action);
    const pace = this.paces.get(action) ?? new Pace(this.clock, isWaitedFor ? 9 : 8, isWaitedFor ? 10 : 8);
    this.paces.set(action, pace);
    return pace.turn();
  }
}
