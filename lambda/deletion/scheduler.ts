import type { Clock } from '../aws/clock';
import type { Jobs } from '../aws/jobs';
import { jobArn } from '../aws/place';
import { Finder, type SeenJob } from '../search/finder';
import { Failure } from '../words/failure';
import { log } from '../words/log';
import { messages } from '../words/messages';
import { notDeleted } from '../words/not-deleted';
import { allOf } from './all-of';
import { Backlog, type Waiting } from './backlog';
import type { Calls } from './calls';
import type { CarriedWaiting, CarriedWork } from './carried-work';
import type { DeletionContext } from './context';
import { type Deletion, isSingle, subjectOf } from './deletion';
import { Descriptions } from './descriptions';
import type { Durations } from './durations';
import { isNotOurs, type Left, type LeftJobs } from './left';
import { Listing } from './listing';
import { untilNextLook } from './next-look';
import { nextStep, type Step } from './next-step';
import { Orders } from './orders';
import { areTooManyHopeless, remainder } from './remainder';
import { SlotQueue } from './slot-queue';
import { DELETION_SLOTS, Slots } from './slots';
import { Tally } from './tally';

/** At once no more calls than that. */
const AT_ONCE = 10;

/** What only a device or a stranger can end is looked at so often, in milliseconds. */
const SECOND = 1_000;

/** A pause so long is the waiter's. */
const LONG = 5_000;

/** What a look came to. */
export type Progress =
  /** Everything is gone, but for what is not ours to delete. */
  | { readonly kept: readonly LeftJobs[] }
  /** There is nothing to do for so many milliseconds. */
  | { readonly pause: number };

/** What a look at the jobs of a deletion needs. */
export interface SchedulerOptions {
  readonly deletion: Deletion;
  readonly jobs: Jobs;
  readonly patterns: readonly string[];
  readonly clock: Clock;
  readonly calls: Calls;
  readonly durations: Durations;
  /** When this invocation must end its work. */
  readonly leaveAt: number;
  /** Throws where orders may not be sent any more. */
  readonly permit: () => Promise<void>;
  readonly carried?: CarriedWork;
  /** Jobs as they were described when it was decided: fresh ones need not be described again before the first order. */
  readonly seen?: readonly SeenJob[];
  /** Jobs that could not be looked at when it was decided. */
  readonly refused?: readonly (readonly [jobId: string, why: Left])[];
}

/**
 * Deletes jobs and waits until they are gone: keeps the account's deletion slots full, without being refused one, and
 * leaves slots for other callers. For one job or many.
 */
export class Scheduler {
  private readonly context: DeletionContext;
  private readonly descriptions: Descriptions;
  private readonly orders: Orders;
  private readonly queue: SlotQueue;
  /** Where a filter selects. */
  private readonly listing?: Listing;
  private hasWarned = false;
  private isUnrecorded = false;
  /** Jobs that the step before this look names: a crash does not forget them. */
  private readonly recorded: ReadonlySet<string>;

  constructor(private readonly options: SchedulerOptions) {
    const { calls, carried, clock, deletion, durations, jobs, patterns, permit, refused = [], seen = [] } = options;
    const { selection, target = {} } = deletion;
    const waiting: readonly CarriedWaiting[] = carried?.waiting ?? Object.entries(target);
    const finder = new Finder(jobs, calls, patterns, { since: deletion.requestedAt, clock });
    const backlog = new Backlog(carried?.givenUp);
    const slots = new Slots(durations, carried?.slots);
    waiting.forEach((each) => backlog.set(each[0], this.remembered(each)));
    refused.forEach(([jobId, why]) => backlog.giveUp({ jobId }, why));
    const tally = new Tally(carried, backlog.size + backlog.givenUpCount, !('filter' in selection));
    const context = (this.context = { deletion, jobs, patterns, clock, calls, permit, finder, backlog, slots, tally });
    this.descriptions = new Descriptions(context, carried?.namespaceId);
    if (!carried && !deletion.requiredTag) {
      seen.forEach(({ job, seenAt }) => this.descriptions.recall(job, seenAt));
    }
    this.recorded = new Set(waiting.map(([jobId]) => jobId));
    this.listing =
      'filter' in selection ? new Listing(context, this.descriptions, selection.filter, carried) : undefined;
    this.orders = new Orders(context);
    const mustBeSeenGone = this.listing?.selectsByStatus ?? true;
    this.queue = new SlotQueue(context, this.descriptions, this.orders, mustBeSeenGone, carried);
  }

  /** Where it stands. @param fits how many of the jobs that wait can be carried: the others are found again */
  carried(fits: number): CarriedWork {
    const { backlog, slots, tally } = this.context;
    const waiting = backlog.waitingJobs.map(([jobId, { createdAt, job, seenAt, why }]): CarriedWaiting =>
      why === undefined || why.kind === 'no slot'
        ? [jobId, createdAt, job?.status]
        : [jobId, createdAt, job?.status, why, job?.details && [{ ...job.details, targets: [] }, seenAt]],
    );
    return {
      ...tally.carried,
      ...this.queue.carried,
      ...(this.listing?.carried(waiting.length > fits) ?? { longPasses: 0, isCut: false }),
      namespaceId: this.descriptions.namespaceId,
      waiting: this.listing ? waiting.slice(0, fits) : waiting,
      slots: slots.carried,
      givenUp: backlog.carriedGivenUp,
    };
  }

  /** Whether all matching jobs were counted. */
  get isCounted(): boolean {
    return this.context.tally.isCounted;
  }

  /** How long jobs have waited while others held slots, in milliseconds. */
  get waitForSlot(): number {
    return this.queue.carried.waitedForSlot;
  }

  /** How many jobs there were to delete. */
  get foundCount(): number {
    return this.context.tally.found;
  }

  /**
   * Works until there is nothing to do for a while.
   *
   * @throws Failure when a job can't be deleted, or is not gone at the deadline; OutOfTime when there is no time left
   */
  async work(): Promise<Progress> {
    const { clock, deletion, leaveAt } = this.options;
    await this.count();
    for (;;) {
      await this.advance();
      this.assertMostAreDeletable();
      if (this.isUnrecorded) {
        return { pause: 0 };
      }
      if (await this.listing?.readOn(this.isIdle)) {
        continue;
      }
      if (this.isIdle) {
        return { kept: this.conclude() };
      }
      const now = clock.now();
      this.warnIfSlow(now);
      if (now >= deletion.deadline) {
        throw this.failure(this.whatIsLeft);
      }
      // Timers know whole milliseconds: less than one would be no pause at all.
      const pause = Math.ceil(untilNextLook(this.context));
      if ((isSingle(deletion) && pause > 0) || pause >= LONG || now + pause > leaveAt) {
        return { pause };
      }
      await clock.sleep(Math.min(pause, deletion.deadline - now));
    }
  }

  /** What is left, and why, as a failure. */
  failure(left: readonly LeftJobs[]): Failure {
    const { deletion } = this.options;
    const { timeoutSeconds } = deletion;
    const found = this.foundCount;
    const neededSeconds = this.neededFor(found) / 1000;
    const subject = { ...subjectOf(deletion), namespaceId: deletion.namespaceId ?? this.descriptions.namespaceId };
    return new Failure(notDeleted({ ...subject, timeoutSeconds, found, neededSeconds }, left));
  }

  /** What is left at the deadline, and why. */
  get whatIsLeft(): readonly LeftJobs[] {
    return remainder(this.context, { kind: 'no slot' }, this.outOfSight);
  }

  private get outOfSight(): number {
    return this.listing?.outOfSight ?? 0;
  }

  private remembered([jobId, createdAt, status, why, described]: CarriedWaiting): Waiting {
    const { place, home } = this.options.deletion;
    const [details, seenAt = 0] = described ?? [];
    const job = status ? { jobId, createdAt, status, jobArn: jobArn(jobId, place, home), details } : undefined;
    return { createdAt, job, seenAt, notBefore: 0, why };
  }

  /** Reads, and only reads, until all that matches is counted: so that too many are found before the first order. */
  private async count(): Promise<void> {
    const { deletion } = this.options;
    const { backlog, slots, tally } = this.context;
    while (this.listing && !tally.isCounted) {
      await this.listing.count();
      this.assertMostAreDeletable();
      if (tally.found > deletion.maxJobs) {
        // Of those that could not be looked at nobody knows whether they match: that is the reason then.
        if (tally.found - backlog.givenUpCount <= deletion.maxJobs) {
          throw this.failure(remainder(this.context, { kind: 'not tried' }, this.outOfSight));
        }
        throw new Failure(messages.tooMany(subjectOf(deletion), tally.found, deletion.maxJobs));
      }
      if (this.listing.isOver) {
        tally.complete();
        log({ message: 'counted', jobs: tally.found, inDeletion: slots.own, resource: deletion.logicalId });
      }
    }
  }

  private get isIdle(): boolean {
    const { backlog, slots } = this.context;
    return backlog.size === 0 && slots.own === 0;
  }

  /** One step for each job that waits for one. */
  private async advance(): Promise<void> {
    const { backlog, clock, deletion, patterns } = this.context;
    const now = clock.now();
    const steps = backlog
      .due(now)
      .map(([jobId, { createdAt, job }]): [string, Step, number] => [
        jobId,
        job ? nextStep(deletion, job, patterns) : { do: 'DescribeJob' },
        createdAt,
      ]);
    const jobsTo = (what: Step['do']): string[] => steps.filter(([, step]) => step.do === what).map(([jobId]) => jobId);

    for (const [jobId, step, createdAt] of steps) {
      if (step.do === 'give up') {
        backlog.giveUp({ jobId, createdAt }, step.because);
      } else if (step.do === 'wait') {
        backlog.postpone(jobId, step.for, now + SECOND);
      }
    }
    const toCancel = jobsTo('CancelJob');
    // A job that is cancelled leaves the lists by whose status it was found: only a step that names it leads back to it.
    const cancellable = this.listing?.selectsByStatus ? toCancel.filter((jobId) => this.recorded.has(jobId)) : toCancel;
    this.isUnrecorded = toCancel.length > 0 && cancellable.length === 0;
    await this.orders.cancel(await this.descriptions.stillTo('CancelJob', cancellable.slice(0, AT_ONCE)));
    await this.queue.fill(jobsTo('DeleteJob'));
    // After the orders: a free slot does not wait until a hundred jobs have been described.
    await allOf(jobsTo('DescribeJob').slice(0, AT_ONCE), (jobId) => this.descriptions.look(jobId));
  }

  private assertMostAreDeletable(): void {
    if (areTooManyHopeless(this.context)) {
      throw this.failure(remainder(this.context, { kind: 'not tried' }, this.outOfSight));
    }
  }

  /** What can't be done in time is said early, and not only in the reason at the end. */
  private warnIfSlow(now: number): void {
    const { deadline, logicalId } = this.options.deletion;
    const { backlog, slots } = this.context;
    const jobs = backlog.size + slots.own + this.outOfSight;
    const needed = this.neededFor(jobs);
    if (!this.hasWarned && now + needed > deadline) {
      this.hasWarned = true;
      log({
        message: 'the timeout is too short for the jobs at this pace',
        level: 'WARN',
        jobs,
        neededSeconds: Math.round(needed / 1000),
        leftSeconds: Math.round((deadline - now) / 1000),
        resource: logicalId,
      });
    }
  }

  /** How long so many deletions take at the pace seen, in milliseconds; 0 when none was seen. */
  private neededFor(jobs: number): number {
    return Math.ceil(jobs / DELETION_SLOTS) * this.options.durations.typical;
  }

  /** Everything is gone, but for what was given up: what of that is not ours to delete. */
  private conclude(): readonly LeftJobs[] {
    const { hopeless } = this.context.backlog;
    const { selection } = this.options.deletion;
    const fatal = hopeless.filter(({ why }) => !isNotOurs(why, selection));
    if (fatal.length > 0) {
      throw this.failure(fatal);
    }
    return hopeless;
  }
}
