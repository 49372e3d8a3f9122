import type { Account } from '../account';
import type { Clock } from '../clock';
import { ResourceAlreadyExists, invalidRequest, invalidStateTransition, limitExceeded, notFound } from './errors';
import { isActive, madeUpExecutions, moveExecution, type ExecutionCounts } from './executions';
import type { JobState } from './job';
import type { Journal } from './journal';
import { advance, completeIfDone, rollOut } from './rollout';
import type { JobSettings } from './settings';
import type { Things } from './things';
import type { JobStatus, TargetSelection } from './shapes';

/** How this AWS IoT behaves in time. */
export interface JobRules {
  /** How long the deletion of a job with so many executions takes, in milliseconds. */
  readonly deletionTime: (executions: number) => number;
  /** How many jobs may be in DELETION_IN_PROGRESS at once. */
  readonly deletionSlots: number;
  /** How long a device works on an execution, in milliseconds; left out, until `finishExecutions`. */
  readonly executionTime?: number;
}

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

/**
 * The jobs of the account, and the rules of their life.
 *
 * There are no timers: what time does to a job is caught up with whenever somebody looks, at the times at which it
 * would have happened.
 */
export class Jobs {
  private readonly byId = new Map<string, JobState>();
  private readonly deleting = new Set<JobState>();
  private created = 0;

  constructor(
    private readonly account: Account,
    private readonly clock: Clock,
    private readonly things: Things,
    private readonly journal: Journal,
    private readonly rules: JobRules,
  ) {}

  /** `arn:aws:iot:…:job/ID`, whether it exists or not. */
  jobArn(jobId: string): string {
    return `arn:aws:iot:${this.account.region}:${this.account.accountId}:job/${jobId}`;
  }

  create(request: NewJob): JobState {
    const { jobId, executions, ...rest } = request;
    const existing = this.find(jobId);
    if (existing) {
      throw new ResourceAlreadyExists(`Job ${jobId} already exists.`, jobId, existing.jobArn);
    }
    request.targets?.forEach((target) => this.things.targetedThings(target));
    const status = request.status ?? (request.startsAt === undefined ? 'IN_PROGRESS' : 'SCHEDULED');
    if (status === 'DELETION_IN_PROGRESS') {
      this.requireDeletionSlot();
    }
    const now = this.clock.now();
    const job: JobState = {
      ...rest,
      targetSelection: request.targetSelection ?? 'SNAPSHOT',
      settings: request.settings ?? {},
      tags: new Map(request.tags),
      targets: request.targets ?? [this.things.thingGroupArn('made-up-devices')],
      jobId,
      jobArn: this.jobArn(jobId),
      sequence: ++this.created,
      createdAt: now,
      lastUpdatedAt: now,
      status,
      completedAt: status === 'COMPLETED' || status === 'CANCELED' ? now : undefined,
      executions: madeUpExecutions(executions ?? {}, (index) => this.things.thingArn(`${jobId}-${index + 1}`), now),
      history: this.journal.begin(jobId, now),
    };
    this.byId.set(jobId, job);
    if (!executions && status !== 'SCHEDULED') {
      rollOut(job, this.things, now);
    }
    if (request.status === undefined) {
      completeIfDone(job, now);
    }
    if (status === 'DELETION_IN_PROGRESS') {
      this.beginDeletion(job, true);
    }
    return job;
  }

  find(jobId: string): JobState | undefined {
    this.catchUp();
    const job = this.byId.get(jobId);
    if (job) {
      this.advance(job);
    }
    return job;
  }

  get(jobId: string): JobState {
    const job = this.find(jobId);
    if (!job) {
      throw notFound(`Job ${jobId} does not exist.`);
    }
    return job;
  }

  /** Every job that is not gone yet, in the order of creation. */
  list(): JobState[] {
    this.catchUp();
    this.byId.forEach((job) => this.advance(job));
    return [...this.byId.values()];
  }

  inDeletion(): JobState[] {
    this.catchUp();
    return [...this.deleting];
  }

  /** Notices which deletions have ended since somebody last looked. */
  catchUp(): void {
    for (const job of this.deleting) {
      if (job.deletionEndsAt !== undefined && job.deletionEndsAt <= this.clock.now()) {
        this.deleting.delete(job);
        this.byId.delete(job.jobId);
        job.history.deletedAt = job.deletionEndsAt;
      }
    }
  }

  cancel(jobId: string, how: { force?: boolean; reasonCode?: string; comment?: string } = {}): JobState {
    const job = this.get(jobId);
    switch (job.status) {
      case 'DELETION_IN_PROGRESS':
        throw invalidStateTransition(`Job ${jobId} is in DELETION_IN_PROGRESS and cannot be canceled.`);
      case 'COMPLETED':
      case 'CANCELED':
        // CancelJob's model has no InvalidStateTransitionException.
        throw invalidRequest(`Job ${jobId} is ${job.status} and cannot be canceled.`);
      case 'SCHEDULED':
      case 'IN_PROGRESS':
        break;
    }
    const now = this.clock.now();
    const force = how.force ?? false;
    // Without force, a device that has begun is left to finish, though the job shows CANCELED at once.
    job.executions
      .filter(({ status }) => status === 'QUEUED' || (force && status === 'IN_PROGRESS'))
      .forEach((execution) => moveExecution(execution, 'CANCELED', now));
    Object.assign(job, { reasonCode: how.reasonCode, comment: how.comment, forceCanceled: force || undefined });
    job.status = 'CANCELED';
    job.completedAt = job.lastUpdatedAt = job.history.canceledAt = now;
    return job;
  }

  delete(jobId: string, how: { force?: boolean; namespaceId?: string } = {}): void {
    const job = this.get(jobId);
    if (how.namespaceId !== job.namespaceId) {
      throw notFound(
        `The request is for job ${jobId} in ${namespace(how.namespaceId)}, but that job is in ${namespace(job.namespaceId)}.`,
      );
    }
    switch (job.status) {
      case 'DELETION_IN_PROGRESS':
        throw invalidStateTransition(`Job ${jobId} is already in DELETION_IN_PROGRESS.`);
      case 'SCHEDULED':
      case 'IN_PROGRESS':
        if (!how.force) {
          throw invalidStateTransition(
            `Job ${jobId} is ${job.status}: without force, only a job that is COMPLETED or CANCELED can be deleted.`,
          );
        }
        break;
      case 'COMPLETED':
      case 'CANCELED':
        break;
    }
    try {
      this.requireDeletionSlot();
    } catch (error) {
      job.history.firstRefusedForSlotAt ??= this.clock.now();
      job.history.slotRefusals++;
      throw error;
    }
    this.beginDeletion(job, how.force ?? false);
  }

  /** Lets the devices begin with everything that is queued. */
  startExecutions(jobId: string): void {
    const now = this.clock.now();
    const queued = this.get(jobId).executions.filter(({ status }) => status === 'QUEUED');
    queued.forEach((execution) => moveExecution(execution, 'IN_PROGRESS', now));
  }

  /** Lets the devices finish everything that they have, which completes a SNAPSHOT job. */
  finishExecutions(jobId: string): void {
    const now = this.clock.now();
    const job = this.get(jobId);
    job.executions.filter(isActive).forEach((execution) => moveExecution(execution, 'SUCCEEDED', now));
    completeIfDone(job, now);
  }

  /** A CONTINUOUS job also runs on things that join its target later. */
  thingJoined(): void {
    for (const job of this.list()) {
      if (job.status === 'IN_PROGRESS' && job.targetSelection === 'CONTINUOUS') {
        rollOut(job, this.things, this.clock.now());
      }
    }
  }

  private advance(job: JobState): void {
    advance(job, this.things, this.clock.now(), this.rules.executionTime);
  }

  private requireDeletionSlot(): void {
    this.catchUp();
    const { deletionSlots } = this.rules;
    if (this.deleting.size >= deletionSlots) {
      throw limitExceeded(`Only ${deletionSlots} jobs may have status DELETION_IN_PROGRESS at the same time.`);
    }
  }

  private beginDeletion(job: JobState, force: boolean): void {
    const now = this.clock.now();
    Object.assign(job.history, { deletionStartedAt: now, deletedFrom: job.status, deletedWithForce: force });
    job.status = 'DELETION_IN_PROGRESS';
    job.lastUpdatedAt = now;
    job.deletionEndsAt = now + (job.deletionTime ?? this.rules.deletionTime(job.executions.length));
    this.deleting.add(job);
  }
}

function namespace(namespaceId: string | undefined): string {
  return namespaceId === undefined ? 'no namespace' : `namespace ${namespaceId}`;
}
