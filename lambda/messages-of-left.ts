import type { Deletion } from './decision';
import type { Left } from './left';
import { cleanUp, command, messages, orderOf, said } from './messages';
import type { Obstacle } from './patience';

/** Of many jobs, so many are named; the rest is counted. */
const NAMED = 3;

/** Why jobs are not gone, and what to do about it. */
export function notGone(deletion: Deletion, left: ReadonlyMap<string, Left>): string {
  const { target } = deletion;
  return 'job' in target ? ofOne(deletion, target.job, left.get(target.job)!) : ofMany(deletion, left);
}

/** A service has not answered until the deadline. */
export function unavailableForLong(deletion: Deletion, { call, error }: Obstacle): string {
  const { target } = deletion;
  const what = 'job' in target ? `Job "${target.job}"` : 'What is left of the jobs';
  return (
    `${what} could not be deleted within ${period(deletion)}, because ${call.action} got no usable answer: ` +
    `${said(error)}. When the service answers again, ${onceMore(deletion)}`
  );
}

function ofOne(deletion: Deletion, job: string, left: Left): string {
  const order = orderOf(deletion);
  switch (left.kind) {
    case 'active':
      return (
        `Job "${job}" is ${left.status}, and force is false. ` +
        waysOut(
          deletion,
          `Let it end, cancel it (aws iot cancel-job --job-id ${job}), ` +
            `or delete it (${command({ ...order, force: true })})`,
        )
      );
    case 'other namespace': {
      const { actual } = left;
      return (
        `Job "${job}" is in ${actual === undefined ? 'no namespace' : `the namespace "${actual}"`}, not in ` +
        `"${deletion.namespaceId}". ` +
        waysOut(
          deletion,
          `If it is the job you mean, delete it (${command({ ...order, namespaceId: actual })}), if not, retain it`,
        )
      );
    }
    case 'outside patterns':
      return messages.outsidePatterns(job, left.patterns);
    case 'in deletion':
      return `Job "${job}" is still DELETION_IN_PROGRESS after ${period(deletion)}. Let AWS IoT go on; then ${onceMore(deletion)}`;
    case 'executions in progress':
      return (
        `Job "${job}" is CANCELED but still has executions in progress (${left.count}) after ${period(deletion)}. ` +
        waysOut(deletion, `Let the devices finish, or delete it as it is (${command(order)})`)
      );
    case 'no slot':
      return (
        `Job "${job}" could not be deleted within ${period(deletion)}: 10 other jobs held the account's ` +
        `deletion slots. Wait until they are gone (aws iot list-jobs --status DELETION_IN_PROGRESS); then ${onceMore(deletion)}`
      );
    case 'obstacle':
      return left.obstacle.kind === 'no slot'
        ? ofOne(deletion, job, { kind: 'no slot' })
        : unavailableForLong(deletion, left.obstacle);
    case 'status':
      return (
        `Job "${job}" is still ${left.status} after ${period(deletion)}. ` +
        `Look at the job (aws iot describe-job --job-id ${job}); then ${onceMore(deletion)}`
      );
    case 'reserved':
      return `Job "${job}" is in AWS's own namespace "${left.namespaceId}". Retain the resource; then ${onceMore(deletion)}`;
    default:
      return left satisfies never;
  }
}

/** The jobs by the reason for which they are left, and each reason's way out once. */
function ofMany(deletion: Deletion, left: ReadonlyMap<string, Left>): string {
  const reasons = new Map<string, { readonly jobs: string[]; readonly wayOut: string }>();
  for (const [job, why] of left) {
    const { is, wayOut } = reason(deletion, why);
    const known = reasons.get(is) ?? { jobs: [], wayOut };
    known.jobs.push(job);
    reasons.set(is, known);
  }
  const what = [...reasons].map(([is, { jobs }]) => `${names(jobs)} (${is})`);
  const ways = new Set([...reasons.values()].map(({ wayOut }) => wayOut));
  const [first = '', ...rest] = ways;
  const order = orderOf(deletion);
  return (
    `Jobs are left (${left.size} of ${Math.max(left.size, deletion.found)}): ${what.join('; ')}. ` +
    `${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join('; ')}; then ` +
    (deletion.occasion === 'clean-up' ? cleanUp({ ...order, force: true }) : onceMore(deletion))
  );
}

/** What is said of jobs in parentheses, and what is to be done about them. */
function reason(deletion: Deletion, left: Left): { readonly is: string; readonly wayOut: string } {
  const order = orderOf(deletion);
  switch (left.kind) {
    case 'active':
      return {
        is: `${left.status}, and force is false`,
        // In a clean-up the command comes in the end anyway.
        wayOut:
          deletion.occasion === 'clean-up'
            ? 'let what is active end, or cancel it'
            : `let what is active end, cancel it, or delete it (${command({ ...order, force: true })})`,
      };
    case 'other namespace':
      return {
        is: `in ${left.actual === undefined ? 'no namespace' : `the namespace "${left.actual}"`}, not in "${deletion.namespaceId}"`,
        wayOut: 'delete what is in another namespace by hand, or retain the resource',
      };
    case 'outside patterns':
      return {
        is: `outside what the JobDeletionProvider may touch (${left.patterns.join(', ')})`,
        wayOut: `delete what is outside by hand (${command({ ...order, force: true })})`,
      };
    case 'in deletion':
      return { is: `still DELETION_IN_PROGRESS after ${period(deletion)}`, wayOut: 'let AWS IoT go on' };
    case 'executions in progress':
      return { is: `CANCELED with executions in progress after ${period(deletion)}`, wayOut: 'let the devices finish' };
    case 'no slot':
      return {
        is: `without a deletion slot after ${period(deletion)}`,
        wayOut: 'wait until other deletions have ended (aws iot list-jobs --status DELETION_IN_PROGRESS)',
      };
    case 'obstacle': {
      const { kind, call, error } = left.obstacle;
      return kind === 'no slot'
        ? reason(deletion, { kind: 'no slot' })
        : {
            is: `not deleted, because AWS answered ${call.action} with ${said(error)}`,
            wayOut: 'correct or allow what AWS names',
          };
    }
    case 'status':
      return { is: `still ${left.status} after ${period(deletion)}`, wayOut: 'wait for them' };
    case 'reserved':
      return { is: `AWS's own (${left.namespaceId})`, wayOut: 'retain the resource' };
    default:
      return left satisfies never;
  }
}

function names(jobs: readonly string[]): string {
  const named = jobs.slice(0, NAMED).map((job) => `"${job}"`);
  const more = jobs.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

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
      return cleanUp(orderOf(deletion));
    case 'revision':
      return 'deploy with another revision.';
    default:
      return deletion.occasion satisfies never;
  }
}

function period({ timeoutSeconds }: Deletion): string {
  const minutes = timeoutSeconds / 60;
  const [count, unit] = Number.isInteger(minutes) ? [minutes, 'minute'] : [timeoutSeconds, 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
