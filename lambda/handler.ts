import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { OutOfTime, type Services } from './calls';
import type { Decision } from './decision';
import { decide, type Surroundings } from './decide';
import { log } from './log';
import { messages } from './messages';
import { deleteJobs } from './scheduler';
import { UserError } from './user-error';

/** What the framework sends to isComplete: the event, and in it what onEvent returned. */
type IsCompleteEvent = CloudFormationCustomResourceEvent & { readonly Decision: Decision };

/** What onEvent answers the framework with. */
interface OnEventAnswer {
  readonly PhysicalResourceId: string;
  readonly Decision: Decision;
}

/**
 * One invocation works this long at the most. Each holds two Lambda executions, the framework's and this one: so where
 * there is one for each job, they are short. A sweep is alone, and every pause between two invocations costs it time.
 */
const WORKING_TIME = { job: 20_000, sweep: 180_000 };

/** Reading what a decision needs may take this long: then it fails, because nothing is decided on a guess. */
const READING_TIME = 60_000;

/** An invocation that runs into its time-out is reported as FAILED at once: all ends well before. */
const RESERVE = 30_000;

/**
 * Serves both slots of CDK's provider framework: onEvent decides, isComplete carries it out. They can be told apart
 * because the framework passes to isComplete what onEvent returned.
 */
export async function handle(
  event: CloudFormationCustomResourceEvent | IsCompleteEvent,
  context: Context,
  services: Services,
  surroundings: Surroundings,
): Promise<OnEventAnswer | { readonly IsComplete: boolean }> {
  const now = services.clock.now();
  const latest = now + context.getRemainingTimeInMillis() - RESERVE;
  try {
    if (!('Decision' in event)) {
      return await onEvent(event, services, surroundings, Math.min(now + READING_TIME, latest));
    }
    if ('nothing' in event.Decision) {
      return { IsComplete: true };
    }
    const { deletion } = event.Decision;
    const leaveAt = Math.min(now + WORKING_TIME['job' in deletion.target ? 'job' : 'sweep'], latest);
    return { IsComplete: await deleteJobs(deletion, services, surroundings.patterns, leaveAt) };
  } catch (error) {
    const failure = error instanceof UserError ? error : new UserError(messages.unexpected(error), { cause: error });
    const { stack } = (failure.cause ?? {}) as Error;
    log({ message: failure.message, resource: event.LogicalResourceId, request: event.RequestId, stack });
    throw failure;
  }
}

async function onEvent(
  event: CloudFormationCustomResourceEvent,
  services: Services,
  surroundings: Surroundings,
  giveUpAt: number,
): Promise<OnEventAnswer> {
  const { RequestType, StackId, LogicalResourceId, RequestId } = event;
  try {
    const { physicalId, decision, seen } = await decide(event, services, surroundings, giveUpAt);
    log({
      message:
        'nothing' in decision ? `nothing to delete: ${decision.nothing}` : `to delete: ${decision.deletion.occasion}`,
      jobId: physicalId,
      event: RequestType,
      stack: StackId,
      resource: LogicalResourceId,
      request: RequestId,
    });
    if ('deletion' in decision) {
      // What can be done at once needs no other invocation, and no other look.
      await deleteJobs(decision.deletion, services, surroundings.patterns, services.clock.now(), seen);
    }
    return { PhysicalResourceId: physicalId, Decision: decision };
  } catch (error) {
    if (error instanceof OutOfTime) {
      const { call, error: cause } = error.obstacle;
      throw new UserError(messages.unavailable(call, cause), { cause });
    }
    throw error;
  }
}
