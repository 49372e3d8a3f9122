import type { Job } from '../aws/jobs';
import { log } from '../words/log';
import { allOf } from './all-of';
import type { Outcome } from './calls';
import type { DeletionContext } from './context';
import { isSingle } from './deletion';
import { obstructedBy } from './left';
import { nextStep } from './next-step';
import { Refusal } from './patience';

/** What was described longer ago may have changed, in milliseconds: the id may be a newer job's by now. */
export const FRESH = 3_000;

/** Whether a job that was described then needs no other look before an order. */
export function isFresh(seenAt: number, now: number): boolean {
  return now < seenAt + FRESH;
}

/** What met an obstacle is looked at again after so long, in milliseconds. */
const SECOND = 1_000;

/** Describes jobs, and puts each where it belongs. */
export class Descriptions {
  /** Jobs that DescribeJob has said are gone, whatever a list says. */
  private readonly gone = new Set<string>();

  /** @param namespaceId the namespace in which DescribeJob has shown the one job of a deletion */
  constructor(
    private readonly context: DeletionContext,
    public namespaceId?: string,
  ) {}

  /** Whether DescribeJob has said that it is gone. */
  isGone(job: Pick<Job, 'jobId' | 'createdAt'>): boolean {
    return this.gone.has(keyOf(job));
  }

  /** A job as it was described a moment ago; one that is in deletion is described again. */
  recall(job: Job, seenAt: number): void {
    const { backlog } = this.context;
    if (backlog.get(job.jobId)?.createdAt === job.createdAt && job.status !== 'DELETION_IN_PROGRESS') {
      backlog.set(job.jobId, { createdAt: job.createdAt, job, seenAt, notBefore: 0 });
      this.note(job);
    }
  }

  /** Describes a job that waits, and puts it where it belongs. */
  async look(jobId: string): Promise<void> {
    const { backlog, clock, deletion } = this.context;
    const { createdAt } = backlog.get(jobId)!;
    try {
      const outcome = await this.describe(jobId, createdAt);
      const seenAt = clock.now();
      if ('obstacle' in outcome) {
        backlog.postpone(jobId, obstructedBy(outcome.obstacle), clock.now() + SECOND);
      } else if (outcome.answer?.createdAt !== createdAt) {
        this.end(jobId, createdAt, outcome.answer);
      } else {
        await this.sort(outcome.answer, seenAt);
      }
    } catch (error) {
      if (error instanceof Refusal && !isSingle(deletion)) {
        backlog.giveUp({ jobId, createdAt }, obstructedBy(error.obstacle));
        return;
      }
      throw error;
    }
  }

  /** Describes a job of ours that is in deletion. */
  async lookAtDeletion(jobId: string): Promise<void> {
    const { clock, slots } = this.context;
    const createdAt = slots.createdAt(jobId);
    const outcome = await this.describe(jobId, createdAt);
    const seenAt = clock.now();
    if ('answer' in outcome) {
      const job = outcome.answer?.createdAt === createdAt ? outcome.answer : undefined;
      const goesOn = job?.status === 'DELETION_IN_PROGRESS';
      slots.notice(job && goesOn ? [job] : [], seenAt);
      if (job && !goesOn) {
        await this.sort(job, seenAt);
      }
    }
  }

  /** Describes a job of ours that a list shows in deletion for long: it may be gone, and the list lags. */
  async lookIfGone(jobId: string): Promise<void> {
    const createdAt = this.context.slots.createdAt(jobId)!;
    try {
      const outcome = await this.describe(jobId, createdAt);
      if ('answer' in outcome && outcome.answer?.createdAt !== createdAt) {
        this.end(jobId, createdAt, outcome.answer);
      }
    } catch (error) {
      // Then the list has to be believed.
      if (!(error instanceof Refusal)) {
        throw error;
      }
    }
  }

  /** Those of the jobs to which this is still to be done, as DescribeJob has it: nobody is ordered unseen. */
  async stillTo(what: 'CancelJob' | 'DeleteJob', jobIds: readonly string[]): Promise<readonly string[]> {
    const { backlog, clock, deletion, patterns } = this.context;
    await allOf(
      jobIds.filter((jobId) => !isFresh(backlog.get(jobId)!.seenAt, clock.now())),
      (jobId) => this.look(jobId),
    );
    return jobIds.filter((jobId) => {
      const { job, notBefore = Infinity } = backlog.get(jobId) ?? {};
      return job && notBefore <= clock.now() && nextStep(deletion, job, patterns).do === what;
    });
  }

  private describe(jobId: string, createdAt: number | undefined): Promise<Outcome<Job | undefined>> {
    const { calls, jobs } = this.context;
    return calls.once('iot:DescribeJob', () => jobs.describe(jobId), { jobId, createdAt });
  }

  /** Puts a job that was described then where it belongs: whose it is may take long to ask. */
  private async sort(job: Job, seenAt: number): Promise<void> {
    const { backlog, clock, deletion, finder, slots, tally } = this.context;
    const { claims, requiredTag, selection } = deletion;
    this.note(job);
    // Where DescribeJob reports no namespace, the list was asked for it.
    const sure = { thingGroup: false, namespace: job.details?.namespaceId === undefined };
    const fresh = finder.since(clock.now() - FRESH);
    // What is done to a job changes the status that selects it, here or in another resource: it was ours before.
    const isOrdered = this.isOrdered(job);
    const isOther =
      'filter' in selection &&
      (!(await fresh.matches(job, isOrdered ? { ...selection.filter, statuses: undefined } : selection.filter, sure)) ||
        (!isOrdered && (await finder.isClaimed(job, claims))));
    if (isOther) {
      backlog.remove(job.jobId);
      tally.settle(keyOf(job));
    } else if (job.status === 'DELETION_IN_PROGRESS') {
      backlog.remove(job.jobId);
      slots.begin(job.jobId, job.createdAt, clock.now(), false);
    } else if (requiredTag && !(await finder.isTagged(job, requiredTag))) {
      backlog.giveUp(job, { kind: 'untagged', tag: requiredTag.key });
    } else {
      backlog.see(job, clock.now(), seenAt);
    }
  }

  /** Whether a job that was selected is cancelled first, or in deletion, or was, and is still there. */
  private isOrdered({ jobId, status }: Job): boolean {
    const { backlog, deletion } = this.context;
    const why = backlog.get(jobId)?.why?.kind;
    return (
      status === 'DELETION_IN_PROGRESS' ||
      (deletion.cancelFirst && status === 'CANCELED') ||
      why === 'in deletion' ||
      why === 'status'
    );
  }

  /** In which namespace the one job is: a command for it needs that. */
  private note(job: Job): void {
    if (isSingle(this.context.deletion)) {
      this.namespaceId = job.details?.namespaceId;
    }
  }

  private end(jobId: string, createdAt: number, newer?: Job): void {
    const { backlog, clock, tally } = this.context;
    const key = keyOf({ jobId, createdAt });
    backlog.remove(jobId);
    this.gone.add(key);
    tally.settle(key);
    tally.end(clock.now());
    if (newer) {
      log({ message: 'a newer job has this id: it is kept', jobId });
    }
  }
}

/** What tells a job from a newer one of its id. */
export function keyOf({ jobId, createdAt }: Pick<Job, 'jobId' | 'createdAt'>): string {
  return `${jobId} ${createdAt}`;
}
