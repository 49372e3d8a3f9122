import type { Services } from '../aws/services';
import { shortened } from '../words/failure';
import { log } from '../words/log';
import type { Event } from './event';

/** What CloudFormation is told: its own fields and nothing else. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** CloudFormation takes an answer of 4,096 bytes at the most. */
const LONGEST = 4096;

/** A reason of which nothing but this is left is no longer cut. */
const SHORTEST_REASON = 3;

/** The pauses between attempts to send an answer, in milliseconds: the last one stays. */
const PAUSES = [200, 500, 1_000, 2_000, 5_000];

/** An answer to an event. The reason is cut so that CloudFormation takes the whole. */
export function answerTo(
  { StackId, RequestId, LogicalResourceId }: Event,
  Status: Answer['Status'],
  PhysicalResourceId: string,
  reason?: string,
): Answer {
  const rest = { PhysicalResourceId, StackId, RequestId, LogicalResourceId };
  if (!reason) {
    return { Status, ...rest };
  }
  for (let length = reason.length; ;) {
    const answer = { Status, Reason: shortened(reason, length), ...rest };
    const excess = Buffer.byteLength(JSON.stringify(answer)) - LONGEST;
    if (excess <= 0 || length === SHORTEST_REASON) {
      return answer;
    }
    // What to do stands at the end: no more is cut than must be.
    length = Math.max(SHORTEST_REASON, Math.min(length, answer.Reason.length) - excess);
  }
}

/**
 * Sends an answer to CloudFormation, again and again while its bucket is unwell.
 *
 * @returns whether CloudFormation has it, or will never take it
 */
export async function deliver(
  answer: Answer,
  { ResponseURL }: Event,
  { clock, put }: Pick<Services, 'clock' | 'put'>,
  until: number,
): Promise<boolean> {
  const body = JSON.stringify(answer);
  for (let attempt = 0; ; attempt++) {
    const outcome = await put(ResponseURL, body).catch((error: unknown) => error as Error);
    if (typeof outcome === 'number' && outcome < 500) {
      const isTaken = outcome < 300;
      log({
        message: isTaken ? 'answered CloudFormation' : 'CloudFormation refused the response: its URL has expired',
        level: isTaken ? 'INFO' : 'ERROR',
        status: answer.Status,
        httpStatus: outcome,
        resource: answer.LogicalResourceId,
        request: answer.RequestId,
      });
      return true;
    }
    log({
      message: 'the response to CloudFormation was lost: sending it again',
      level: 'WARN',
      // The error's message may quote the URL, which is a secret.
      error: typeof outcome === 'number' ? `HTTP ${outcome}` : outcome.name,
      request: answer.RequestId,
    });
    const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)]! * (0.75 + clock.random() / 2);
    if (clock.now() + pause >= until) {
      return false;
    }
    await clock.sleep(Math.ceil(pause));
  }
}
