import type {
  CreateJobRequest,
  Job as WireJob,
  JobExecutionSummaryForJob,
  JobExecutionSummary,
  JobSummary,
} from '@aws-sdk/client-iot';
import { processDetails, type JobExecution } from './executions';
import type { JobHistory } from './journal';
import type { JobProcessDetails, JobStatus, TargetSelection } from './shapes';

/** What CreateJob says and DescribeJob repeats; only `schedulingConfig.startTime` has an effect here. */
export type JobSettings = Pick<
  CreateJobRequest,
  | 'abortConfig'
  | 'description'
  | 'documentParameters'
  | 'jobExecutionsRetryConfig'
  | 'jobExecutionsRolloutConfig'
  | 'presignedUrlConfig'
  | 'schedulingConfig'
  | 'timeoutConfig'
>;

/** One incarnation of a job id. Times are milliseconds since the epoch. */
export interface JobState {
  readonly jobId: string;
  readonly jobArn: string;
  /** Counts up over all jobs: the order of ListJobs, stable while jobs come and go between two pages. */
  readonly sequence: number;
  readonly targets: readonly string[];
  readonly targetSelection: TargetSelection;
  readonly namespaceId?: string;
  readonly documentSource?: string;
  readonly settings: JobSettings;
  readonly tags: Map<string, string>;
  readonly createdAt: number;
  /** When a SCHEDULED job begins its rollout. */
  readonly startsAt?: number;
  /** How long this job's deletion takes, when it is not the service's rule that says so. */
  readonly deletionTime?: number;
  readonly history: JobHistory;
  executions: JobExecution[];
  status: JobStatus;
  lastUpdatedAt: number;
  completedAt?: number;
  forceCanceled?: boolean;
  reasonCode?: string;
  comment?: string;
  /** When a job in DELETION_IN_PROGRESS is gone. */
  deletionEndsAt?: number;
}

type ViewedMember =
  | 'jobId'
  | 'jobArn'
  | 'targets'
  | 'targetSelection'
  | 'namespaceId'
  | 'createdAt'
  | 'startsAt'
  | 'status'
  | 'lastUpdatedAt'
  | 'completedAt'
  | 'forceCanceled'
  | 'reasonCode'
  | 'comment'
  | 'deletionEndsAt';

/** A job as the programmatic API shows it. Times are milliseconds since the epoch. */
export interface JobView extends Readonly<Pick<JobState, ViewedMember>> {
  readonly jobProcessDetails: JobProcessDetails;
  readonly deletionStartedAt?: number;
}

/** A shape of the service model as JSON carries it: timestamps are seconds since the epoch, with a fraction. */
export type OnTheWire<Shape> = { [Key in keyof Shape]: Date extends Shape[Key] ? number | undefined : Shape[Key] };

/** The job as `iot.job()` gives it: a copy, which does not change any more. */
export function jobView(job: JobState): JobView {
  return {
    jobId: job.jobId,
    jobArn: job.jobArn,
    targets: [...job.targets],
    targetSelection: job.targetSelection,
    namespaceId: job.namespaceId,
    createdAt: job.createdAt,
    startsAt: job.startsAt,
    status: job.status,
    lastUpdatedAt: job.lastUpdatedAt,
    completedAt: job.completedAt,
    forceCanceled: job.forceCanceled,
    reasonCode: job.reasonCode,
    comment: job.comment,
    jobProcessDetails: processDetails(job.executions, job.targets),
    deletionStartedAt: job.history.deletionStartedAt,
    deletionEndsAt: job.deletionEndsAt,
  };
}

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
    isConcurrent: false,
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
    isConcurrent: false,
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
