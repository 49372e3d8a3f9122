import type { Deletion, Order } from './decision';
import type { Call } from './patience';
import { shortened } from './user-error';

/**
 * Every failure that a person may read in the CloudFormation console: one sentence what, one sentence what to do. What
 * is said of jobs that are left is in messages-of-left.ts.
 *
 * A stack that failed to be deleted can't be updated any more: what is to be done must not need a deployment.
 */
export const messages = {
  outsidePatterns: (jobId: string, patterns: readonly string[]): string =>
    `Job "${jobId}" is outside what the JobDeletionProvider may touch (${patterns.join(', ')}). ` +
    "Add a pattern that covers it to the provider's jobIds, and deploy again.",

  outsidePlaces: (what: 'Region' | 'Role', value: string, allowed: readonly string[]): string =>
    `${what} "${value}" is outside what the JobDeletionProvider may use (${allowed.join(', ') || 'none'}). ` +
    `Add it to the provider's ${what === 'Region' ? 'regions' : 'assumableRoles'}, and deploy again.`,

  tooMany: (order: Order, count: number, maxJobs: number): string =>
    `${count} jobs match, and maxJobs is ${maxJobs}: none was deleted. Delete by hand until no more than that are left ` +
    `(${command(order)}), or retain the resource; then ${again(order)}`,

  selectsEverything: (): string =>
    'The selection has no filter, so it would match every job. Give the JobSweep a filter and deploy again.',

  unavailable: ({ action, order }: Call, error: unknown): string =>
    `${action}${forJob(order)} got no usable answer, and nothing was decided without it: ${said(error)}. ` +
    `When the service answers again, ${again(order)}`,

  refused: ({ action, order }: Call, error: unknown): string =>
    `AWS refused ${action}${forJob(order)}: ${said(error)}. Correct what it names, and ${again(order)}`,

  denied: ({ action, resource, role, order }: Call, error: unknown): string =>
    `The role ${role} may not ${action} on ${resource}: ${said(error)}. ` +
    `Allow it to the role (do the provider's jobIds cover the job?), and ${again(order)}`,

  rolledBackMeanwhile: ({ jobId }: Order, statuses: readonly string[]): string =>
    `${jobId === undefined ? 'What was left of the jobs' : `Job "${jobId}"`} was kept: ` +
    `${jobId === undefined ? 'the' : 'its'} revision changed, but the stack is ${statuses.join(' in ')} and no longer ` +
    'updating. Deploy the revision again.',

  malformed: (name: string, value: unknown, rule: string): string =>
    `${name} ${JSON.stringify(value)} is not ${rule}. Correct it and deploy again.`,

  missingJobId: (): string => 'JobId is missing. Give the JobDeletion a jobId and deploy again.',

  unexpected: (error: unknown): string =>
    `The handler failed unexpectedly: ${said(error)}. Its log has the details; please report this.`,
};

/** How to go on when a call failed, with as much as is known of what it was for. */
function again(order: Order): string {
  switch (order.occasion) {
    case 'clean-up':
      return cleanUp(order);
    case 'undecided':
      return `do again what failed; if an update's clean-up has forgotten ${
        order.jobId === undefined ? 'the jobs' : 'the job'
      }, run: ${command(order)}.`;
    case 'stack deletion':
      return 'delete the stack again.';
    default:
      return 'do again what failed.';
  }
}

/** What is left for a person when CloudFormation has done what it can in an update's clean-up. */
export function cleanUp(order: Order): string {
  const [each, what] = order.jobId === undefined ? [' for each', 'them'] : ['', 'the job'];
  return `run${each}: ${command(order)} (CloudFormation tries three times in an update's clean-up, then forgets ${what}).`;
}

/** The AWS CLI's command that deletes the job by hand. */
export function command({ jobId = 'JOB_ID', force, namespaceId, place }: Omit<Order, 'stackId'>): string {
  const region = place.region ?? process.env.AWS_REGION;
  return [
    `aws iot delete-job --job-id ${jobId}`,
    ...(force ? ['--force'] : []),
    ...(namespaceId === undefined ? [] : [`--namespace-id ${namespaceId}`]),
    ...(region ? [`--region ${region}`] : []),
  ].join(' ');
}

/** What a call that is made for a deletion is made for. */
export function orderOf({ target, stackId, place, force, namespaceId, occasion }: Deletion): Order {
  return { jobId: 'job' in target ? target.job : undefined, stackId, place, force, namespaceId, occasion };
}

/** What a service said, as part of a sentence. */
export function said(error: unknown): string {
  const { name, message } = error as Error;
  return shortened(`${name}: ${message}`, 500).replace(/\.$/, '');
}

function forJob({ jobId }: Order): string {
  return jobId === undefined ? '' : ` for job "${jobId}"`;
}
