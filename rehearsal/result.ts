import type { Call, JobHistory, StackEvent, Stub, StubbedProperty, UncertainCondition } from '../local';
import { isOurs } from '../local/cloudformation/surroundings';
import type { Verdict } from './verdict';

/** One stack operation: what it should end in, and what it ended in. */
export interface Operation {
  readonly name: string;
  readonly stack?: string;
  readonly account?: string;
  readonly region?: string;
  readonly expected: string;
  readonly status: string;
  readonly reason?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What was looked at, in the words of what was found, and whether that is what should be. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
}

/** Where something was: an account and a region, such as `111122223333/eu-west-1`, unless only one is rehearsed. */
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
  /** The account and region whose name is left out where something was, such as `111122223333/eu-west-1`. */
  readonly home?: string;
}

/** One life of a job id, and where it was. */
export type PlacedHistory = Readonly<JobHistory> & Placed;

/** One life of a job id. Times are in milliseconds; absent where there was none. */
export interface JobRow extends Placed {
  readonly jobId: string;
  readonly account?: string;
  readonly region?: string;
  /** What should become of it. */
  readonly expected?: 'deleted' | 'kept';
  readonly ended: string;
  readonly inDeletion?: number;
  /** From when the deletion was asked for: for the function to start and for one of the slots. */
  readonly waited?: number;
  /** How often it was called, where that is counted. */
  readonly deleteJobCalls?: number;
  readonly describeJobCalls?: number;
  /** How often DeleteJob was refused because all of the slots were taken, where that is counted. */
  readonly slotRefusals?: number;
}

/** What a rehearsal shows about one `JobDeletion` or `JobSweep`. */
export interface DeletionResult {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  /** Of the construct, where the template says it. */
  readonly path?: string;
  readonly kind: 'JobDeletion' | 'JobSweep';
  /** Which jobs, as the resource's properties say it. */
  readonly selects: Readonly<Record<string, unknown>>;
  readonly result: 'PASS' | 'FAIL' | 'NOT_TESTED';
  readonly reason: string;
  /** Those that were made for it. */
  readonly jobs: readonly string[];
  readonly stubbed: readonly StubbedProperty[];
}

/** What a rehearsal could not know, or does not look at. */
export interface Limits {
  readonly conditions: readonly Pick<UncertainCondition, 'stackName' | 'condition' | 'value' | 'from'>[];
  readonly stubs: readonly Pick<Stub, 'stackName' | 'logicalId' | 'type' | 'reason'>[];
  readonly warnings: readonly string[];
  /** Which deletions are not deployed because of a condition, and why: these are warnings, too. */
  readonly leftOut: readonly string[];
  readonly notChecked: readonly string[];
}

/** Nothing to say of it. */
export const NO_LIMITS: Limits = { conditions: [], stubs: [], warnings: [], leftOut: [], notChecked: [] };

/** What a rehearsal showed. */
export interface Result extends Limits {
  readonly verdict: Verdict;
  /** The verdict's, in a sentence. */
  readonly reason: string;
  readonly deletions: readonly DeletionResult[];
  readonly operations: readonly Operation[];
  readonly checks: readonly Check[];
  readonly jobs: readonly JobRow[];
}

/** How a job ended that did not. */
export const KEPT = 'kept';

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

/** Draws the conclusion from a recording; of a rehearsal without a list of deletions, from its operations and checks. */
export function conclude(
  recording: Recording,
  deletions?: readonly DeletionResult[],
  expectations: ReadonlyMap<string, JobRow['expected']> = new Map(),
  limits: Limits = NO_LIMITS,
): Result {
  const { operations, checks, histories } = recording;
  const jobs = histories.map((history) => ({
    ...jobRow(history, recording),
    expected: expectations.get(jobName(history)),
  }));
  return resultOf({ operations, checks, jobs, deletions, limits });
}

/** The result, and its verdict, from what was done, what was found, and what became of the jobs. */
export function resultOf({
  operations,
  checks,
  jobs,
  deletions,
  limits = NO_LIMITS,
}: {
  readonly operations: readonly Operation[];
  readonly checks: readonly Check[];
  readonly jobs: readonly JobRow[];
  readonly deletions?: readonly DeletionResult[];
  readonly limits?: Limits;
}): Result {
  const broken = operations.filter(({ status, expected }) => status !== expected);
  const failed = [
    ...broken.map(failureOf),
    ...checks.filter(({ holds }) => !holds).map(({ what }) => what),
    ...of(
      'FAIL',
      deletions?.filter((deletion) => !broken.some(({ reason }) => reason === deletion.reason)),
    ),
  ];
  const untested = deletions?.length === 0 ? [NO_DELETION, ...limits.leftOut] : of('NOT_TESTED', deletions);
  const [verdict, reasons]: [Verdict, readonly string[]] =
    failed.length > 0 ? ['FAIL', failed] : untested.length > 0 ? ['NOT_TESTED', untested] : ['PASS', [summary(jobs)]];
  return { verdict, reason: sentences(reasons), deletions: deletions ?? [], operations, checks, jobs, ...limits };
}

/** A verdict without anything that happened. */
export function emptyResult(verdict: Verdict, reason: string): Result {
  return { verdict, reason, deletions: [], operations: [], checks: [], jobs: [], ...NO_LIMITS };
}

const NO_DELETION = 'No deployed stack has a JobDeletion or a JobSweep: there was nothing to test.';

function failureOf({ name, status, reason }: Operation): string {
  return `${name}: ${status}${reason ? `: ${reason}` : ''}`;
}

function of(result: DeletionResult['result'], deletions: readonly DeletionResult[] = []): string[] {
  const found = deletions.filter((each) => each.result === result);
  return found.map(({ stack, path, logicalId, reason }) => `${path ?? `${stack}/${logicalId}`}: ${reason}`);
}

/** Each once, in one line. */
function sentences(reasons: readonly string[]): string {
  const parts = reasons.map((reason) => reason.replace(/[.\s]+$/, ''));
  return `${[...new Set(parts)].join('; ')}.`;
}

function summary(jobs: readonly JobRow[]): string {
  const deleted = jobs.filter(({ ended }) => ended !== KEPT).length;
  const kept = jobs.length - deleted;
  const count = (jobsOf: number): string => (jobsOf === 1 ? '1 job' : `${jobsOf} jobs`);
  return kept === 0 ? `${count(deleted)} deleted.` : `${count(deleted)} deleted and ${kept} kept, as expected.`;
}

function jobRow(history: PlacedHistory, recording: Recording): JobRow {
  const { jobId, place, deletionStartedAt, deletedAt } = history;
  const own = callsOf(history, recording);
  const count = (operation: string): number => own.filter((call) => call.operation === operation).length;
  const asked = askedAt(history, recording);
  const [account, region] = (place ?? recording.home ?? '').split('/');
  return {
    jobId,
    place,
    ...(region === undefined ? {} : { account, region }),
    ended:
      deletedAt === undefined ? KEPT : `deleted: ${operationAt(deletedAt, recording)?.name ?? 'outside any operation'}`,
    inDeletion: deletedAt === undefined ? undefined : deletedAt - deletionStartedAt!,
    waited: asked === undefined ? undefined : deletionStartedAt! - asked,
    deleteJobCalls: count('DeleteJob'),
    describeJobCalls: count('DescribeJob'),
    slotRefusals: history.slotRefusals,
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
    asking((event) => isOurs(event.type) && isSameId(idNamedBy(event, recording), history)) ??
    asking(({ type }) => type === 'Custom::IoTJobSweep') ??
    callsOf(history, recording).find(({ time }) => time >= operation.startedAt)?.time
  );
}

/** The physical id of a deletion is the job's id, or its ARN if it says where the job is; else it is where the stack is. */
function idNamedBy({ physicalId, stackId }: StackEvent, { home }: Recording): PlacedId {
  const [, region, account, jobId = physicalId] =
    /^arn:[^:]+:iot:([^:]+):([^:]+):job\/(.+)$/.exec(physicalId) ??
    /^arn:[^:]+:cloudformation:([^:]+):([^:]+):stack\//.exec(stackId) ??
    [];
  const place = region === undefined ? home : `${account}/${region}`;
  return { jobId, place: place === home ? undefined : place };
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
