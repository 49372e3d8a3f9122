import type { Account } from '../account';
import type { Clock } from '../clock';
import { Agenda } from './agenda';
import { ResourceAlreadyExists, invalidRequest, limitExceeded, notFound } from './errors';
import { isActive, moveExecution } from './executions';
import type { JobState } from './job';
import { JobList } from './job-list';
import type { JobRules } from './job-rules';
import type { Journal } from './journal';
import { newJob, type NewJob } from './new-job';
import { completeIfDone, Rollout } from './rollout';
import type { JobSettings } from './settings';
import type { Things } from './things';
import { requireCancellable, requireDeletable, requireUpdatable, type HowToDelete } from './transitions';

/** How CancelJob is asked. */
export interface HowToCancel {
  readonly force?: boolean;
  readonly reasonCode?: string;
  readonly comment?: string;
}

/** The jobs of the account, and the rules of their life. What time does to them is caught up with by whoever looks. */
export class Jobs {
  private readonly byId = new Map<string, JobState>();
  private readonly listed = new JobList();
  private readonly deleting = new Set<JobState>();
  private readonly agenda = new Agenda();
  private readonly rollout: Rollout;
  private created = 0;

  constructor(
    private readonly account: Account,
    private readonly clock: Clock,
    private readonly things: Things,
    private readonly journal: Journal,
    private readonly rules: JobRules,
  ) {
    this.rollout = new Rollout(this.agenda, things, rules);
  }

  /** `arn:aws:iot:…:job/ID`, whether it exists or not. */
  jobArn(jobId: string): string {
    return `arn:aws:iot:${this.account.region}:${this.account.accountId}:job/${jobId}`;
  }

  create(request: NewJob): JobState {
    const { jobId, targets, startsAt } = request;
    const existing = this.find(jobId);
    if (existing) {
      throw new ResourceAlreadyExists(`Job ${jobId} already exists.`, jobId, existing.jobArn);
    }
    targets?.forEach((target) => this.things.targetedThings(target));
    const status = request.status ?? (startsAt === undefined ? 'IN_PROGRESS' : 'SCHEDULED');
    if (status === 'DELETION_IN_PROGRESS') {
      this.requireDeletionSlot();
    }
    const now = this.clock.now();
    const history = this.journal.begin(jobId, now);
    const birth = { jobArn: this.jobArn(jobId), sequence: ++this.created, status, now, history };
    const job = newJob(request, this.things, birth);
    this.byId.set(jobId, job);
    this.afterLag(this.rules.listLag.newJobs, now, () => this.byId.get(jobId) === job && this.listed.add(job));
    // A status that was asked for stays.
    const complete = (end: number): void => (request.status === undefined ? completeIfDone(job, end) : undefined);
    if (status === 'SCHEDULED') {
      this.rollout.schedule(job, startsAt);
    } else if (request.executions) {
      complete(now);
    } else {
      this.rollout.reach(job, now, complete);
    }
    this.rollout.finishLater(job, now);
    if (status === 'DELETION_IN_PROGRESS') {
      this.beginDeletion(job, true);
    }
    return job;
  }

  find(jobId: string): JobState | undefined {
    this.catchUp();
    return this.byId.get(jobId);
  }

  get(jobId: string): JobState {
    const job = this.find(jobId);
    if (!job) {
      throw notFound(`Job ${jobId} does not exist.`);
    }
    return job;
  }

  /** Every job that is not gone yet, in the order of creation. */
  all(): JobState[] {
    this.catchUp();
    return [...this.byId.values()];
  }

  /** What ListJobs shows of the jobs that were created after another; see {@link JobRules.listLag}. */
  listAfter(sequence: number): Iterable<JobState> {
    this.catchUp();
    return this.listed.after(sequence);
  }

  inDeletion(): JobState[] {
    this.catchUp();
    return [...this.deleting];
  }

  /** Lets happen what was due since somebody last looked. */
  catchUp(): void {
    this.agenda.catchUp(this.clock.now());
  }

  update(jobId: string, settings: JobSettings): JobState {
    const job = this.get(jobId);
    requireUpdatable(job);
    job.settings = { ...job.settings, ...settings };
    job.lastUpdatedAt = this.clock.now();
    return job;
  }

  /** The job shows CANCELED at once; its devices hear of it when the cancellation has gone out. */
  cancel(jobId: string, { force = false, reasonCode, comment }: HowToCancel = {}): JobState {
    const job = this.get(jobId);
    requireCancellable(job);
    const now = this.clock.now();
    Object.assign(job, { reasonCode, comment, forceCanceled: force || undefined });
    job.status = 'CANCELED';
    job.completedAt = job.lastUpdatedAt = job.history.canceledAt = now;
    this.rollout.cancel(job, force, now);
    return job;
  }

  delete(jobId: string, how: HowToDelete = {}): void {
    const job = this.get(jobId);
    requireDeletable(job, how);
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
    const job = this.get(jobId);
    const queued = job.executions.filter(({ status }) => status === 'QUEUED');
    queued.forEach((execution) => moveExecution(execution, 'IN_PROGRESS', now));
    this.rollout.finishLater(job, now);
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
    for (const job of this.all()) {
      if (job.status === 'IN_PROGRESS' && job.targetSelection === 'CONTINUOUS') {
        this.rollout.reach(job, this.clock.now());
      }
    }
  }

  /** A thing that is gone does nothing any more: its executions are REMOVED, which may complete their jobs. */
  thingGone(thingArn: string): void {
    const now = this.clock.now();
    for (const job of this.all()) {
      const execution = job.executions.find((candidate) => candidate.thingArn === thingArn);
      if (execution && isActive(execution)) {
        moveExecution(execution, 'REMOVED', now);
        completeIfDone(job, now);
      }
    }
  }

  /** Begins the rollout of a SCHEDULED job, as the start of its maintenance window does. */
  startMaintenanceWindow(jobId: string): void {
    const job = this.get(jobId);
    if (job.status !== 'SCHEDULED') {
      throw invalidRequest(`Job ${jobId} is ${job.status}: only a SCHEDULED job waits for a maintenance window.`);
    }
    this.rollout.begin(job, this.clock.now());
  }

  /** Sends an IN_PROGRESS job back to SCHEDULED, until the next window starts. */
  endMaintenanceWindow(jobId: string, nextStartsAt?: number): void {
    const job = this.get(jobId);
    if (job.status !== 'IN_PROGRESS') {
      throw invalidRequest(`Job ${jobId} is ${job.status}: only a job that is IN_PROGRESS is in a maintenance window.`);
    }
    job.status = 'SCHEDULED';
    job.lastUpdatedAt = this.clock.now();
    this.rollout.schedule(job, nextStartsAt);
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
    this.agenda.add(job.deletionEndsAt, (end) => {
      this.deleting.delete(job);
      this.byId.delete(job.jobId);
      job.history.deletedAt = end;
      this.afterLag(this.rules.listLag.goneJobs, end, () => this.listed.remove(job));
    });
  }

  private afterLag(lag: number | undefined, from: number, act: () => void): void {
    if (lag === undefined || lag <= 0) {
      act();
    } else {
      this.agenda.add(from + lag, act);
    }
  }
}
