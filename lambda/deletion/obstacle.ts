import { isThrottlingError } from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';
import { said } from '../words/said';

/** A call of an AWS service, as IAM names it: on what, and by whom. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly role: string;
}

/** Why a call did not do what it was sent for; and it may yet, so it is worth sending again. Plain data. */
export interface Obstacle extends Call {
  readonly kind:
    /** Ten jobs are in deletion. */
    | 'no slot'
    /** So many jobs of the account are being rolled out or cancelled that CancelJob has to wait. */
    | 'job concurrency'
    | 'throttled'
    | 'unavailable'
    | 'denied'
    | 'refused';
  /** What the service said. */
  readonly said: string;
}

/** What an error of an AWS service means. */
export function obstacleOf(call: Call, error: unknown): Obstacle {
  return { ...call, kind: kindOf(call.action, error), said: said(error) };
}

function kindOf(action: string, error: unknown): Obstacle['kind'] {
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (name === 'LimitExceededException') {
    return action === 'iot:DeleteJob' ? 'no slot' : 'job concurrency';
  }
  if (isThrottlingError(error as SdkError)) {
    return 'throttled';
  }
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 401 || status === 403) {
    return 'denied';
  }
  // What is not clearly the service's "no" may be anything: a lost connection, a time-out, an answer that can't be read.
  return status >= 400 && status < 500 ? 'refused' : 'unavailable';
}
