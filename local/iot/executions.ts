import type { JobExecutionStatus, JobProcessDetails } from './shapes';

/** One device's part in a job. Times are milliseconds since the epoch. */
export interface JobExecution {
  readonly thingArn: string;
  status: JobExecutionStatus;
  readonly queuedAt: number;
  startedAt?: number;
  lastUpdatedAt: number;
}

/** How many executions a job of the programmatic API starts with, in which status. */
export interface ExecutionCounts {
  readonly queued?: number;
  readonly inProgress?: number;
  readonly succeeded?: number;
}

/** An execution that its device has not heard of yet. */
export function queuedExecution(thingArn: string, now: number): JobExecution {
  return { thingArn, status: 'QUEUED', queuedAt: now, lastUpdatedAt: now };
}

/** So many executions of devices that need no registering. */
export function madeUpExecutions(
  counts: ExecutionCounts,
  thingArn: (index: number) => string,
  now: number,
): JobExecution[] {
  const statuses: JobExecutionStatus[] = [
    ...Array<JobExecutionStatus>(counts.queued ?? 0).fill('QUEUED'),
    ...Array<JobExecutionStatus>(counts.inProgress ?? 0).fill('IN_PROGRESS'),
    ...Array<JobExecutionStatus>(counts.succeeded ?? 0).fill('SUCCEEDED'),
  ];
  return statuses.map((status, index) => ({
    ...queuedExecution(thingArn(index), now),
    status,
    ...(status === 'QUEUED' ? {} : { startedAt: now }),
  }));
}

/** Moves an execution on, at a time that may lie in the past: nobody looked since. */
export function moveExecution(execution: JobExecution, status: JobExecutionStatus, at: number): void {
  execution.status = status;
  execution.lastUpdatedAt = at;
  if (status === 'IN_PROGRESS') {
    execution.startedAt = at;
  }
}

/** Whether the device still has something to do. */
export function isActive(execution: JobExecution): boolean {
  return execution.status === 'QUEUED' || execution.status === 'IN_PROGRESS';
}

/** The counts that DescribeJob gives. */
export function processDetails(executions: readonly JobExecution[], targets: readonly string[]): JobProcessDetails {
  const counted = new Map<JobExecutionStatus, number>();
  executions.forEach(({ status }) => counted.set(status, (counted.get(status) ?? 0) + 1));
  const numberOf = (status: JobExecutionStatus): number => counted.get(status) ?? 0;
  return {
    ...(executions.some(isActive) ? { processingTargets: [...targets] } : {}),
    numberOfCanceledThings: numberOf('CANCELED'),
    numberOfSucceededThings: numberOf('SUCCEEDED'),
    numberOfFailedThings: numberOf('FAILED'),
    numberOfRejectedThings: numberOf('REJECTED'),
    numberOfQueuedThings: numberOf('QUEUED'),
    numberOfInProgressThings: numberOf('IN_PROGRESS'),
    numberOfRemovedThings: numberOf('REMOVED'),
    numberOfTimedOutThings: numberOf('TIMED_OUT'),
  };
}
