import type { Clock } from '../aws/clock';
import { log } from '../words/log';
import { type Call, type Obstacle, obstacleOf } from './obstacle';
import type { Paces } from './pace';
import { type Patience, Refusal } from './patience';

/** There is no time left to send a call again: in this invocation, or at all. */
export class OutOfTime extends Error {
  constructor(
    /** What stood in the way at last, if anything did. */
    readonly obstacle?: Obstacle,
    /** When waiting any longer is in vain, in milliseconds, where that is before the deadline. */
    readonly deadline?: number,
  ) {
    super(`${obstacle?.action ?? 'A call'} was not answered in time`);
  }
}

/** What one job leaves without an answer for so long, while others are answered, is that job's: in milliseconds. */
const PATIENCE_WITH_ONE = 20_000;

/** What the calls of one invocation share. */
export interface CallsOptions {
  readonly clock: Clock;
  readonly paces: Paces;
  readonly patience: Patience;
  /** Names a call for a message: on which ARN, by which role. */
  readonly call: (action: string, jobId?: string) => Call;
  /** What to do when a call was refused for good. */
  readonly advice: string;
  /** When it is too late to send a call. */
  readonly until: number;
  /** Whether a call that failed is sent again here. Else it is the waiter's, so that a silent service holds no function. */
  readonly isPatient: boolean;
}

/** Which job a call is on: what one was refused is not held against the next that has its id. */
export interface OnJob {
  readonly jobId: string;
  readonly createdAt?: number;
}

/** What a call came to: its answer, or what was in its way. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly obstacle: Obstacle };

/** The calls of one invocation: paced, logged, and sent again when they fail. */
export class Calls {
  private slowness = 1;
  /** When a call of an action was answered last, in milliseconds. */
  private readonly answeredAt = new Map<string, number>();

  constructor(private readonly options: CallsOptions) {}

  /** How much slower than usual to look, because others use up the account's call rate too: from 1 to 3 times. */
  get congestion(): number {
    return this.slowness;
  }

  /**
   * Sends a call that changes nothing until it is answered.
   *
   * @throws Refusal when the answer is no, or others have one and this job has none; and OutOfTime when there is none
   */
  async read<Answer>(action: string, send: () => Promise<Answer>, on?: OnJob): Promise<Answer> {
    const { advice, clock } = this.options;
    const began = clock.now();
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.once(action, send, on);
      if ('answer' in outcome) {
        return outcome.answer;
      }
      const isOfThisJob = on !== undefined && (this.answeredAt.get(action) ?? -Infinity) >= began;
      if (isOfThisJob && clock.now() - began >= PATIENCE_WITH_ONE) {
        throw new Refusal(outcome.obstacle, advice);
      }
      if (!(await this.pause(attempt))) {
        throw new OutOfTime(outcome.obstacle);
      }
    }
  }

  /** Waits before a call is sent again, longer after each attempt. @returns whether there is time for that */
  async pause(attempt: number, before = Infinity): Promise<boolean> {
    const { clock, isPatient, until } = this.options;
    const pause = Math.min(200 * 2 ** attempt, 5_000) * (0.5 + clock.random());
    if (!isPatient || clock.now() + pause >= Math.min(until, before)) {
      return false;
    }
    await clock.sleep(Math.ceil(pause));
    return true;
  }

  /**
   * Sends a call once: what changes something must not be sent again without another look.
   *
   * @throws Refusal when it was refused before, for too long
   */
  async once<Answer>(action: string, send: () => Promise<Answer>, on?: OnJob): Promise<Outcome<Answer>> {
    const { clock, paces, patience, call, advice } = this.options;
    await paces.turn(action);
    this.assertTime();
    const subject = [action, on?.jobId, on?.createdAt].join(' ');
    try {
      const answer = await send();
      patience.restore(subject);
      this.answeredAt.set(action, clock.now());
      this.slowness = Math.max(1, this.slowness * 0.8);
      return { answer };
    } catch (error) {
      const obstacle = obstacleOf(call(action, on?.jobId), error);
      const { name, $metadata } = error as Error & { $metadata?: { requestId?: string } };
      if (obstacle.kind === 'throttled') {
        this.slowness = Math.min(3, this.slowness * 2);
      }
      log({
        message: obstacle.kind,
        level: 'WARN',
        jobId: on?.jobId,
        call: action,
        error: name,
        requestId: $metadata?.requestId,
      });
      if (patience.isOver(subject, obstacle, clock.now())) {
        throw new Refusal(obstacle, advice);
      }
      return { obstacle };
    }
  }

  private assertTime(): void {
    if (this.options.clock.now() >= this.options.until) {
      throw new OutOfTime();
    }
  }
}
