import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { isCovered } from '../lib/job-id';
import type { Decision, Deletion, Occasion, Order } from './decision';
import { deleteJob, type Services } from './delete-job';
import { log } from './log';
import { messages } from './messages';
import { patiently } from './patience';
import { parseProperties, type Properties } from './properties';
import { isRollingBack, isUpdating } from './stacks';
import { UserError } from './user-error';

/** What the framework sends to isComplete: the event, and in it what onEvent returned. */
type IsCompleteEvent = CloudFormationCustomResourceEvent & { readonly Decision: Decision };

/** What onEvent answers the framework with. */
interface OnEventAnswer {
  readonly PhysicalResourceId: string;
  readonly Decision: Decision;
}

/** One invocation polls this long at the most: each holds two Lambda executions, the framework's and this one. */
const POLLING_TIME = 10_000;

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
  patterns: readonly string[],
): Promise<OnEventAnswer | { readonly IsComplete: boolean }> {
  const now = services.clock.now();
  const latest = now + context.getRemainingTimeInMillis() - RESERVE;
  try {
    if (!('Decision' in event)) {
      return await onEvent(event, services, patterns, Math.min(now + READING_TIME, latest));
    }
    return 'nothing' in event.Decision
      ? { IsComplete: true }
      : { IsComplete: await deleteJob(event.Decision.deletion, services, Math.min(now + POLLING_TIME, latest)) };
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
  patterns: readonly string[],
  giveUpAt: number,
): Promise<OnEventAnswer> {
  const { PhysicalResourceId, Decision } = await decide(event, services, patterns, giveUpAt);
  const { RequestType, StackId, LogicalResourceId, RequestId } = event;
  log({
    message:
      'nothing' in Decision ? `nothing to delete: ${Decision.nothing}` : `to delete: ${Decision.deletion.occasion}`,
    jobId: PhysicalResourceId,
    event: RequestType,
    stack: StackId,
    resource: LogicalResourceId,
    request: RequestId,
  });
  return { PhysicalResourceId, Decision };
}

/**
 * CloudFormation's order is the thing that nobody can read from the code. It creates and updates first. Only when all
 * of that has succeeded does it delete, in clean-up, what was replaced or removed; so a changed job id needs no more
 * than another physical id here, and Delete comes for the old one if and only if the update succeeds. When something
 * fails, it goes back: with an Update from new to old, and with Delete for what it had just created.
 */
async function decide(
  event: CloudFormationCustomResourceEvent,
  services: Services,
  patterns: readonly string[],
  giveUpAt: number,
): Promise<OnEventAnswer> {
  switch (event.RequestType) {
    case 'Create': {
      const { jobId } = covered(parseProperties(event.ResourceProperties), patterns);
      return { PhysicalResourceId: jobId, Decision: { nothing: 'created' } };
    }

    case 'Update': {
      const properties = parseProperties(event.ResourceProperties);
      const { jobId, revision } = properties;
      if (jobId !== event.PhysicalResourceId) {
        covered(properties, patterns);
        return { PhysicalResourceId: jobId, Decision: { nothing: 'another job id; the old job is for the clean-up' } };
      }
      if (!revision || revision === event.OldResourceProperties.Revision) {
        return { PhysicalResourceId: jobId, Decision: { nothing: 'settings changed' } };
      }
      const statuses = await read('cloudformation:DescribeStacks', () => services.stacks.statuses(event.StackId));
      if (isRollingBack(statuses)) {
        return { PhysicalResourceId: jobId, Decision: { nothing: 'the change of revision is being rolled back' } };
      }
      if (!isUpdating(statuses)) {
        throw new UserError(messages.rolledBackMeanwhile(jobId, statuses));
      }
      return { PhysicalResourceId: jobId, Decision: await deletionOf(properties, 'revision') };
    }

    case 'Delete': {
      const { PhysicalResourceId } = event;
      if (PhysicalResourceId !== event.ResourceProperties.JobId) {
        // CloudFormation invents an id for a Create that it did not wait for.
        return { PhysicalResourceId, Decision: { nothing: 'the resource was never created' } };
      }
      const properties = parseProperties(event.ResourceProperties);
      const statuses = await read(
        'cloudformation:DescribeStacks',
        () => services.stacks.statusesOnDelete(event.StackId),
        { ...properties, occasion: 'undecided' },
      );
      if (isRollingBack(statuses) && !properties.deleteOnRollback) {
        return { PhysicalResourceId, Decision: { nothing: `kept, because the stack is ${statuses.join(' in ')}` } };
      }
      const occasion = statuses.some((status) => status.includes('CLEANUP')) ? 'clean-up' : 'stack deletion';
      return { PhysicalResourceId, Decision: await deletionOf(properties, occasion) };
    }
  }

  async function deletionOf(properties: Properties, occasion: Occasion): Promise<Decision> {
    const { jobId, force, namespaceId, cancelFirst, timeoutSeconds } = properties;
    const job = await read('iot:DescribeJob', () => services.jobs.describe(jobId), { force, namespaceId, occasion });
    if (!job) {
      return { nothing: 'AWS IoT does not know the job' };
    }
    const deletion: Deletion = {
      jobId,
      force,
      namespaceId,
      cancelFirst,
      timeoutSeconds,
      occasion,
      stackId: event.StackId,
      startedAt: services.clock.now(),
      createdAt: job.createdAt,
    };
    return { deletion };
  }

  function read<Answer>(
    action: string,
    send: () => Promise<Answer>,
    { force, namespaceId, occasion }: Partial<Order> = {},
  ): Promise<Answer> {
    const jobId = String(event.ResourceProperties.JobId);
    const call = services.call(action, { jobId, stackId: event.StackId, force, namespaceId, occasion });
    return patiently(call, send, services.clock, giveUpAt);
  }
}

/** IAM would refuse the job anyway, but only when it is to be deleted: too late to learn of it. */
function covered(properties: Properties, patterns: readonly string[]): Properties {
  if (!isCovered(properties.jobId, patterns)) {
    throw new UserError(messages.outsidePatterns(properties.jobId, patterns));
  }
  return properties;
}
