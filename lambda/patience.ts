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
  /** Which of the jobs that have had this id it is on: what one was refused is not held against the next. */
  readonly createdAt?: number;
}

/** Why a call did not do what it was sent for; and it may yet, so it is worth sending again. */
export interface Obstacle {
  readonly kind: 'no slot' | 'unavailable' | 'denied' | 'refused';
  readonly call: Call;
  readonly error: unknown;
}

/** What a call can't get past: a refusal that has lasted too long. */
export class Refusal extends UserError {
  constructor(readonly obstacle: Obstacle) {
    const { kind, call, error } = obstacle;
    super(kind === 'denied' ? messages.denied(call, error) : messages.refused(call, error), { cause: error });
  }
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
  /** Since when which call on what has met which obstacle. */
  private readonly since = new Map<string, { readonly kind: string; readonly at: number }>();

  constructor(private readonly clock: Clock) {}

  /** The call did what it was sent for: what was wrong with it before no longer counts. */
  restore(call: Call): void {
    this.since.delete(subject(call));
  }

  /**
   * What stands in the way, when the call is worth sending again.
   *
   * @throws Refusal when it is not
   */
  judge(call: Call, error: unknown): Obstacle {
    const obstacle = { kind: kindOf(error), call, error };
    const { kind } = obstacle;
    const known = this.since.get(subject(call));
    const at = known?.kind === kind ? known.at : this.clock.now();
    this.since.set(subject(call), { kind, at });
    const lasted = this.clock.now() - at;
    if ((kind === 'denied' && lasted >= IAM_SETTLES) || (kind === 'refused' && lasted >= IOT_SETTLES)) {
      throw new Refusal(obstacle);
    }
    return obstacle;
  }
}

function subject({ action, order, createdAt }: Call): string {
  return `${action} ${order.jobId ?? ''} ${createdAt ?? ''}`;
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
