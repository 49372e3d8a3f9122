import { LocalAws, type LocalAwsOptions } from '../local/aws';
import type { Call } from '../local/iot/journal';
import { type Usage, usageOf } from '../local/lambda/metering';
import { benchJobIds, boundSeconds, type Contender, type Load } from './contender';
import { countBy } from './count-by';
import { PRICES } from './prices';

/** What a run costs. */
export interface Bill {
  /** The functions' own, and what this process computed meanwhile, the embedded AWS included: never too few. */
  readonly lambdaSeconds: number;
  readonly invocations: number;
  /** How many invocations there were at the same time at most. */
  readonly peak: number;
  readonly stateTransitions: number;
  readonly dollars: number;
}

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
  /** What Lambda and Step Functions bill, from the request to its answer. */
  readonly bill: Bill;
  readonly resources?: number;
  readonly status: string;
  /** The first failure's. */
  readonly reason?: string;
  /** Jobs that nobody has even begun to delete, when the answer came. */
  readonly living: number;
  /** Jobs in DELETION_IN_PROGRESS when the answer came. */
  readonly inDeletion: number;
}

/**
 * Lets a contender delete its jobs once, on an AWS of its own: in virtual time, where computing takes none and all
 * functions run at once, unless the contender is a process.
 */
export async function run(
  contender: Contender,
  load: Load,
  onStart: (aws: LocalAws) => void = () => undefined,
  { callRate }: Pick<LocalAwsOptions, 'callRate'> = {},
): Promise<Run> {
  // No authoriser: its simulation takes time from the same processors, which AWS's own doesn't.
  const aws = await LocalAws.start({
    strict: true,
    virtualTime: !contender.isProcess,
    deletionTime: () => load.deletionSeconds * 1000,
    callRate,
  });
  onStart(aws);
  try {
    aws.lambda.accountConcurrency = load.accountConcurrency;
    const jobIds = benchJobIds(load.jobs);
    jobIds.forEach((jobId) => aws.iot.createJob({ jobId }));
    const { resources, remove } = await contender.deploy(aws, jobIds);
    const bill = billFromHere(aws);
    const startedAt = aws.clock.now();
    const { status, reason } = await remove();
    const endedAt = aws.clock.now();
    return { ...measure(aws, load, startedAt, endedAt), bill: bill(), resources, status, reason };
  } finally {
    await aws.close();
  }
}

/** Adds up what is billed from now on. */
function billFromHere({ lambda, states }: LocalAws): () => Bill {
  const begun = { invocations: lambda.invocations.length, executions: states.executions.length };
  // Processor time: other processes of the machine don't count.
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    const computed = (user + system) / 1_000_000;
    const usage = usageOf(lambda.invocations.slice(begun.invocations));
    const executions = states.executions.slice(begun.executions);
    const stateTransitions = executions.reduce((sum, { transitions }) => sum + transitions, 0);
    const lambdaSeconds = usage.invocations === 0 ? 0 : usage.seconds + computed;
    return {
      lambdaSeconds,
      invocations: usage.invocations,
      peak: usage.peakConcurrency,
      stateTransitions,
      dollars: dollars(usage, lambdaSeconds, stateTransitions),
    };
  };
}

function dollars({ invocations, seconds, gigabyteSeconds }: Usage, lambdaSeconds: number, transitions: number): number {
  // What was computed is billed at the functions' own memory.
  const gigabytes = seconds === 0 ? 0 : gigabyteSeconds / seconds;
  return (
    lambdaSeconds * gigabytes * PRICES.gigabyteSecond +
    invocations * PRICES.invocation +
    transitions * PRICES.stateTransition
  );
}

function measure(
  { iot }: LocalAws,
  load: Load,
  startedAt: number,
  endedAt: number,
): Omit<Run, 'bill' | 'resources' | 'status' | 'reason'> {
  const left = iot.jobs();
  const inDeletion = left.filter(({ status }) => status === 'DELETION_IN_PROGRESS').length;
  const lastGoneAt = Math.max(...iot.histories.map(({ deletedAt }) => deletedAt ?? Infinity));
  const calls = iot.calls.filter(({ time }) => time >= startedAt);
  const count = (is: (call: Call) => boolean): number => calls.filter(is).length;
  // In virtual time the answer may take none.
  const wallSeconds = (endedAt - startedAt) / 1000;
  const others = count(({ operation }) => operation !== 'DeleteJob');
  return {
    wallSeconds,
    ratio: wallSeconds / boundSeconds(load),
    goneToAnsweredSeconds: left.length === 0 ? (endedAt - lastGoneAt) / 1000 : undefined,
    calls: countBy(calls, ({ operation }) => operation),
    refused: count(({ outcome }) => outcome === 'LimitExceededException'),
    throttled: count(({ outcome }) => outcome === 'ThrottlingException'),
    otherCallsPerSecond: others === 0 ? 0 : others / wallSeconds,
    living: left.length - inDeletion,
    inDeletion,
  };
}
