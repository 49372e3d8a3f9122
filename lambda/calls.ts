import { isThrottlingError } from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';
import type { Clock } from './clock';
import type { Order } from './decision';
import type { Durations } from './durations';
import type { Jobs } from './jobs';
import { log } from './log';
import { Pace } from './pace';
import { type Call, type Obstacle, Patience } from './patience';
import type { Place } from './properties';
import type { Stacks } from './stacks';

/** What the handler works with. */
export interface Services {
  /** AWS IoT's jobs in a region and account. */
  jobsAt(place: Place): Jobs;
  stacks(): Stacks;
  readonly clock: Clock;
  /** What earlier deletions took. */
  readonly durations: Durations;
  /** When the next DeleteJob or CancelJob may be sent: AWS IoT allows 10 of each in a second. */
  readonly orders: Pace;
  /** Names a call for a message: on which ARN, by which role. */
  call(action: string, order: Order): Call;
}

/** There is no time left to send a call again: for this invocation, or at all. */
export class OutOfTime extends Error {
  constructor(readonly obstacle: Obstacle) {
    super(`${obstacle.call.action} got no usable answer in time`);
  }
}

/** The calls of one invocation: paced, logged, and sent again when they fail. */
export class Calls {
  private readonly clock: Clock;
  private readonly patience: Patience;
  /** AWS IoT allows 10 calls a second of each operation, and others want some of them. */
  private readonly steady: Pace;
  private slowness = 1;

  constructor(
    private readonly services: Pick<Services, 'call' | 'clock'>,
    private readonly order: Order,
    /** When it is too late to send a call again. */
    private readonly giveUpAt: number,
  ) {
    const { clock } = services;
    this.clock = clock;
    this.patience = new Patience(clock);
    this.steady = new Pace(clock, 8, 8);
  }

  /** How much slower than usual to look, because others use up the account's call rate too: from 1 to 3 times. */
  get congestion(): number {
    return this.slowness;
  }

  /**
   * Sends a call that changes nothing until it is answered.
   *
   * @throws Refusal when the answer is no, and OutOfTime when there is none
   */
  async read<Answer>(action: string, send: () => Promise<Answer>, jobId = this.order.jobId): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      await this.steady.turn();
      const outcome = await this.once(action, send, { jobId });
      if ('answer' in outcome) {
        return outcome.answer;
      }
      const { obstacle } = outcome;
      const pause = Math.min(200 * 2 ** attempt, 1_500) * (0.5 + this.clock.random());
      // How long a refusal lasts is known only within one invocation: see it through.
      const seeThrough = obstacle.kind === 'denied' || obstacle.kind === 'refused';
      if (!seeThrough && this.clock.now() + pause > this.giveUpAt) {
        throw new OutOfTime(obstacle);
      }
      await this.clock.sleep(pause);
    }
  }

  /**
   * Sends a call once: what changes something must not be sent again without another look.
   *
   * @throws Refusal when it was refused before, for too long
   */
  async once<Answer>(
    action: string,
    send: () => Promise<Answer>,
    { jobId, createdAt }: { readonly jobId?: string; readonly createdAt?: number },
  ): Promise<{ readonly answer: Answer } | { readonly obstacle: Obstacle }> {
    const call = { ...this.services.call(action, { ...this.order, jobId }), createdAt };
    try {
      const answer = await send();
      this.patience.restore(call);
      this.slowness = Math.max(1, this.slowness * 0.8);
      return { answer };
    } catch (error) {
      const { name, $metadata } = error as Error & { $metadata?: { requestId?: string } };
      const obstacle = this.patience.judge(call, error);
      // The SDK takes a want of slots for throttling, too.
      if (obstacle.kind !== 'no slot' && isThrottlingError(error as SdkError)) {
        this.slowness = Math.min(3, this.slowness * 2);
      }
      log({ message: obstacle.kind, jobId, call: action, error: name, requestId: $metadata?.requestId });
      return { obstacle };
    }
  }
}
