import type { Obstacle } from '../deletion/obstacle';
import { advice } from './advice';
import { said } from './said';
import type { Subject } from './subject';

/**
 * Every failure that a person may read in the CloudFormation console, except what is said of jobs that were not deleted
 * (not-deleted.ts): what happened, then what to do.
 *
 * A stack that failed to be deleted can't be updated any more: what is to be done must not need a deployment.
 */
export const messages = {
  outsidePatterns: (jobId: string, patterns: readonly string[]): string =>
    `Job "${jobId}" is outside the provider's jobIdPatterns (${few(patterns)}). ` +
    'Add a pattern that covers it, and deploy again.',

  outsidePlaces: (what: 'Region' | 'Role', value: string, allowed: readonly string[]): string =>
    `${what} "${value}" is not one of the provider's ${what === 'Region' ? 'regions' : 'assumableRoles'} ` +
    `(${few(allowed)}). Add it, and deploy again.`,

  tooMany: (subject: Subject, count: number, maxJobs: number): string =>
    `At least ${count} jobs match, but maxJobs is ${maxJobs}, so none was deleted. ` +
    `Delete jobs until ${maxJobs} match, or retain the resource. ${advice(subject)}`,

  tooManyNames: (count: number, most: number): string =>
    `JobIds has ${count} job ids, and at most ${most} are allowed. Split the list, or select by prefix. Then deploy again.`,

  selectionTooLong: (length: number, most: number): string =>
    `The selection has ${length} characters as a physical id, and CloudFormation allows ${most}. ` +
    'Select by fewer or shorter tags. Then deploy again.',

  selectsEverything: (): string =>
    'The selection has no filter, so it would match every job. Give the JobSweep a filter and deploy again.',

  unavailable: (obstacle: Obstacle | undefined, subject: Subject): string =>
    `${obstacle?.action ?? 'AWS'} did not respond; nothing was deleted: ${obstacle?.said ?? 'no answer'}. ` +
    `Wait until the service responds. ${advice(subject)}`,

  refusal: ({ kind, action, resource, role, said: text }: Obstacle, what: string): string =>
    kind === 'denied'
      ? `The role ${role} may not ${action} on ${resource}: ${text}. ` +
        // Patterns are for jobs: no list and no stack is allowed by one.
        `Allow it${resource.includes(':job/') ? ", or add a pattern to the provider's jobIdPatterns" : ''}. ${what}`
      : `AWS refused ${action} on ${resource}: ${text}. Fix the reported problem. ${what}`,

  rolledBackMeanwhile: (subject: Subject, statuses: readonly string[]): string =>
    `${the(subject)} kept: the revision changed, but the stack is ${statuses.join(' in ')}, not updating. ` +
    'Deploy the revision again.',

  unclear: (subject: Subject, statuses: readonly string[]): string =>
    `${the(subject)} kept: the stack is ${statuses.join(' in ')}, which is neither a deletion nor the cleanup of an ` +
    `update. Wait until the stack operation ends. ${advice(subject)}`,

  stale: (subject: Subject, status: string): string =>
    `${the(subject)} kept: CloudFormation lists the resource as ${status}, not as DELETE_IN_PROGRESS. ` +
    `The event is out of date. ${advice(subject)}`,

  before: (subject: Subject, status: string): string =>
    `${the(subject)} kept: the stack became ${status} after CloudFormation had sent the event. ` +
    `The event is out of date. ${advice(subject)}`,

  keptOnRollback: (jobId: string | undefined, why: string): string =>
    `${jobId === undefined ? 'Jobs are' : `Job "${jobId}" is`} kept, because ${why}. ` +
    'To delete on a rollback too, set deleteOnRollback.',

  keptForOther: (jobId: string | undefined, logicalId: string): string =>
    `${jobId === undefined ? 'The jobs are' : `Job "${jobId}" is`} kept, because ${logicalId} of the stack still manages ` +
    `${jobId === undefined ? 'them' : 'it'}.`,

  unreadableClaim: (subject: Subject, logicalId: string): string =>
    `${the(subject)} kept, because the handler can't read what ${logicalId} of the stack manages. ` +
    `Deploy the provider with the version of cdk-iot-job-deletion that ${logicalId} has. ${advice(subject)}`,

  malformed: (name: string, value: unknown, rule: string): string =>
    `${name} ${JSON.stringify(value)} is not ${rule}. Correct it and deploy again.`,

  missingJobId: (): string => 'JobId is missing. Give the JobDeletion a jobId and deploy again.',

  unknownFormat: (format: unknown): string =>
    `The handler does not know the format ${JSON.stringify(format)} of the resource's properties. ` +
    'Deploy the provider with the version of cdk-iot-job-deletion that the resource has.',

  unknownProperty: (name: string): string =>
    `The handler does not know the property ${name}. ` +
    'Deploy the provider with the version of cdk-iot-job-deletion that the resource has.',

  foreignStack: (stackId: string, region: string, account: string): string =>
    `The stack ${stackId} is not in ${region} of account ${account}, where the provider is. ` +
    'Give the stack a provider of its own, and deploy again.',

  untagged: (jobId: string, tag: string): string =>
    `Job "${jobId}" lacks the tag ${tag}, which its JobDeletion.forJob writes. ` +
    'Keep the tag in the job of the template, and deploy again.',

  tooLate: (minutes: number, subject: Subject): string =>
    `The event came ${minutes} minutes after CloudFormation sent it, which is longer than the timeout. ` +
    `Nothing was deleted. ${advice(subject)}`,

  notCounted: (count: number, timeoutSeconds: number, subject: Subject, obstacle?: Obstacle): string =>
    `Listing the jobs took longer than the timeout of ${timeoutSeconds} seconds, so none was deleted. ` +
    `${count} jobs matched until then. ` +
    (obstacle
      ? `In the end, ${obstacle.action} did not respond: ${obstacle.said}. Wait until the service responds. `
      : 'Raise the timeout, or select fewer jobs. ') +
    advice(subject),

  lookedInVain: (subject: Subject): string =>
    `The handler failed too often. Read its log for the reason. ${advice(subject)}`,

  noWaiter: (obstacle: Obstacle | undefined, subject: Subject): string =>
    `The waiter could not be started, so nothing was deleted: ${obstacle?.said ?? 'no answer'}. ` +
    `Allow the handler states:StartExecution, or wait until AWS Step Functions responds. ${advice(subject)}`,

  tooManyLooks: (looks: number, subject: Subject): string =>
    `The jobs were not deleted after ${looks} looks. Read the log to see what they wait for. ${advice(subject)}`,

  unexpected: (error: unknown): string =>
    `The handler failed unexpectedly: ${said(error)}. Read its log, and report this as a bug.`,
};

function the({ jobId }: Subject): string {
  return jobId === undefined ? 'The jobs are' : `Job "${jobId}" is`;
}

/** The first few of a list; what is left out is counted. */
function few(values: readonly string[]): string {
  const first = values.slice(0, 5).join(', ') || 'none';
  return values.length > 5 ? `${first} and ${values.length - 5} more` : first;
}
