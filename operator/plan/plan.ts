/** What would happen to a job. */
export type JobResult =
  | 'delete'
  | 'cancel and delete'
  /** It is in deletion already: the teardown waits for it. */
  | 'wait'
  | 'keep'
  /** The teardown fails for it. */
  | 'fail'
  | 'unknown';

/** A job, and what would happen to it. */
export interface PlannedJob {
  readonly jobId: string;
  readonly status: string;
  readonly result: JobResult;
  /** Why it is kept, why it fails, or what is unknown. */
  readonly reason?: string;
  /** What to change in the app. */
  readonly advice?: string;
  /** So many executions must end before the deletion, because `cancelFirst` without `force` waits for devices. */
  readonly executionsInProgress?: number;
}

/** A resource that deletes jobs, and what it would do. */
export interface PlannedDeletion {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly region: string;
  readonly account: string;
  /** Why CloudFormation would ask: left out where it does not. */
  readonly occasion?: string;
  readonly result: 'delete' | 'nothing' | 'keep' | 'fail' | 'unknown';
  readonly reason?: string;
  readonly advice?: string;
  readonly jobs: readonly PlannedJob[];
  readonly timeoutSeconds?: number;
  /** Properties that only CloudFormation can resolve. */
  readonly unknown: readonly string[];
}

/** The deletion slots of a region. */
export interface PlannedSlots {
  readonly region: string;
  readonly taken: number;
  readonly total: number;
  /** Jobs in deletion that this stack does not delete. */
  readonly others: readonly string[];
  /** How many jobs the stack would delete. */
  readonly jobs: number;
  readonly neededSeconds: number;
  /** The shortest timeout of those deletions. */
  readonly timeoutSeconds?: number;
  readonly fits: boolean;
}

/** What deleting or updating a stack would do to the jobs of AWS IoT, as they are now. */
export interface Plan {
  readonly stack: string;
  readonly stackId: string;
  readonly stackStatus: string;
  readonly operation: 'delete' | 'update';
  readonly account: string;
  readonly region: string;
  readonly terminationProtection: boolean;
  /** A stack that was never completed owns no jobs. */
  readonly neverCompleted: boolean;
  readonly deletions: readonly PlannedDeletion[];
  readonly slots: readonly PlannedSlots[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly notChecked: readonly string[];
}

/** OK: nothing is in the way. FAIL: something would fail. UNKNOWN: it can't tell. */
export type PlanVerdict = 'OK' | 'FAIL' | 'UNKNOWN';

/** What a plan comes to: what fails wins over what is unknown. */
export function verdictOf({ deletions, problems, slots }: Plan): PlanVerdict {
  const results = deletions.flatMap(({ result, jobs }) => [result, ...jobs.map((job) => job.result)]);
  if (problems.length > 0 || results.includes('fail') || slots.some(({ fits }) => !fits)) {
    return 'FAIL';
  }
  return results.includes('unknown') ? 'UNKNOWN' : 'OK';
}
