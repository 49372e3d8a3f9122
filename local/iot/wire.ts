import type { Job as WireJob, JobExecutionSummary, JobExecutionSummaryForJob, JobSummary } from '@aws-sdk/client-iot';
import { processDetails, type JobExecution } from './executions';
import { isConcurrent, type JobState } from './job';

/** A shape of the service model as JSON carries it: timestamps are seconds since the epoch, with a fraction. */
export type OnTheWire<Shape> = { [Key in keyof Shape]: Date extends Shape[Key] ? number | undefined : Shape[Key] };

/** DescribeJob's `job`. */
export function wireJob(job: JobState): OnTheWire<WireJob> {
  return {
    ...job.settings,
    jobArn: job.jobArn,
    jobId: job.jobId,
    targetSelection: job.targetSelection,
    status: job.status,
    forceCanceled: job.forceCanceled,
    reasonCode: job.reasonCode,
    comment: job.comment,
    targets: [...job.targets],
    ...times(job),
    jobProcessDetails: processDetails(job.executions, job.targets),
    namespaceId: job.namespaceId,
    isConcurrent: isConcurrent(job),
  };
}

/** One of ListJobs' `jobs`. */
export function wireJobSummary(job: JobState, thingGroupId?: string): OnTheWire<JobSummary> {
  return {
    jobArn: job.jobArn,
    jobId: job.jobId,
    thingGroupId,
    targetSelection: job.targetSelection,
    status: job.status,
    ...times(job),
    isConcurrent: isConcurrent(job),
  };
}

/** One of ListJobExecutionsForJob's `executionSummaries`. */
export function wireExecutionSummary(execution: JobExecution): Omit<
  JobExecutionSummaryForJob,
  'jobExecutionSummary'
> & {
  jobExecutionSummary: OnTheWire<JobExecutionSummary>;
} {
  return {
    thingArn: execution.thingArn,
    jobExecutionSummary: {
      status: execution.status,
      queuedAt: epochSeconds(execution.queuedAt),
      startedAt: epochSeconds(execution.startedAt),
      lastUpdatedAt: epochSeconds(execution.lastUpdatedAt),
      executionNumber: 1,
      retryAttempt: 0,
    },
  };
}

/** A timestamp of the REST-JSON protocol. */
export function epochSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function times(job: JobState): OnTheWire<Pick<WireJob, 'createdAt' | 'lastUpdatedAt' | 'completedAt'>> {
  return {
    createdAt: epochSeconds(job.createdAt),
    lastUpdatedAt: epochSeconds(job.lastUpdatedAt),
    completedAt: epochSeconds(job.completedAt),
  };
}
