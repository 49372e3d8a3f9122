import { madeUpExecutions, type ExecutionCounts } from './executions';
import type { JobState } from './job';
import type { JobHistory } from './journal';
import type { JobSettings } from './settings';
import type { JobStatus, TargetSelection } from './shapes';
import type { Things } from './things';

/** A job to be made. */
export interface NewJob {
  readonly jobId: string;
  /** ARNs of things and thing groups that exist; left out, a thing group that nobody needs to create. */
  readonly targets?: readonly string[];
  readonly targetSelection?: TargetSelection;
  readonly namespaceId?: string;
  readonly documentSource?: string;
  /** @internal */
  readonly settings?: JobSettings;
  readonly tags?: ReadonlyMap<string, string>;
  /** When the rollout begins, for a job that is SCHEDULED. */
  readonly startsAt?: number;
  /** The status to begin in; left out, CreateJob's own rules decide. */
  readonly status?: JobStatus;
  /** Executions of made-up devices, in place of those of the targets' things. */
  readonly executions?: ExecutionCounts;
  readonly deletionTime?: number;
}

/** What a new job gets that its request does not say. */
export interface Birth {
  readonly jobArn: string;
  readonly sequence: number;
  readonly status: JobStatus;
  readonly now: number;
  readonly history: JobHistory;
}

/** The job that a request asks for, at its beginning. */
export function newJob(request: NewJob, things: Things, { jobArn, sequence, status, now, history }: Birth): JobState {
  const { jobId, targets, executions = {} } = request;
  return {
    jobId,
    jobArn,
    sequence,
    targets: targets ?? [things.thingGroupArn('made-up-devices')],
    hasMadeUpTarget: targets === undefined,
    targetSelection: request.targetSelection ?? 'SNAPSHOT',
    namespaceId: request.namespaceId,
    documentSource: request.documentSource,
    settings: request.settings ?? {},
    tags: new Map(request.tags),
    createdAt: now,
    startsAt: request.startsAt,
    deletionTime: request.deletionTime,
    history,
    executions: madeUpExecutions(executions, (index) => things.thingArn(`${jobId}-${index + 1}`), now),
    status,
    lastUpdatedAt: now,
    completedAt: status === 'COMPLETED' || status === 'CANCELED' ? now : undefined,
    tasksUnderWay: 0,
  };
}
