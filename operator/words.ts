import type { Left } from '../lambda/deletion/left';
import { commands } from '../lambda/words/commands';
import { holding } from '../lambda/words/not-deleted';
import type { Account } from './account';
import type { DeletionOptions, JobOutcome } from './delete-jobs';

/** What force does to devices. */
export const FORCE =
  'A device that is executing the job can then neither read it nor report on it: be sure that your devices recover from that.';

/** The outcomes, each with the reason for which the job is left. */
export function withReasons(outcomes: readonly JobOutcome[], options: DeletionOptions): readonly JobOutcome[] {
  return outcomes.map((outcome) =>
    outcome.why === undefined ? outcome : { ...outcome, reason: holding(options, outcome.why) },
  );
}

/** Why jobs are left and what to do: each job is named, and what to do about them is said once. */
export function leftover(outcomes: readonly JobOutcome[], account: Account): string {
  const left = outcomes.filter(({ result }) => result !== 'deleted');
  return [
    ...left.map(({ jobId, reason }) => `Job "${jobId}" ${reason}.`),
    ...new Set(left.map(({ why }) => wayOut(why!, account))),
  ].join(' ');
}

/** What to say where somebody presses Ctrl-C. @param canceled the jobs that were sent CancelJob */
export function whatGoesOn(outcomes: readonly JobOutcome[], canceled: ReadonlySet<string>): string {
  const inDeletion = outcomes.filter(({ result }) => result === 'in deletion');
  const named = (jobs: readonly JobOutcome[]): string => jobs.map(({ jobId }) => jobId).join(', ');
  const left = outcomes.filter(({ jobId, result }) => result === 'left' && canceled.has(jobId));
  const [seen, unanswered] = [inDeletion.filter(({ why }) => why), inDeletion.filter(({ why }) => !why)];
  return [
    `${outcomes.filter(({ result }) => result === 'deleted').length} of ${outcomes.length} jobs deleted.`,
    ...(seen.length > 0 ? [`Still in deletion: ${named(seen)}. AWS IoT finishes that.`] : []),
    ...(unanswered.length > 0
      ? [`Perhaps in deletion, because DeleteJob has not responded yet: ${named(unanswered)}.`]
      : []),
    ...(inDeletion.length === 0 ? ['No job is in deletion.'] : []),
    ...(left.length > 0 ? [`CancelJob was sent for ${named(left)}: that can't be undone.`] : []),
  ].join(' ');
}

function wayOut(why: Left, { home }: Account): string {
  switch (why.kind) {
    case 'active':
      return `Give --cancel-first to cancel it first, or --force to delete it while it is active. ${FORCE}`;
    case 'other namespace':
      return `If it is the right job, give --namespace-id ${why.actual}.`;
    case 'reserved':
      return 'Delete the AWS resource that made it.';
    case 'executions in progress':
    case 'cancellation in progress':
      return `Wait until the devices have finished, or give --force. ${FORCE}`;
    case 'in deletion':
      return 'AWS IoT finishes that. To wait longer, give a longer --timeout.';
    case 'no slot':
      return `Wait until other deletions end: ${commands.listDeletions({ place: {}, home })}.`;
    case 'status':
    case 'not tried':
      return 'Run the command again.';
    case 'outside patterns':
    case 'untagged':
      return 'Look at the job.';
    case 'obstacle':
      return why.obstacle.kind === 'denied'
        ? `Allow ${why.obstacle.action} for ${why.obstacle.role}.`
        : 'Run the command again when the reported problem is fixed.';
    default:
      return why satisfies never;
  }
}
