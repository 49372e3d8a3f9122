import type { DeletionContext } from './context';
import { grouped, isNotOurs, type Left, type LeftJobs } from './left';

/** Of so many jobs that can't be deleted at the most the reasons are carried, and of so many that are not ours: then it ends. */
const MOST_GIVEN_UP = 2_000;
const MOST_OF_OTHERS = 4_000;
const MOST_REASONS = 50;

/**
 * Whatever is left, and why.
 *
 * @param whyUntried why a job is left of which nothing else is known
 * @param outOfSight how many of those are only counted
 */
export function remainder(
  { backlog, slots }: DeletionContext,
  whyUntried: Left,
  outOfSight: number,
): readonly LeftJobs[] {
  const waiting = backlog.waitingJobs.map(([jobId, { job, why }]): [string, Left] => [
    jobId,
    why ?? (job ? whyUntried : { kind: 'status', status: 'unknown' }),
  ]);
  const inDeletion = slots.jobIds.map((jobId): [string, Left] => [jobId, { kind: 'in deletion' }]);
  return [...backlog.hopeless, ...grouped([...waiting, ...inDeletion], { why: whyUntried, count: outOfSight })];
}

/** Whether so many can't be deleted that it is no use to go on: what is carried of them is bounded. */
export function areTooManyHopeless({ backlog, deletion }: DeletionContext): boolean {
  const { givenUpCount, reasonCount } = backlog;
  if (givenUpCount <= MOST_GIVEN_UP && reasonCount <= MOST_REASONS) {
    return false;
  }
  const countOf = (isOfOthers: boolean): number =>
    backlog.hopeless
      .filter(({ why }) => isNotOurs(why, deletion.selection) === isOfOthers)
      .reduce((sum, { count }) => sum + count, 0);
  return countOf(false) > MOST_GIVEN_UP || countOf(true) > MOST_OF_OTHERS || reasonCount > MOST_REASONS;
}
