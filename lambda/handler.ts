import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { OutOfTime, type Services } from './calls';
import type { Decision, Deletion } from './decision';
import { decide, type Surroundings } from './decide';
import type { Job } from './jobs';
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
 * Serves both slots of CDK's provider framework: onEvent decides and begins, isComplete goes on where that takes longer.
 * They can be told apart because the framework passes to isComplete what onEvent returned.
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
      return await onEvent(event, services, surroundings, latest);
    }
    if ('nothing' in event.Decision) {
      return { IsComplete: true };
    }
    return { IsComplete: await workOn(event.Decision.deletion, services, surroundings, latest) };
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
  latest: number,
): Promise<OnEventAnswer> {
  const { RequestType, StackId, LogicalResourceId, RequestId } = event;
  const giveUpAt = Math.min(services.clock.now() + READING_TIME, latest);
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
    if ('deletion' in decision && (await workOn(decision.deletion, services, surroundings, latest, seen))) {
      return { PhysicalResourceId: physicalId, Decision: { nothing: 'left to do' } };
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

/** Works on a deletion as long as one invocation may; whether it is complete then. */
function workOn(
  deletion: Deletion,
  services: Services,
  { patterns }: Surroundings,
  latest: number,
  seen?: readonly Job[],
): Promise<boolean> {
  const leaveAt = Math.min(services.clock.now() + WORKING_TIME['job' in deletion.target ? 'job' : 'sweep'], latest);
  return deleteJobs(deletion, services, patterns, leaveAt, seen);
}
