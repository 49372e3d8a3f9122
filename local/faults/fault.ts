/** What can go wrong for a while between a caller and a service. */
export const TRANSIENT_FAULTS = [
  'throttled',
  'internal error',
  'unavailable',
  'no deletion slot',
  'lost request',
  'lost answer',
  'empty answer',
  'malformed answer',
  'slow answer',
] as const;

/** What can happen to an event on its way into Lambda's queue. */
export const EVENT_FAULTS = ['late event', 'duplicate event'] as const;

/**
 * - `denied`: IAM refuses the call.
 * - `crash`: every process of every function is killed when the call has had its effect, before its answer.
 * - `stopped execution`: a person stops every execution that runs, before the call.
 */
export type CallFault = (typeof TRANSIENT_FAULTS)[number] | 'denied' | 'crash' | 'stopped execution';
export type EventFault = (typeof EVENT_FAULTS)[number];
export type Fault = CallFault | EventFault;

/** How a service tells its caller, in its own protocol, that something went wrong. */
export interface Protocol<Answer> {
  error(fault: ErrorFault): Answer;
  /** The connection ends without an answer, with the effect or without. */
  lost(): Answer;
  /** The answer with another body. */
  spoilt(answer: Answer, body: string): Answer;
}

/** The faults that a service answers with an error of its own. */
export type ErrorFault = 'throttled' | 'internal error' | 'unavailable' | 'no deletion slot' | 'denied';

/** What can be done to a call, and to the world around it. */
export interface Call<Answer> {
  readonly protocol: Protocol<Answer>;
  next(): Promise<Answer>;
  pause(): Promise<void>;
  crash(): void;
  stopExecutions(): void;
}

/** Does the fault to a call. Of those whose answer alone is lost or spoilt, the effect took place all the same. */
export async function inflict<Answer>(fault: CallFault, call: Call<Answer>): Promise<Answer> {
  const { protocol } = call;
  switch (fault) {
    case 'throttled':
    case 'internal error':
    case 'unavailable':
    case 'no deletion slot':
    case 'denied':
      return protocol.error(fault);
    case 'lost request':
      return protocol.lost();
    case 'lost answer':
      await call.next();
      return protocol.lost();
    case 'empty answer':
      return protocol.spoilt(await call.next(), '');
    case 'malformed answer':
      return protocol.spoilt(await call.next(), '<{');
    case 'slow answer':
      await call.pause();
      return call.next();
    case 'crash':
      await call.next();
      call.crash();
      return protocol.lost();
    case 'stopped execution':
      call.stopExecutions();
      return call.next();
    default:
      return fault satisfies never;
  }
}
