import type { IoTClient } from '@aws-sdk/client-iot';
import { type Job, Jobs } from '../lambda/aws/jobs';
import type { Target } from '../lambda/deletion/deletion';

/** What a person who waits is told. */
export interface Watcher {
  /** Something has changed for a job. */
  changed(jobId: string, change: 'CancelJob sent' | 'DeleteJob sent' | 'deleted'): void;
  /** These jobs hold the deletion slots now. */
  holders(jobIds: readonly string[]): void;
}

/** AWS IoT's jobs, with a watcher who is told what becomes of those of a target. */
export class WatchedJobs extends Jobs {
  private target: Target = {};
  private readonly told = new Set<string>();
  /** Jobs whose DeleteJob is under way: nobody knows yet whether it was obeyed. */
  readonly unanswered = new Set<string>();
  /** Jobs that were sent CancelJob, answered or not. */
  readonly canceled = new Set<string>();

  /** @param signal after it nothing is ordered: whoever pressed Ctrl-C is told what goes on, once */
  constructor(
    iot: IoTClient,
    private readonly watcher: Watcher,
    private readonly signal: AbortSignal,
  ) {
    super(iot);
  }

  /** From now on these are watched. */
  watch(target: Target): void {
    this.target = target;
  }

  override async describe(jobId: string): Promise<Job | undefined> {
    const job = await super.describe(jobId);
    // A job may be called "constructor".
    const isTarget = Object.hasOwn(this.target, jobId);
    if (isTarget && job?.createdAt !== this.target[jobId] && !this.told.has(jobId)) {
      this.told.add(jobId);
      this.watcher.changed(jobId, 'deleted');
    }
    return job;
  }

  override async inDeletion(): Promise<readonly Job[]> {
    const jobs = await super.inDeletion();
    this.watcher.holders(jobs.map(({ jobId }) => jobId));
    return jobs;
  }

  override async cancel(jobId: string, force: boolean): Promise<string | undefined> {
    this.signal.throwIfAborted();
    this.canceled.add(jobId);
    const requestId = await super.cancel(jobId, force);
    this.watcher.changed(jobId, 'CancelJob sent');
    return requestId;
  }

  override async delete(jobId: string, force: boolean, namespaceId: string | undefined): Promise<string | undefined> {
    this.signal.throwIfAborted();
    this.unanswered.add(jobId);
    try {
      const requestId = await super.delete(jobId, force, namespaceId);
      this.watcher.changed(jobId, 'DeleteJob sent');
      return requestId;
    } finally {
      this.unanswered.delete(jobId);
    }
  }
}
