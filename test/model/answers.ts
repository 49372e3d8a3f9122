import type { StackOperation } from '../../local/cloudformation/stack-request';
import type { Account } from './account';
import { must } from './must';
import { CANCELLED } from './reasons';

/** An event that CloudFormation has sent. */
export interface Request {
  readonly type: string;
  readonly logicalId: string;
}

/** The requests of an operation, by id. */
export type Requests = ReadonlyMap<string, Request>;

type Responses = Account['responses'];

/** The answers that counted in this operation, to events of this type. */
export function effectiveAnswers({ received }: Responses, requests: Requests, type: string): readonly string[] {
  return received
    .filter(({ outcome, requestId }) => outcome === 'effective' && requests.get(requestId)?.type === type)
    .map(({ body }) => body);
}

/** Each request got exactly one answer that counts. */
export function judgeAnswers({ received }: Responses, requests: Requests, operation: StackOperation): void {
  const effective = received.filter(({ outcome }) => outcome === 'effective');
  const counts = new Map<string, number>();
  effective.forEach(({ requestId }) => counts.set(requestId, (counts.get(requestId) ?? 0) + 1));
  // An event whose function crashes three times is lost.
  const isLost = (id: string): boolean =>
    operation.events.some(({ reason = '' }) => reason.includes('did not receive a response') && reason.includes(id));
  // CloudFormation cancels what it creates and updates when something else has failed, whatever comes after.
  const isCancelled = (resource: string): boolean =>
    operation.events.some(({ logicalId, reason = '' }) => logicalId === resource && CANCELLED.test(reason));
  for (const [id, { type, logicalId }] of requests) {
    const needsNone = isLost(id) || (type !== 'Delete' && isCancelled(logicalId));
    must(
      counts.get(id) === 1 || (needsNone && !counts.has(id)),
      `${type} got ${counts.get(id) ?? 0} effective answers`,
    );
  }
  must(!received.some(({ outcome }) => outcome === 'refused'), 'an answer was refused');
}
