import type { Load } from './contender';
import type { Bill, Run } from './run';

/** What a contender's runs with one load came to. */
export interface Result extends Load {
  readonly contender: string;
  /** Why there are no runs. */
  readonly obstacle?: string;
  readonly runs: readonly Run[];
}

/** A result as it is shown: medians, but for what was left behind, where the worst run counts. */
export interface Summary extends Load {
  readonly contender: string;
  readonly wallSeconds: number;
  readonly ratio: number;
  /** Nothing if one of the runs was answered before its jobs were gone. */
  readonly goneToAnsweredSeconds?: number;
  readonly deleteJobCalls: number;
  readonly describeJobCalls: number;
  readonly listJobsCalls: number;
  readonly refused: number;
  readonly throttled: number;
  readonly otherCallsPerSecond: number;
  readonly bill: Bill;
  readonly resources?: number;
  readonly status: string;
  readonly living: number;
  readonly inDeletion: number;
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Sums a result up; nothing if there were no runs. */
export function summarise({ contender, jobs, deletionSeconds, accountConcurrency, runs }: Result): Summary | undefined {
  const worst = runs.toSorted((a, b) => b.living + b.inDeletion - (a.living + a.inDeletion))[0];
  if (!worst) {
    return undefined;
  }
  const middle = (value: (run: Run) => number): number => median(runs.map(value));
  const calls = (operation: string): number => middle((run) => run.calls[operation] ?? 0);
  const answered = runs.map(({ goneToAnsweredSeconds }) => goneToAnsweredSeconds);
  return {
    contender,
    jobs,
    deletionSeconds,
    accountConcurrency,
    wallSeconds: middle(({ wallSeconds }) => wallSeconds),
    ratio: middle(({ ratio }) => ratio),
    goneToAnsweredSeconds: answered.every((seconds) => seconds !== undefined) ? median(answered) : undefined,
    deleteJobCalls: calls('DeleteJob'),
    describeJobCalls: calls('DescribeJob'),
    listJobsCalls: calls('ListJobs'),
    refused: middle(({ refused }) => refused),
    throttled: middle(({ throttled }) => throttled),
    otherCallsPerSecond: middle(({ otherCallsPerSecond }) => otherCallsPerSecond),
    bill: {
      lambdaSeconds: middle(({ bill }) => bill.lambdaSeconds),
      invocations: middle(({ bill }) => bill.invocations),
      peak: middle(({ bill }) => bill.peak),
      stateTransitions: middle(({ bill }) => bill.stateTransitions),
      dollars: middle(({ bill }) => bill.dollars),
    },
    resources: worst.resources,
    status: worst.status,
    living: worst.living,
    inDeletion: worst.inDeletion,
  };
}

/** Whether the one who asked was told the truth: everything is gone. */
export function isClean({ living, inDeletion }: Pick<Summary, 'living' | 'inDeletion'>): boolean {
  return living === 0 && inDeletion === 0;
}
