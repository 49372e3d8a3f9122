import type { Call, JobHistory } from '../local/iot/journal';

/** One stack operation: what it should end in, and what it ended in. */
export interface Operation {
  readonly name: string;
  readonly expected: string;
  readonly status: string;
  readonly reason?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What should be true at some moment, and whether it was. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
}

/** One life of a job id. Times are in milliseconds; absent where there was none. */
export interface JobRow {
  readonly jobId: string;
  readonly ended: string;
  readonly inDeletion?: number;
  readonly waitedForSlot?: number;
  readonly deleteJobCalls: number;
  readonly describeJobCalls: number;
}

/** What a rehearsal showed. */
export interface Result {
  readonly operations: readonly Operation[];
  readonly checks: readonly Check[];
  readonly jobs: readonly JobRow[];
  readonly good: boolean;
  readonly verdict: string;
}

/** Draws the conclusion. */
export function conclude(
  operations: readonly Operation[],
  checks: readonly Check[],
  histories: readonly Readonly<JobHistory>[],
  calls: readonly Call[],
): Result {
  const unexpected = operations.filter(({ status, expected }) => status !== expected);
  const broken = checks.filter(({ holds }) => !holds);
  const gone = histories.filter(({ deletedAt }) => deletedAt !== undefined).length;
  const problems = [
    ...unexpected.map(({ name, status, reason }) => `${name}: ${status}${reason ? ` (${reason})` : ''}`),
    ...broken.map(({ what }) => `not so: ${what}`),
  ];
  const good = problems.length === 0;
  return {
    operations,
    checks,
    jobs: histories.map((history) => jobRow(history, operations, histories, calls)),
    good,
    verdict: good
      ? `All is well: ${gone} jobs that should be gone are gone, ${histories.length - gone} that should live live.`
      : `Not well: ${problems.join('; ')}.`,
  };
}

function jobRow(
  history: Readonly<JobHistory>,
  operations: readonly Operation[],
  histories: readonly Readonly<JobHistory>[],
  calls: readonly Call[],
): JobRow {
  const { jobId, createdAt, firstRefusedForSlotAt, deletionStartedAt, deletedAt } = history;
  const reused = histories.find((other) => other.jobId === jobId && other.createdAt > createdAt);
  const own = calls.filter(
    (call) => call.jobId === jobId && call.time >= createdAt && call.time < (reused?.createdAt ?? Infinity),
  );
  const count = (operation: string): number => own.filter((call) => call.operation === operation).length;
  const during = operations.find(({ startedAt, endedAt }) => deletedAt! >= startedAt && deletedAt! <= endedAt);
  return {
    jobId,
    ended: deletedAt === undefined ? 'lives' : `deleted: ${during?.name ?? 'outside any operation'}`,
    inDeletion: deletedAt === undefined ? undefined : deletedAt - deletionStartedAt!,
    waitedForSlot: firstRefusedForSlotAt && deletionStartedAt ? deletionStartedAt - firstRefusedForSlotAt : undefined,
    deleteJobCalls: count('DeleteJob'),
    describeJobCalls: count('DescribeJob'),
  };
}

/** The rows as a table for a terminal. */
export function table(jobs: readonly JobRow[]): string {
  const seconds = (time: number | undefined): string => (time === undefined ? '-' : `${(time / 1000).toFixed(1)} s`);
  const rows = [
    ['job', 'how it ended', 'in deletion', 'waited for a slot', 'DeleteJob', 'DescribeJob'],
    ...jobs.map((job) => [
      job.jobId,
      job.ended,
      seconds(job.inDeletion),
      seconds(job.waitedForSlot),
      String(job.deleteJobCalls),
      String(job.describeJobCalls),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '-'.repeat(width)).join('   '), ...lines.slice(1)].join('\n');
}
