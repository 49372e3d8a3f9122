/** How this AWS IoT behaves in time. Times are milliseconds. */
export interface JobRules {
  /** How long the deletion of a job with so many executions takes; 2 seconds and 10 ms each unless it is said. */
  readonly deletionTime: (executions: number) => number;
  /** How many jobs may be in DELETION_IN_PROGRESS at once; 10 unless it is said. */
  readonly deletionSlots: number;
  /** How long a device works on an execution; left out, until `finishExecutions`. */
  readonly executionTime?: number;
  /** How long it takes until so many new executions have gone out, while the job `isConcurrent`; none unless it is said. */
  readonly rolloutTime: (executions: number) => number;
  /** How long it takes until so many executions are cancelled, while the job `isConcurrent`; none unless it is said. */
  readonly cancellationTime: (executions: number) => number;
  /** How far ListJobs is behind. */
  readonly listLag: ListLag;
}

/** For how long a list does not know yet what DescribeJob knows; not at all unless it is said. */
export interface ListLag {
  /** How long a new job is not listed. */
  readonly newJobs?: number;
  /** How long a job that is gone is still listed, in DELETION_IN_PROGRESS. */
  readonly goneJobs?: number;
}

/** A small job is gone in two seconds, and one of ten thousand devices in under two minutes. */
export const defaultRules: JobRules = {
  deletionTime: (executions) => 2_000 + 10 * executions,
  deletionSlots: 10,
  rolloutTime: () => 0,
  cancellationTime: () => 0,
  listLag: {},
};
