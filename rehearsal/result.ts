import type { Call, JobHistory, StackEvent } from '../local';

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

/** Where something was: an account and a region, such as `111122223333/eu-west-1`, unless they were the stack's own. */
export interface Placed {
  readonly place?: string;
}

type PlacedId = Placed & { readonly jobId?: string };

/** Everything that happened in a rehearsal. */
export interface Recording {
  readonly operations: readonly Operation[];
  readonly checks: readonly Check[];
  readonly events: readonly StackEvent[];
  readonly histories: readonly PlacedHistory[];
  readonly calls: readonly (Call & Placed)[];
}

/** One life of a job id, and where it was. */
export type PlacedHistory = Readonly<JobHistory> & Placed;

/** One life of a job id. Times are in milliseconds; absent where there was none. */
export interface JobRow extends Placed {
  readonly jobId: string;
  readonly ended: string;
  readonly inDeletion?: number;
  /** From when the deletion was asked for: for the function to start and for one of the slots. */
  readonly waited?: number;
  /** How often it was called, where that is counted. */
  readonly deleteJobCalls?: number;
  readonly describeJobCalls?: number;
}

/** What a rehearsal showed. */
export interface Result {
  readonly operations: readonly Operation[];
  readonly checks: readonly Check[];
  readonly jobs: readonly JobRow[];
  readonly good: boolean;
  readonly verdict: string;
}

/** How a job ended that did not. */
export const LIVES = 'lives';

/** In an update it may be a revision that asks for the deletion. */
const ASKS = /^(DELETE|UPDATE)_IN_PROGRESS$/;

/** A job's name for people: its id, and where it is. */
export function jobName({ jobId, place }: Placed & { readonly jobId: string }): string {
  return place === undefined ? jobId : `${jobId} in ${place}`;
}

/** Whether two things are about one job id in one place: of the same job, or of one that has had its id. */
export function isSameId(one: PlacedId, other: PlacedId): boolean {
  return one.jobId === other.jobId && one.place === other.place;
}

/** Draws the conclusion. */
export function conclude(recording: Recording): Result {
  const { operations, checks, histories } = recording;
  return resultOf(
    operations,
    checks,
    histories.map((history) => jobRow(history, recording)),
  );
}

/** The result, and the verdict, from what was done, what is true, and what became of the jobs. */
export function resultOf(operations: readonly Operation[], checks: readonly Check[], jobs: readonly JobRow[]): Result {
  const unexpected = operations.filter(({ status, expected }) => status !== expected);
  const broken = checks.filter(({ holds }) => !holds);
  const gone = jobs.filter(({ ended }) => ended !== LIVES).length;
  const problems = [
    ...unexpected.map(({ name, status, reason }) => `${name}: ${status}${reason ? ` (${reason})` : ''}`),
    ...broken.map(({ what }) => `not so: ${what}`),
  ];
  const good = problems.length === 0;
  return {
    operations,
    checks,
    jobs,
    good,
    verdict: good ? allIsWell(gone, jobs.length - gone) : `Not well: ${problems.join('; ')}.`,
  };
}

function allIsWell(gone: number, living: number): string {
  if (gone + living === 0) {
    return 'All is well: there was no job.';
  }
  const deleted = gone === 1 ? '1 job that should be gone is gone' : `${gone} jobs that should be gone are gone`;
  const alive = living === 1 ? ', 1 that should live lives' : `, ${living} that should live live`;
  return `All is well: ${deleted}${living === 0 ? '' : alive}.`;
}

function jobRow(history: PlacedHistory, recording: Recording): JobRow {
  const { jobId, place, deletionStartedAt, deletedAt } = history;
  const own = callsOf(history, recording);
  const count = (operation: string): number => own.filter((call) => call.operation === operation).length;
  const asked = askedAt(history, recording);
  return {
    jobId,
    place,
    ended:
      deletedAt === undefined
        ? LIVES
        : `deleted: ${operationAt(deletedAt, recording)?.name ?? 'outside any operation'}`,
    inDeletion: deletedAt === undefined ? undefined : deletedAt - deletionStartedAt!,
    waited: asked === undefined ? undefined : deletionStartedAt! - asked,
    deleteJobCalls: count('DeleteJob'),
    describeJobCalls: count('DescribeJob'),
  };
}

/**
 * When the deletion was asked for: when CloudFormation turned to the resource whose id is the job's; where there is none,
 * to a sweep; and where there is none either, when somebody first looked at the job in that operation.
 *
 * The refusals of DeleteJob do not tell: the handler sees whether a slot is free before it sends one.
 */
export function askedAt(history: PlacedHistory, recording: Recording): number | undefined {
  const { deletionStartedAt } = history;
  const operation = deletionStartedAt === undefined ? undefined : operationAt(deletionStartedAt, recording);
  if (!operation) {
    return undefined;
  }
  const asking = (is: (event: StackEvent) => boolean): number | undefined =>
    recording.events
      .filter((event) => ASKS.test(event.status) && is(event))
      .map(({ time }) => time.getTime())
      .filter((time) => time >= operation.startedAt && time <= deletionStartedAt!)
      .at(-1);
  return (
    asking(
      ({ type, physicalId }) => type.startsWith('Custom::IoTJob') && jobNamedBy(physicalId) === jobName(history),
    ) ??
    asking(({ type }) => type === 'Custom::IoTJobSweep') ??
    callsOf(history, recording).find(({ time }) => time >= operation.startedAt)?.time
  );
}

/** The physical id of a deletion is the job's id, or its ARN if it says where the job is. */
function jobNamedBy(physicalId: string): string {
  return physicalId.replace(/^arn:[^:]+:iot:([^:]+):([^:]+):job\/(.+)$/, '$3 in $2/$1');
}

/** The calls about this life of the job id, in the order of their arrival. */
function callsOf(history: PlacedHistory, { calls, histories }: Recording): Call[] {
  const { createdAt } = history;
  const reused = histories.find((other) => isSameId(other, history) && other.createdAt > createdAt);
  return calls
    .filter((call) => isSameId(call, history) && call.time >= createdAt && call.time < (reused?.createdAt ?? Infinity))
    .sort((one, other) => one.time - other.time);
}

function operationAt(time: number, { operations }: Recording): Operation | undefined {
  return operations.find(({ startedAt, endedAt }) => time >= startedAt && time <= endedAt);
}

/** The rows as a table for a terminal. */
export function table(jobs: readonly JobRow[]): string {
  const seconds = (time: number | undefined): string => (time === undefined ? '-' : `${(time / 1000).toFixed(1)} s`);
  const rows = [
    ['job', 'how it ended', 'in deletion', 'waited', 'DeleteJob', 'DescribeJob'],
    ...jobs.map((job) => [
      jobName(job),
      job.ended,
      seconds(job.inDeletion),
      seconds(job.waited),
      String(job.deleteJobCalls ?? '-'),
      String(job.describeJobCalls ?? '-'),
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
