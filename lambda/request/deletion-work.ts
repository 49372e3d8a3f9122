import type { CarriedWork } from '../deletion/carried-work';
import { OutOfTime } from '../deletion/calls';
import { type Deletion, isSingle, subjectOf } from '../deletion/deletion';
import { type Left, type LeftJobs, obstructedBy } from '../deletion/left';
import type { Refusal } from '../deletion/patience';
import { Scheduler } from '../deletion/scheduler';
import { Finder, type SeenJob } from '../search/finder';
import { namesIn } from '../search/selection';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import { kept, keptForOthers, unavailableForLong } from '../words/not-deleted';
import type { Subject } from '../words/subject';
import type { DecisionToDelete } from './decide';
import { callsFor } from './invocation';
import type { LookState, Pause } from './look-state';
import type { Result } from './result';
import { statusesOf } from './stack-reader';
import { isUpdating } from './statuses';
import { findTarget } from './target';

/** One look's share of a deletion that was decided: finds the named jobs, and lets the scheduler do what it can. */
export class DeletionWork {
  private scheduler?: Scheduler;
  private kept: readonly LeftJobs[] = [];

  constructor(private readonly state: LookState) {}

  /** What is to be said of the jobs in the log. */
  get result(): Pick<Result, 'found' | 'kept' | 'waitForSlot'> {
    const { kept: keptJobs, scheduler } = this;
    return { found: scheduler?.foundCount ?? 0, kept: keptJobs, waitForSlot: scheduler?.waitForSlot ?? 0 };
  }

  /** What is left, and why; nothing where the work has not begun. */
  get failure(): Failure | undefined {
    return this.scheduler?.failure(this.scheduler.whatIsLeft);
  }

  /** Where it stands; nothing where it has not begun. @param fits how many of the jobs that wait can be carried */
  carried(fits: number): CarriedWork | undefined {
    return this.scheduler?.carried(fits);
  }

  /**
   * Works until there is nothing to do for a while, or all is done: then `said` tells what was kept.
   *
   * @throws Failure when a job can't be deleted, or is not gone at the deadline
   */
  async run(decision: DecisionToDelete): Promise<{ readonly said: string } | Pause> {
    const deletion = this.deletionOf(decision);
    const scheduler = await this.begin(deletion);
    const kind = isSingle(deletion) ? 'job' : 'sweep';
    try {
      const progress = await scheduler.work();
      if ('pause' in progress) {
        return { pause: progress.pause, kind };
      }
      this.kept = progress.kept;
      return { said: [keptForOthers(this.state.claimed), kept(progress.kept)].filter(Boolean).join(' ') };
    } catch (error) {
      if (!(error instanceof OutOfTime)) {
        throw error;
      }
      this.state.meet(error);
      if (this.state.now < this.state.deadline) {
        return { pause: 0, kind };
      }
      throw this.tooLate(scheduler, deletion);
    }
  }

  private deletionOf({ delete: properties, occasion, claims }: DecisionToDelete): Deletion {
    const { deadline, event, invocation, requestedAt, target } = this.state;
    return {
      ...properties,
      home: invocation.surroundings.home,
      requiredTag: properties.declaredJob?.tag,
      target,
      occasion,
      claims,
      stackId: event.StackId,
      logicalId: event.LogicalResourceId,
      requestedAt,
      deadline,
    };
  }

  private async begin(deletion: Deletion): Promise<Scheduler> {
    const { state } = this;
    const { event, invocation, patience, requestedAt: since, until } = state;
    const { durations, services, surroundings } = invocation;
    const { clock } = services;
    const { claims, occasion, place, selection } = deletion;
    const { patterns } = surroundings;
    const subject = subjectOf(deletion);
    const isPatient = !isSingle(deletion);
    const calls = callsFor(event, invocation, { patience, place, subject, until, isPatient });
    const jobs = services.jobsAt(place);
    const names = namesIn(selection);
    let seen: readonly SeenJob[] = [];
    const refused: (readonly [string, Left])[] = [];
    if (names && !state.target) {
      const finder = new Finder(jobs, calls, patterns, { since, clock });
      const onRefusal = (jobId: string, { obstacle }: Refusal): void =>
        void refused.push([jobId, obstructedBy(obstacle)]);
      const found = await findTarget(
        names,
        finder,
        claims,
        (job) => state.isNewer(job),
        isSingle(deletion) ? undefined : onRefusal,
      );
      state.target = found.target;
      state.claimed = found.claimed;
      seen = found.jobs;
    }
    state.occasion = occasion;
    return (this.scheduler = new Scheduler({
      deletion: { ...deletion, target: state.target },
      jobs,
      patterns,
      clock,
      calls,
      durations,
      leaveAt: until,
      permit: () => this.permit(subject),
      carried: state.rest.Work,
      seen,
      refused,
    }));
  }

  private tooLate(scheduler: Scheduler, deletion: Deletion): Failure {
    const { obstacle } = this.state;
    if (!scheduler.isCounted) {
      return new Failure(
        messages.notCounted(scheduler.foundCount, deletion.timeoutSeconds, subjectOf(deletion), obstacle),
      );
    }
    return obstacle
      ? new Failure(unavailableForLong({ ...subjectOf(deletion), ...deletion }, obstacle.action, obstacle.said))
      : scheduler.failure(scheduler.whatIsLeft);
  }

  /** Nobody stops a waiter whose stack has meanwhile failed and rolled back (aws-cdk #31541). */
  private async permit(subject: Subject): Promise<void> {
    if (subject.occasion === 'revision') {
      const statuses = statusesOf(await this.state.stacks(subject).chain(this.state.event.StackId));
      if (!isUpdating(statuses)) {
        throw new Failure(
          messages.rolledBackMeanwhile(
            subject,
            statuses.map((status) => status ?? 'unknown'),
          ),
        );
      }
    }
  }
}
