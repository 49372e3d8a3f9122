import { type Left, type LeftJobs, NAMED } from '../deletion/left';
import { advice, byHand } from './advice';
import { ANY_JOB, commands, profileFor } from './commands';
import type { Subject } from './subject';

/** A deletion, as far as a message tells of it. */
export interface Attempt extends Subject {
  readonly timeoutSeconds: number;
  /** How many jobs there were to delete. */
  readonly found: number;
  /** How long that takes at the pace seen, in seconds; 0 where no deletion was seen. */
  readonly neededSeconds: number;
}

/** So many reasons are told, and so many characters: then the log has the others. */
const MOST_REASONS = 5;
const LONGEST = 1_800;

/** Why jobs were not deleted, and what to do about it. */
export function notDeleted(attempt: Attempt, left: readonly LeftJobs[]): string {
  const { jobId, found } = attempt;
  const [first] = left;
  if (jobId !== undefined && first) {
    return `Job "${jobId}" ${holding(attempt, first.why)}. ${wayOut(attempt, first.why)} ${advice(commanded(attempt, first.why))}`;
  }
  const count = countOf(left);
  if (count === 0) {
    return `The lists still showed jobs after ${period(attempt)}, but DescribeJob found none that matches. Wait until they agree. ${advice({ ...attempt, force: true })}`;
  }
  const most = [...left].sort((one, other) => other.count - one.count);
  // What to do stands at the end: it must not be cut off because there are many reasons.
  for (let shown = Math.min(left.length, MOST_REASONS); ; shown--) {
    const [told, untold] = [most.slice(0, shown).map(ofEach), most.slice(shown)];
    const text = [
      `${count} of ${Math.max(found, count)} jobs ${count === 1 ? 'was' : 'were'} not deleted.`,
      ...told.map((group) => `${names(group)} ${agreeing(group.count, holding(attempt, group.why))}.`),
      ...(untold.length > 0 ? [`The log has the reasons of ${countOf(untold)} more.`] : []),
      ...new Set(told.map((group) => wayOut({ ...attempt, jobId: only([group]) }, group.why))),
      ...tooSlow(attempt),
      advice({ ...attempt, jobId: only(left), force: true }),
    ].join(' ');
    if (text.length <= LONGEST || shown <= 1) {
      return text;
    }
  }
}

/** As it is true of each of the jobs: what was said of the first, and how many devices that has, is not. */
function ofEach(left: LeftJobs): LeftJobs {
  const { why, count, named } = left;
  if (count > 1 && why.kind === 'obstacle') {
    const said = why.obstacle.said.replaceAll(`:job/${named[0]}`, `:job/${ANY_JOB}`);
    return { ...left, why: { ...why, obstacle: { ...why.obstacle, said } } };
  }
  return count > 1 && why.kind === 'executions in progress' ? { ...left, why: { kind: why.kind } } : left;
}

/** The job, where it is only one: then a command names it. */
function only(left: readonly LeftJobs[]): string | undefined {
  return countOf(left) === 1 ? left.find(({ count }) => count === 1)?.named[0] : undefined;
}

function countOf(left: readonly LeftJobs[]): number {
  return left.reduce((sum, { count }) => sum + count, 0);
}

/** What is said on success of jobs that are kept: nothing is kept in silence. */
export function kept(left: readonly LeftJobs[]): string {
  return left.map((group) => `Kept: ${names(group)} ${agreeing(group.count, isKept(group.why))}.`).join(' ');
}

/** What is said on success of jobs that other resources of the stack still manage. */
export function keptForOthers(jobIds: readonly string[]): string | undefined {
  return jobIds.length > 0
    ? `Kept: ${names({ count: jobIds.length, named: jobIds.slice(0, NAMED) })}, which the stack still manages elsewhere.`
    : undefined;
}

/** A service did not respond until the deadline. */
export function unavailableForLong(
  attempt: Omit<Attempt, 'found' | 'neededSeconds'>,
  action: string,
  text: string,
): string {
  const what = attempt.jobId === undefined ? 'The jobs were' : `Job "${attempt.jobId}" was`;
  return (
    `${what} not deleted within ${period(attempt)}, because ${action} did not respond: ${text}. ` +
    `Wait until the service responds. ${advice(attempt)}`
  );
}

/** What holds a job: as the end of a sentence that begins with the job. */
export function holding(attempt: Pick<Attempt, 'namespaceId' | 'timeoutSeconds'>, left: Left): string {
  switch (left.kind) {
    case 'active':
      return `is ${left.status}, and force is false`;
    case 'other namespace':
      return `is in the namespace "${left.actual}", not in "${attempt.namespaceId}"`;
    case 'outside patterns':
      return `is outside the provider's jobIdPatterns (${left.patterns.slice(0, 5).join(', ')})`;
    case 'reserved':
      return `belongs to AWS (namespace "${left.namespaceId}")`;
    case 'untagged':
      return `lacks the tag ${left.tag}`;
    case 'executions in progress':
      return `is CANCELED, but ${executions(left.count)} still in progress after ${period(attempt)}`;
    case 'cancellation in progress':
      return `is CANCELED, but AWS IoT was still telling its devices after ${period(attempt)}`;
    case 'in deletion':
      return `is still DELETION_IN_PROGRESS after ${period(attempt)}`;
    case 'no slot':
      return `got no deletion slot within ${period(attempt)}: 10 other jobs were in deletion`;
    case 'not tried':
      return 'was not tried, because too many others could not be deleted';
    case 'status':
      return `is still ${left.status} after ${period(attempt)}`;
    case 'obstacle': {
      const { kind, action, said } = left.obstacle;
      switch (kind) {
        case 'no slot':
          return holding(attempt, { kind: 'no slot' });
        case 'job concurrency':
          return `could not be cancelled: the account's limit of concurrent jobs is reached (${said})`;
        case 'denied':
          return `was not deleted, because ${action} is denied: ${said}`;
        case 'refused':
          return `was not deleted, because AWS refused ${action}: ${said}`;
        case 'throttled':
        case 'unavailable':
          return `was not deleted, because ${action} did not respond: ${said}`;
        default:
          return kind satisfies never;
      }
    }
    default:
      return left satisfies never;
  }
}

/** What a person can do about it: a sentence or two. */
function wayOut(attempt: Attempt, left: Left): string {
  const one = attempt.jobId !== undefined;
  const it = one ? 'it' : 'each';
  switch (left.kind) {
    case 'active':
      return (
        `Wait until ${one ? 'it ends' : 'they end'}, or cancel ${it}: ${commands.cancelJob(attempt)}. ` +
        byHand({ ...attempt, force: true }, `To cut off ${one ? 'its' : 'their'} devices, delete ${it}: `)
      );
    case 'other namespace':
      return byHand({ ...attempt, namespaceId: left.actual }, 'If it is the right job, delete it: ');
    case 'outside patterns':
      return byHand(attempt, `Delete ${it} yourself: `);
    case 'reserved':
      return `Delete the AWS resource that made ${one ? 'it' : 'them'}, or retain this resource.`;
    case 'untagged':
      return byHand(attempt, 'If it is to be deleted, delete it: ');
    case 'executions in progress':
      return `Wait until the devices have finished. ${byHand(attempt, `To cut them off, delete ${it}: `)}`;
    case 'cancellation in progress':
      return `Wait until the devices have been told. ${byHand(attempt, `To cut them off, delete ${it}: `)}`;
    case 'in deletion':
      return 'Wait for AWS IoT to finish.';
    case 'no slot':
      return `${profileFor(attempt)}Wait until other deletions end: ${commands.listDeletions(attempt)}.`;
    case 'not tried':
      return 'Fix the reasons of the others first.';
    case 'status':
      return `${profileFor(attempt)}Look at the job: ${commands.describeJob(attempt)}.`;
    case 'obstacle':
      switch (left.obstacle.kind) {
        case 'no slot':
          return wayOut(attempt, { kind: 'no slot' });
        case 'job concurrency':
          return 'Wait until other jobs are rolled out.';
        case 'denied':
          return `Allow ${left.obstacle.action} for the role ${left.obstacle.role}.`;
        case 'refused':
          return 'Fix the reported problem.';
        case 'throttled':
        case 'unavailable':
          return 'Wait until the service responds.';
        default:
          return left.obstacle.kind satisfies never;
      }
    default:
      return left satisfies never;
  }
}

/** The subject as the closing command needs it: what is in the way without force or in another namespace is said in it. */
function commanded(attempt: Attempt, why: Left): Subject {
  switch (why.kind) {
    case 'active':
      return { ...attempt, force: true };
    case 'other namespace':
      return { ...attempt, namespaceId: why.actual };
    default:
      return attempt;
  }
}

function tooSlow({ found, neededSeconds, timeoutSeconds }: Attempt): readonly string[] {
  return neededSeconds > timeoutSeconds
    ? [
        `At 10 jobs at a time, ${found} jobs take about ${Math.ceil(neededSeconds / 60)} minutes, longer than the timeout.`,
      ]
    : [];
}

/** @param count left out where it is said of several jobs */
function executions(count?: number): string {
  return count === 1 ? '1 execution was' : `${count === undefined ? '' : `${count} `}executions were`;
}

function isKept(why: Left): string {
  switch (why.kind) {
    case 'reserved':
      return `belongs to AWS (namespace "${why.namespaceId}")`;
    case 'untagged':
      return `lacks the tag ${why.tag}`;
    default:
      return `is kept (${why.kind})`;
  }
}

/** What is said of one, as it is said of so many. */
function agreeing(count: number, predicate: string): string {
  const [verb = '', ...rest] = predicate.split(' ');
  const plural = { is: 'are', was: 'were', belongs: 'belong', lacks: 'lack' }[verb];
  return count > 1 && plural ? [plural, ...rest].join(' ') : predicate;
}

function names({ named, count }: Pick<LeftJobs, 'named' | 'count'>): string {
  const first = named.map((job) => `"${job}"`).join(', ');
  const more = count - named.length;
  return named.length === 0 ? `${more} ${more === 1 ? 'job' : 'jobs'}` : more > 0 ? `${first} and ${more} more` : first;
}

function period({ timeoutSeconds }: Pick<Attempt, 'timeoutSeconds'>): string {
  const minutes = timeoutSeconds / 60;
  const [count, unit] = Number.isInteger(minutes) ? [minutes, 'minute'] : [timeoutSeconds, 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
