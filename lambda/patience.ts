import { isThrottlingError } from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';
import type { Clock } from './clock';
import type { Order } from './decision';
import { messages } from './messages';
import { UserError } from './user-error';

/** A call of an AWS service, as IAM names it, and what it is on. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly role: string;
  /** What it is sent for. */
  readonly order: Order;
}

/** Why a call did not do what it was sent for; and it may yet, so it is worth sending again. */
export interface Obstacle {
  readonly kind: 'no slot' | 'unavailable' | 'denied' | 'refused';
  readonly call: Call;
  readonly error: unknown;
}

/** IAM is eventually consistent: a permission that was just given may take a while to count. */
const IAM_SETTLES = 20_000;

/** AWS IoT is, too: for a moment it may refuse what fits the state that it shows, as after a call that got lost. */
const IOT_SETTLES = 3_000;

/**
 * Decides what an error of an AWS service means, and how long to bear with it.
 *
 * All retrying is done here and in the loops around it, none in the SDK: it takes LimitExceededException for throttling
 * and would spend its attempts on waiting for a slot, and it knows nothing of the deadline.
 */
export class Patience {
  private since: { readonly problem: string; readonly at: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /** The last call did what it was sent for: what was wrong before no longer counts. */
  restore(): void {
    this.since = undefined;
  }

  /**
   * What stands in the way, when the call is worth sending again.
   *
   * @throws UserError when it is not
   */
  judge(call: Call, error: unknown): Obstacle {
    const kind = kindOf(error);
    const problem = `${kind} ${call.action}`;
    if (this.since?.problem !== problem) {
      this.since = { problem, at: this.clock.now() };
    }
    const lasted = this.clock.now() - this.since.at;
    if (kind === 'denied' && lasted >= IAM_SETTLES) {
      throw new UserError(messages.denied(call, error), { cause: error });
    }
    if (kind === 'refused' && lasted >= IOT_SETTLES) {
      throw new UserError(messages.refused(call, error), { cause: error });
    }
    return { kind, call, error };
  }
}

function kindOf(error: unknown): Obstacle['kind'] {
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (name === 'LimitExceededException') {
    return 'no slot';
  }
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 401 || status === 403) {
    return 'denied';
  }
  // What is not clearly the service's "no" may be anything: a lost connection, a time-out, an answer that can't be read.
  return status >= 400 && status < 500 && !isThrottlingError(error as SdkError) ? 'refused' : 'unavailable';
}

/**
 * Sends a call until it is answered, or until patience or time ends.
 *
 * @throws UserError when it is not answered
 */
export async function patiently<Answer>(
  call: Call,
  send: () => Promise<Answer>,
  clock: Clock,
  giveUpAt: number,
): Promise<Answer> {
  const patience = new Patience(clock);
  for (let attempt = 0; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      patience.judge(call, error);
      const pause = Math.min(100 * 2 ** attempt, 5_000) * (0.5 + clock.random());
      if (clock.now() + pause > giveUpAt) {
        throw new UserError(messages.unavailable(call, error), { cause: error });
      }
      await clock.sleep(pause);
    }
  }
}
