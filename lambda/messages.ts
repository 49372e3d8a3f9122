import type { Deletion, Order } from './decision';
import type { Call } from './patience';
import { shortened } from './user-error';

/**
 * Every failure that a person may read in the CloudFormation console: one sentence what, one sentence what to do.
 *
 * A stack that failed to be deleted can't be updated any more: what is to be done must not need a deployment.
 */
export const messages = {
  jobIsActive: (deletion: Deletion, status: string): string =>
    `Job "${deletion.jobId}" is ${status}, and force is false. ` +
    waysOut(
      deletion,
      `Let it end, cancel it (aws iot cancel-job --job-id ${deletion.jobId}), ` +
        `or delete it (${command({ ...deletion, force: true })})`,
    ),

  otherNamespace: (deletion: Deletion, actual: string | undefined): string =>
    `Job "${deletion.jobId}" is in ${actual === undefined ? 'no namespace' : `the namespace "${actual}"`}, not in ` +
    `"${deletion.namespaceId}". ` +
    waysOut(
      deletion,
      `If it is the job you mean, delete it (${command({ ...deletion, namespaceId: actual })}), if not, retain it`,
    ),

  outsidePatterns: (jobId: string, patterns: readonly string[]): string =>
    `Job "${jobId}" is outside what the JobDeletionProvider may touch (${patterns.join(', ')}). ` +
    "Add a pattern that covers it to the provider's jobIds, and deploy again.",

  stillInDeletion: (deletion: Deletion): string =>
    `Job "${deletion.jobId}" is still DELETION_IN_PROGRESS after ${period(deletion)}. ` +
    `Let AWS IoT go on; then ${onceMore(deletion)}`,

  executionsInProgress: (deletion: Deletion, count: number): string =>
    `Job "${deletion.jobId}" is CANCELED but still has executions in progress (${count}) after ${period(deletion)}. ` +
    waysOut(deletion, `Let the devices finish, or delete it as it is (${command(deletion)})`),

  noSlot: (deletion: Deletion): string =>
    `Job "${deletion.jobId}" could not be deleted within ${period(deletion)}: 10 other jobs held the account's ` +
    `deletion slots. Wait until they are gone (aws iot list-jobs --status DELETION_IN_PROGRESS); then ${onceMore(deletion)}`,

  timedOut: (deletion: Deletion, status: string): string =>
    `Job "${deletion.jobId}" is still ${status} after ${period(deletion)}. ` +
    `Look at the job (aws iot describe-job --job-id ${deletion.jobId}); then ${onceMore(deletion)}`,

  unavailable: ({ action, order }: Call, error: unknown): string =>
    `${action} for job "${order.jobId}" got no usable answer, and nothing was decided without it: ${said(error)}. ` +
    `When the service answers again, ${again(order)}`,

  unavailableForLong: (deletion: Deletion, call: string, error: unknown): string =>
    `Job "${deletion.jobId}" could not be deleted within ${period(deletion)}, because ${call} got no usable answer: ` +
    `${said(error)}. When the service answers again, ${onceMore(deletion)}`,

  refused: ({ action, order }: Call, error: unknown): string =>
    `AWS refused ${action} for job "${order.jobId}": ${said(error)}. Correct what it names, and ${again(order)}`,

  denied: ({ action, resource, role, order }: Call, error: unknown): string =>
    `The role ${role} may not ${action} on ${resource}: ${said(error)}. ` +
    `Allow it to the role (do the provider's jobIds cover the job?), and ${again(order)}`,

  rolledBackMeanwhile: (jobId: string, statuses: readonly string[]): string =>
    `Job "${jobId}" was kept: its revision changed, but the stack is ${statuses.join(' in ')} and no longer updating. ` +
    'Deploy the revision again.',

  malformed: (name: string, value: unknown, rule: string): string =>
    `${name} ${JSON.stringify(value)} is not ${rule}. Correct it and deploy again.`,

  missingJobId: (): string => 'JobId is missing. Give the JobDeletion a jobId and deploy again.',

  unexpected: (error: unknown): string =>
    `The handler failed unexpectedly: ${said(error)}. Its log has the details; please report this.`,
};

/** Ways out by hand, and what comes after: that depends on what CloudFormation will do about the failure. */
function waysOut(deletion: Deletion, ways: string): string {
  return deletion.occasion === 'clean-up'
    ? `${ways}: CloudFormation tries three times in an update's clean-up, then forgets the job.`
    : `${ways}; then ${onceMore(deletion)}`;
}

/** How to go on where this stopped. */
function onceMore(deletion: Deletion): string {
  switch (deletion.occasion) {
    case 'stack deletion':
      return 'delete the stack again: it continues where this stopped.';
    case 'clean-up':
      return again(deletion);
    case 'revision':
      return 'deploy with another revision.';
    default:
      return deletion.occasion satisfies never;
  }
}

/** How to go on when a call failed, with as much as is known of what it was for. */
function again(order: Order): string {
  switch (order.occasion) {
    case 'clean-up':
      return `run: ${command(order)} (CloudFormation tries three times in an update's clean-up, then forgets the job).`;
    case 'undecided':
      return `do again what failed; if an update's clean-up has forgotten the job, run: ${command(order)}.`;
    default:
      return 'do again what failed.';
  }
}

function command({ jobId, force, namespaceId }: Pick<Order, 'jobId' | 'force' | 'namespaceId'>): string {
  return [
    `aws iot delete-job --job-id ${jobId}`,
    ...(force ? ['--force'] : []),
    ...(namespaceId === undefined ? [] : [`--namespace-id ${namespaceId}`]),
    ...(process.env.AWS_REGION ? [`--region ${process.env.AWS_REGION}`] : []),
  ].join(' ');
}

function period({ timeoutSeconds }: Deletion): string {
  const minutes = timeoutSeconds / 60;
  return Number.isInteger(minutes) ? `${minutes} minute${minutes === 1 ? '' : 's'}` : `${timeoutSeconds} seconds`;
}

/** What a service said, as part of a sentence. */
function said(error: unknown): string {
  const { name, message } = error as Error;
  return shortened(`${name}: ${message}`, 500).replace(/\.$/, '');
}
