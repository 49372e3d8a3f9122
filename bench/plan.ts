import type { Contender, Load } from './contender';

/** One contender with one load. */
export interface Case extends Load {
  readonly contender: Contender;
  /** Why it can't be run. */
  readonly obstacle?: string;
  readonly runs: number;
}

/** The time from a job's end to the answer is measured with one job that takes so long to delete. */
const ONE_JOB: Load = { jobs: 1, deletionSeconds: 5 };

/** Everything to be measured, in the order of the table: last who has a load of its own. */
export function plan(
  contenders: readonly Contender[],
  jobCounts: readonly number[],
  deletionTimes: readonly number[],
  runs: number,
): Case[] {
  const loads = deletionTimes.flatMap((deletionSeconds) => jobCounts.map((jobs) => ({ jobs, deletionSeconds })));
  const shared = [ONE_JOB, ...loads.filter((load) => !isSame(load, ONE_JOB))].flatMap((load) =>
    contenders.filter(({ onlyLoad }) => !onlyLoad).map((contender) => ({ contender, ...load })),
  );
  const own = contenders.flatMap((contender) => (contender.onlyLoad ? [{ contender, ...contender.onlyLoad }] : []));
  return [...shared, ...own].map(({ contender, ...load }) => {
    const obstacle = contender.obstacle(load);
    const most = contender.mostRuns?.(load) ?? Infinity;
    return { contender, ...load, obstacle, runs: obstacle === undefined ? Math.min(runs, most) : 0 };
  });
}

/** About how long a run of this takes, the deployment before it included. */
export function expectedSeconds({ contender, ...load }: Case): number {
  return contender.expectedSeconds(load) + 3 + load.jobs / 20;
}

function isSame(a: Load, b: Load): boolean {
  return a.jobs === b.jobs && a.deletionSeconds === b.deletionSeconds;
}
