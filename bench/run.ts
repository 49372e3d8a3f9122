import { LocalAws } from '../local/aws';
import type { Call } from '../local/iot/journal';
import { benchJobIds, boundSeconds, type Contender, type Load } from './contender';

/** What one run showed. */
export interface Run {
  /** From the request to its answer. */
  readonly wallSeconds: number;
  /** Against the best that the service allows. */
  readonly ratio: number;
  /** From the last job's end to the answer; nothing if jobs were left when the answer came. */
  readonly goneToAnsweredSeconds?: number;
  /** Calls of AWS IoT by operation. */
  readonly calls: Readonly<Record<string, number>>;
  /** DeleteJob calls that found the 10 deletion slots taken. */
  readonly refused: number;
  readonly throttled: number;
  /** Every call but DeleteJob. */
  readonly otherCallsPerSecond: number;
  /** Billed by function, from the request to its answer. */
  readonly lambdaMilliseconds: Readonly<Record<string, number>>;
  readonly resources?: number;
  readonly status: string;
  /** The first failure's. */
  readonly reason?: string;
  /** Jobs that nobody has even begun to delete, when the answer came. */
  readonly living: number;
  /** Jobs in DELETION_IN_PROGRESS when the answer came. */
  readonly inDeletion: number;
}

/** Lets a contender delete its jobs once, on an AWS of its own. */
export async function run(
  contender: Contender,
  load: Load,
  onStart: (aws: LocalAws) => void = () => undefined,
): Promise<Run> {
  // No authoriser: its simulation takes time from the same processors, which AWS's own doesn't.
  const aws = await LocalAws.start({ strict: true, deletionTime: () => load.deletionSeconds * 1000 });
  onStart(aws);
  try {
    const jobIds = benchJobIds(load.jobs);
    jobIds.forEach((jobId) => aws.iot.createJob({ jobId }));
    const { resources, remove } = await contender.deploy(aws, jobIds);
    const startedAt = Date.now();
    const { status, reason } = await remove();
    const endedAt = Date.now();
    return { ...measure(aws, load, startedAt, endedAt), resources, status, reason };
  } finally {
    await aws.close();
  }
}

function measure(
  { iot, lambda }: LocalAws,
  load: Load,
  startedAt: number,
  endedAt: number,
): Omit<Run, 'resources' | 'status' | 'reason'> {
  const left = iot.jobs();
  const inDeletion = left.filter(({ status }) => status === 'DELETION_IN_PROGRESS').length;
  const lastGoneAt = Math.max(...iot.histories.map(({ deletedAt }) => deletedAt ?? Infinity));
  const calls = iot.calls.filter(({ time }) => time >= startedAt);
  const count = (is: (call: Call) => boolean): number => calls.filter(is).length;
  const invocations = lambda.invocations.filter((invocation) => invocation.startedAt >= startedAt);
  const wallSeconds = (endedAt - startedAt) / 1000;
  return {
    wallSeconds,
    ratio: wallSeconds / boundSeconds(load),
    goneToAnsweredSeconds: left.length === 0 ? (endedAt - lastGoneAt) / 1000 : undefined,
    calls: sums(calls, ({ operation }) => [operation, 1]),
    refused: count(({ outcome }) => outcome === 'LimitExceededException'),
    throttled: count(({ outcome }) => outcome === 'ThrottlingException'),
    otherCallsPerSecond: count(({ operation }) => operation !== 'DeleteJob') / wallSeconds,
    lambdaMilliseconds: sums(invocations, ({ functionName, milliseconds }) => [functionName, milliseconds]),
    living: left.length - inDeletion,
    inDeletion,
  };
}

function sums<T>(items: readonly T[], entry: (item: T) => [key: string, value: number]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const [key, value] of items.map(entry)) {
    totals[key] = (totals[key] ?? 0) + value;
  }
  return totals;
}
