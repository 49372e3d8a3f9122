import { processDetails, type JobExecution } from './executions';
import type { JobHistory } from './journal';
import type { JobSettings } from './settings';
import type { JobProcessDetails, JobStatus, TargetSelection } from './shapes';

/** One incarnation of a job id. Times are milliseconds since the epoch. */
export interface JobState {
  readonly jobId: string;
  readonly jobArn: string;
  /** Counts up over all jobs: the order of ListJobs, stable while jobs come and go between two pages. */
  readonly sequence: number;
  readonly targets: readonly string[];
  /** Whether its target is a thing group that nobody needs to create. */
  readonly hasMadeUpTarget: boolean;
  readonly targetSelection: TargetSelection;
  readonly namespaceId?: string;
  readonly documentSource?: string;
  /** @internal */
  settings: JobSettings;
  readonly tags: Map<string, string>;
  readonly createdAt: number;
  /** When a SCHEDULED job begins its rollout. */
  startsAt?: number;
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
  /** How many rollouts and cancellations are still going out; while there are any, the job `isConcurrent`. */
  tasksUnderWay: number;
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
  /** Whether executions are being rolled out or cancelled. */
  readonly isConcurrent: boolean;
  readonly deletionStartedAt?: number;
}

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
    isConcurrent: isConcurrent(job),
    deletionStartedAt: job.history.deletionStartedAt,
    deletionEndsAt: job.deletionEndsAt,
  };
}

/** DescribeJob's `isConcurrent`: whether executions are being rolled out or cancelled. */
export function isConcurrent({ tasksUnderWay }: JobState): boolean {
  return tasksUnderWay > 0;
}
