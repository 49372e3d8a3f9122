import type { Clock } from '../aws/clock';
import type { Job, Jobs } from '../aws/jobs';
import { jobArn } from '../aws/place';
import { Finder } from '../search/finder';
import { hashesIn, jobHash } from '../search/job-hash';
import { type CarriedPass, Pass } from '../search/pass';
import type { JobFilter } from '../search/selection';
import { Failure } from '../words/failure';
import { log } from '../words/log';
import { messages } from '../words/messages';
import { notDeleted } from '../words/not-deleted';
import { allOf } from './all-of';
import { Backlog, BATCH, type CarriedGivenUp } from './backlog';
import type { Calls } from './calls';
import { type Deletion, isSingle, subjectOf } from './deletion';
import type { Durations } from './durations';
import { grouped, isNotOurs, type Left, type LeftJobs, obstructedBy } from './left';
import { nextStep, type Step } from './next-step';
import { Orders } from './orders';
import { Refusal } from './patience';
import { type CarriedSlot, DELETION_SLOTS, Slots } from './slots';

/** What was described longer ago may have changed, in milliseconds: the id may be a newer job's by now. */
const FRESH = 3_000;

/** At once no more calls than that. */
const AT_ONCE = 10;

/** What only a device or a stranger can end is looked at so often, in milliseconds. */
const SECOND = 1_000;

/** The pauses between two looks at our own deletions, and what each stranger's adds to the shortest. */
const SHORTEST = 250;
const CROWDED = 100;

/** One job is not looked at sooner after DeleteJob, in milliseconds: many are deleted at the same time, each by itself. */
const FIRST_LOOK = 2_000;

/** A pause so long is the waiter's. */
const LONG = 5_000;

/** Of so many jobs that can't be deleted at the most the reasons are carried, and of so many that are not ours: then it ends. */
const MOST_GIVEN_UP = 2_000;
const MOST_OF_OTHERS = 4_000;

/** So many jobs are known to be counted when a list shows them again; more may be counted twice. */
const MOST_COUNTED = 5_000;
const MOST_REASONS = 50;

/** A pass that took too long to be sure of is repeated so often at the most, or it would never end in a large account. */
const MOST_PASSES = 3;

/** Where a deletion stands: all that the next look needs, as plain data. */
export interface CarriedWork {
  /** How many jobs there were to delete. */
  readonly found: number;
  /** Whether all matching jobs were counted: before that nothing is ordered. */
  readonly isCounted: boolean;
  /** Until then: hashes of those that were counted, one behind the other. */
  readonly counted?: string;
  readonly pass?: CarriedPass;
  /** How many passes in a row met nothing, but took too long. */
  readonly longPasses: number;
  readonly waiting: readonly CarriedWaiting[];
  readonly slots: readonly CarriedSlot[];
  readonly givenUp: readonly CarriedGivenUp[];
  /** How many of them need nothing any more: they are gone, or match no more. */
  readonly settled: number;
  /** Whether more jobs wait than those that are carried. */
  readonly isCut: boolean;
  /** When the last of our deletions ended, in milliseconds. */
  readonly lastEndAt: number;
  /** Whether a slot was refused once: then it is looked for before it is asked for. */
  readonly isCrowded: boolean;
  /** How long jobs have waited while others held slots, in milliseconds. */
  readonly waitedForSlot: number;
  readonly waitingSince?: number;
  /** The namespace in which DescribeJob has shown the one job of a deletion. */
  readonly namespaceId?: string;
}

/** A job that waits: its status where a list must not be read for it, and what it waits for where that is no slot. */
type CarriedWaiting = readonly [jobId: string, createdAt: number, status?: Job['status'] | null, why?: Left];

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
  readonly seen?: SeenJobs;
  /** Jobs that could not be looked at when it was decided. */
  readonly refused?: readonly (readonly [jobId: string, why: Left])[];
}

/** Jobs as they were described when it was decided: fresh ones need not be described again before the first order. */
export interface SeenJobs {
  /** In milliseconds. */
  readonly at: number;
  readonly jobs: readonly Job[];
}

/**
 * Deletes jobs and waits until they are gone: keeps the account's deletion slots full, without being refused one, and
 * leaves slots for other callers. For one job or many.
 */
export class Scheduler {
  private readonly finder: Finder;
  private readonly backlog: Backlog;
  private readonly slots: Slots;
  private readonly orders: Orders;
  private pass?: Pass;
  private found: number;
  private counted: boolean;
  private readonly countedJobs: Set<string>;
  private longPasses: number;
  private lastEndAt: number;
  private isCrowded: boolean;
  private waitedForSlot: number;
  private waitingSince?: number;
  private namespaceId?: string;
  private hasWarned = false;
  private isUnrecorded = false;
  /** Jobs that the step before this look names: a crash does not forget them. */
  private readonly recorded: ReadonlySet<string>;
  /** Jobs that DescribeJob has said are gone, whatever a list says. */
  private readonly gone = new Set<string>();
  /** Jobs that were in deletion and are no more: a list that lags may still show them. */
  private readonly ended = new Set<string>();
  private settled: number;
  private isCut: boolean;

  constructor(private readonly options: SchedulerOptions) {
    const { calls, carried, clock, deletion, durations, jobs, patterns, permit } = options;
    this.finder = new Finder(jobs, calls, patterns, { since: deletion.requestedAt, clock });
    this.backlog = new Backlog(carried?.givenUp);
    const slots = (this.slots = new Slots(durations, carried?.slots));
    this.orders = new Orders({ deletion, jobs, patterns, clock, calls, backlog: this.backlog, slots, permit });
    const { selection, target = {} } = deletion;
    const waiting: readonly CarriedWaiting[] = carried?.waiting ?? Object.entries(target);
    waiting.forEach((each) => this.remember(...each));
    if (!carried && !deletion.requiredTag) {
      options.seen?.jobs.forEach((job) => this.recall(job, options.seen!.at));
    }
    this.recorded = new Set(waiting.map(([jobId]) => jobId));
    options.refused?.forEach(([jobId, why]) => this.backlog.giveUp(jobId, why));
    this.found = carried?.found ?? waiting.length + this.backlog.givenUpCount;
    this.counted = carried?.isCounted ?? !('filter' in selection);
    this.countedJobs = new Set(hashesIn(carried?.counted));
    this.longPasses = carried?.longPasses ?? 0;
    this.settled = carried?.settled ?? 0;
    this.isCut = carried?.isCut ?? false;
    this.lastEndAt = carried?.lastEndAt ?? 0;
    this.isCrowded = carried?.isCrowded ?? false;
    this.waitedForSlot = carried?.waitedForSlot ?? 0;
    this.waitingSince = carried?.waitingSince;
    this.namespaceId = carried?.namespaceId;
    if ('filter' in selection) {
      this.pass = this.newPass(carried?.pass);
    }
  }

  /** Where it stands. @param fits how many of the jobs that wait can be carried: the others are found again */
  carried(fits: number): CarriedWork {
    const waiting = this.backlog.waitingJobs.map(([jobId, { createdAt, job, why }]): CarriedWaiting =>
      why === undefined || why.kind === 'no slot'
        ? [jobId, createdAt, job?.status]
        : [jobId, createdAt, job?.status, why],
    );
    const { found, counted, longPasses, settled, lastEndAt, isCrowded, waitedForSlot, waitingSince, namespaceId } =
      this;
    return {
      found,
      settled,
      isCut: this.isCut || (this.pass !== undefined && waiting.length > fits),
      isCounted: counted,
      counted: counted ? undefined : [...this.countedJobs].join(''),
      longPasses,
      lastEndAt,
      isCrowded,
      waitedForSlot,
      waitingSince,
      namespaceId,
      pass: this.pass?.carried,
      waiting: this.pass ? waiting.slice(0, fits) : waiting,
      slots: this.slots.carried,
      givenUp: this.backlog.carriedGivenUp,
    };
  }

  /** Whether all matching jobs were counted. */
  get isCounted(): boolean {
    return this.counted;
  }

  /** How long jobs have waited while others held slots, in milliseconds. */
  get waitForSlot(): number {
    return this.waitedForSlot;
  }

  /** How many jobs there were to delete. */
  get foundCount(): number {
    return this.found;
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
      if (await this.readOn()) {
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
      const pause = Math.ceil(this.pause());
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
    const neededSeconds = this.neededFor(this.found) / 1000;
    const subject = { ...subjectOf(deletion), namespaceId: deletion.namespaceId ?? this.namespaceId };
    return new Failure(notDeleted({ ...subject, timeoutSeconds, found: this.found, neededSeconds }, left));
  }

  /** What is left at the deadline, and why. */
  get whatIsLeft(): readonly LeftJobs[] {
    return this.leftBecause({ kind: 'no slot' });
  }

  /** Whatever is left. @param whyUntried why that is left of which nothing else is known */
  private leftBecause(whyUntried: Left): readonly LeftJobs[] {
    const waiting = this.backlog.waitingJobs.map(([jobId, { job, why }]): [string, Left] => [
      jobId,
      why ?? (job ? whyUntried : { kind: 'status', status: 'unknown' }),
    ]);
    const inDeletion = this.slots.jobIds.map((jobId): [string, Left] => [jobId, { kind: 'in deletion' }]);
    const unnamed = { why: whyUntried, count: this.outOfSight };
    return [...this.backlog.hopeless, ...grouped([...waiting, ...inDeletion], unnamed)];
  }

  /** How many jobs wait without being at hand: those of pages that are to be read yet, or again. */
  private get outOfSight(): number {
    if (!this.pass || (this.pass.isOver && !this.isCut)) {
      return 0;
    }
    const atHand = this.backlog.size + this.backlog.givenUpCount + this.slots.own;
    return Math.max(0, this.found - this.settled - atHand);
  }

  /** A job as it was described a moment ago; one that is in deletion is described again. */
  private recall(job: Job, seenAt: number): void {
    if (this.backlog.get(job.jobId)?.createdAt === job.createdAt && job.status !== 'DELETION_IN_PROGRESS') {
      this.backlog.set(job.jobId, { createdAt: job.createdAt, job, seenAt, notBefore: 0 });
      this.note(job);
    }
  }

  /** In which namespace the one job is: a command for it needs that. */
  private note(job: Job): void {
    if (isSingle(this.options.deletion)) {
      this.namespaceId = job.details?.namespaceId;
    }
  }

  private remember(...[jobId, createdAt, status, why]: CarriedWaiting): void {
    const { place, home } = this.options.deletion;
    const job = status ? { jobId, createdAt, status, jobArn: jobArn(jobId, place, home) } : undefined;
    this.backlog.set(jobId, { createdAt, job, seenAt: 0, notBefore: 0, why });
  }

  private newPass(carried?: CarriedPass): Pass | undefined {
    const { calls, clock, deletion, jobs } = this.options;
    const { claims, selection } = deletion;
    return 'filter' in selection
      ? new Pass({
          filter: selection.filter,
          claims,
          jobs,
          calls,
          finder: this.finder,
          clock,
          carried,
          isSettled: (job) => this.backlog.isGivenUp(job),
          onRefusal: ({ jobId }, { obstacle }) => {
            this.countOne(jobId);
            this.backlog.giveUp(jobId, obstructedBy(obstacle));
          },
        })
      : undefined;
  }

  /** Reads, and only reads, until all that matches is counted: so that too many are found before the first order. */
  private async count(): Promise<void> {
    const { deletion } = this.options;
    while (this.pass && !this.counted) {
      const jobs = (await this.pass.next()).filter(({ jobId }) => !this.backlog.get(jobId));
      this.takeIn(jobs);
      this.assertMostAreDeletable();
      jobs.filter(({ jobId }) => this.backlog.get(jobId)).forEach(({ jobId }) => this.countOne(jobId));
      if (this.found > deletion.maxJobs) {
        throw new Failure(messages.tooMany(subjectOf(deletion), this.found, deletion.maxJobs));
      }
      if (this.pass.isOver) {
        this.counted = true;
        log({ message: 'counted', jobs: this.found, inDeletion: this.slots.own, resource: deletion.logicalId });
      }
    }
  }

  /** A list may show a job twice: its status has changed, or it was begun again. */
  private countOne(jobId: string): void {
    const hash = jobHash(jobId);
    if (this.counted || this.countedJobs.has(hash)) {
      return;
    }
    this.found += 1;
    if (this.countedJobs.size < MOST_COUNTED) {
      this.countedJobs.add(hash);
    }
  }

  /** Reads the next page where the jobs at hand are few, or begins another pass; whether it did either. */
  private async readOn(): Promise<boolean> {
    const { pass } = this;
    if (!pass) {
      return false;
    }
    if (!pass.isOver) {
      if (this.backlog.size >= BATCH) {
        return false;
      }
      this.takeIn(await pass.next());
      return true;
    }
    if (!this.isIdle || this.isConclusive(pass)) {
      return false;
    }
    this.pass = this.newPass();
    this.isCut = false;
    return true;
  }

  /** Only a whole pass, begun after the last deletion ended, that met nothing says that nothing is left. */
  private isConclusive(pass: Pass): boolean {
    if (pass.met > 0 || pass.startedAt < this.lastEndAt) {
      return false;
    }
    if (pass.isTooLong && ++this.longPasses < MOST_PASSES) {
      return false;
    }
    return true;
  }

  /** Jobs that a list has shown. */
  private takeIn(jobs: readonly Job[]): void {
    const now = this.options.clock.now();
    const ours = jobs.filter((job) => !this.gone.has(keyOf(job)) && !this.backlog.isGivenUp(job));
    for (const job of ours) {
      if (job.status === 'DELETION_IN_PROGRESS') {
        this.slots.begin(job.jobId, job.createdAt, now, false);
      } else {
        this.backlog.see(job, now, 0);
      }
    }
    this.pass?.meet(ours.length);
  }

  private get isIdle(): boolean {
    return this.backlog.size === 0 && this.slots.own === 0;
  }

  /** One step for each job that waits for one. */
  private async advance(): Promise<void> {
    const { clock, deletion, patterns } = this.options;
    const now = clock.now();
    const steps = this.backlog
      .due(now)
      .map(([jobId, { job }]): [string, Step] => [
        jobId,
        job ? nextStep(deletion, job, patterns) : { do: 'DescribeJob' },
      ]);
    const jobsTo = (what: Step['do']): string[] => steps.filter(([, step]) => step.do === what).map(([jobId]) => jobId);

    for (const [jobId, step] of steps) {
      if (step.do === 'give up') {
        this.backlog.giveUp(jobId, step.because);
      } else if (step.do === 'wait') {
        this.backlog.postpone(jobId, step.for, now + SECOND);
      }
    }
    await allOf(jobsTo('DescribeJob').slice(0, AT_ONCE), (jobId) => this.look(jobId));
    const toCancel = jobsTo('CancelJob');
    // A job that is cancelled leaves the lists by whose status it was found: only a step that names it leads back to it.
    const cancellable = this.selectsByStatus ? toCancel.filter((jobId) => this.recorded.has(jobId)) : toCancel;
    this.isUnrecorded = toCancel.length > 0 && cancellable.length === 0;
    await this.orders.cancel(await this.stillTo('CancelJob', cancellable.slice(0, AT_ONCE)));
    await this.fillSlots(jobsTo('DeleteJob'));
  }

  private get selectsByStatus(): boolean {
    const { selection } = this.options.deletion;
    return 'filter' in selection && selection.filter.statuses !== undefined;
  }

  private async fillSlots(ready: readonly string[]): Promise<void> {
    const { calls, clock, deletion, jobs } = this.options;
    if (ready.length === 0 && this.slots.own === 0) {
      return;
    }
    if (isSingle(deletion) && !this.isCrowded) {
      // One call says of one job what a look at the slots would, and many such looks are made at the same time.
      await allOf(this.slots.jobIds, (jobId) => this.lookAtDeletion(jobId));
      await this.orders.delete(await this.stillTo('DeleteJob', ready));
      this.isCrowded = ready.some((jobId) => this.backlog.get(jobId)?.why?.kind === 'no slot');
      return;
    }
    const inDeletion = await calls.read('iot:ListJobs', () => jobs.inDeletion());
    const now = clock.now();
    const ended = this.slots.notice(inDeletion, now);
    for (const [jobId, createdAt] of ended) {
      this.lastEndAt = now;
      // What is named must be seen gone; of what a filter selects, the last pass says so, unless it selects by status.
      if (!this.pass || this.selectsByStatus) {
        this.remember(jobId, createdAt, undefined, this.pass && { kind: 'in deletion' });
      } else {
        this.settle(jobId, createdAt);
      }
    }
    // At once: behind all that wait for a slot, their turn would come last.
    await allOf(
      ended.map(([jobId]) => jobId).filter((jobId) => this.backlog.get(jobId)),
      (jobId) => this.look(jobId),
    );
    const share = this.slots.share(ready.length);
    const [first, rest] = [ready.slice(0, share), ready.slice(share)];
    rest.forEach((jobId) => this.backlog.postpone(jobId, { kind: 'no slot' }, now));
    this.timeWaiting(rest.length > 0 && this.slots.others > 0, now);
    await this.orders.delete(await this.stillTo('DeleteJob', first));
    if (rest.length > 0 && first.length === 0) {
      log({
        message: 'waiting for a deletion slot',
        waiting: rest.length,
        inDeletion: inDeletion.length,
        resource: deletion.logicalId,
      });
    }
  }

  private timeWaiting(isWaiting: boolean, now: number): void {
    this.waitedForSlot += this.waitingSince === undefined ? 0 : now - this.waitingSince;
    this.waitingSince = isWaiting ? now : undefined;
  }

  /** Those of the jobs to which this is still to be done, as DescribeJob has it: nobody is ordered unseen. */
  private async stillTo(what: 'CancelJob' | 'DeleteJob', jobIds: readonly string[]): Promise<readonly string[]> {
    const { clock, deletion, patterns } = this.options;
    const isFresh = (jobId: string): boolean => this.backlog.get(jobId)!.seenAt > clock.now() - FRESH;
    await allOf(
      jobIds.filter((jobId) => !isFresh(jobId)),
      (jobId) => this.look(jobId),
    );
    return jobIds.filter((jobId) => {
      const { job, notBefore = Infinity } = this.backlog.get(jobId) ?? {};
      return job && notBefore <= clock.now() && nextStep(deletion, job, patterns).do === what;
    });
  }

  /** Describes a job that waits, and puts it where it belongs. */
  private async look(jobId: string): Promise<void> {
    const { calls, clock, deletion, jobs } = this.options;
    const { createdAt } = this.backlog.get(jobId)!;
    try {
      const outcome = await calls.once('iot:DescribeJob', () => jobs.describe(jobId), { jobId, createdAt });
      if ('obstacle' in outcome) {
        this.backlog.postpone(jobId, obstructedBy(outcome.obstacle), clock.now() + SECOND);
      } else if (outcome.answer?.createdAt !== createdAt) {
        this.isGone(jobId, createdAt, outcome.answer);
      } else {
        await this.sort(outcome.answer);
      }
    } catch (error) {
      if (error instanceof Refusal && !isSingle(deletion)) {
        this.backlog.giveUp(jobId, obstructedBy(error.obstacle));
        return;
      }
      throw error;
    }
  }

  /** Puts a job that was just described where it belongs. */
  private async sort(job: Job): Promise<void> {
    const { clock, deletion } = this.options;
    const { claims, requiredTag, selection } = deletion;
    this.note(job);
    const isOther =
      'filter' in selection &&
      (!(await this.finder.since(clock.now() - FRESH).matches(job, this.filterFor(job, selection.filter))) ||
        (await this.finder.isClaimed(job, claims)));
    if (isOther) {
      this.backlog.remove(job.jobId);
      this.settle(job.jobId, job.createdAt);
    } else if (job.status === 'DELETION_IN_PROGRESS') {
      this.backlog.remove(job.jobId);
      this.slots.begin(job.jobId, job.createdAt, clock.now(), false);
    } else if (requiredTag && !(await this.finder.isTagged(job, requiredTag))) {
      this.backlog.giveUp(job.jobId, { kind: 'untagged', tag: requiredTag.key });
    } else {
      this.backlog.see(job, clock.now(), clock.now());
    }
  }

  /** A job that was selected stays selected when it is cancelled first, and when its deletion has ended and it is still there. */
  private filterFor({ jobId, status }: Job, filter: JobFilter): JobFilter {
    const why = this.backlog.get(jobId)?.why?.kind;
    const isOrdered =
      (this.options.deletion.cancelFirst && status === 'CANCELED') || why === 'in deletion' || why === 'status';
    return isOrdered ? { ...filter, statuses: undefined } : filter;
  }

  /** Describes a job of ours that is in deletion. */
  private async lookAtDeletion(jobId: string): Promise<void> {
    const { calls, clock, jobs } = this.options;
    const createdAt = this.slots.createdAt(jobId);
    const outcome = await calls.once('iot:DescribeJob', () => jobs.describe(jobId), { jobId, createdAt });
    if ('answer' in outcome) {
      const job = outcome.answer?.createdAt === createdAt ? outcome.answer : undefined;
      const goesOn = job?.status === 'DELETION_IN_PROGRESS';
      this.slots.notice(job && goesOn ? [job] : [], clock.now());
      if (job && !goesOn) {
        await this.sort(job);
      }
    }
  }

  private isGone(jobId: string, createdAt: number, newer?: Job): void {
    this.backlog.remove(jobId);
    this.gone.add(keyOf({ jobId, createdAt }));
    this.settle(jobId, createdAt);
    this.lastEndAt = this.options.clock.now();
    if (newer) {
      log({ message: 'a newer job has the id now; it is not ours to delete', jobId });
    }
  }

  private settle(jobId: string, createdAt: number): void {
    const key = keyOf({ jobId, createdAt });
    this.settled += this.ended.has(key) ? 0 : 1;
    this.ended.add(key);
  }

  /** What is carried is bounded. */
  private assertMostAreDeletable(): void {
    const { givenUpCount, reasonCount } = this.backlog;
    if (givenUpCount <= MOST_GIVEN_UP && reasonCount <= MOST_REASONS) {
      return;
    }
    const { selection } = this.options.deletion;
    const countOf = (isOfOthers: boolean): number =>
      this.backlog.hopeless
        .filter(({ why }) => isNotOurs(why, selection) === isOfOthers)
        .reduce((sum, { count }) => sum + count, 0);
    if (countOf(false) > MOST_GIVEN_UP || countOf(true) > MOST_OF_OTHERS || reasonCount > MOST_REASONS) {
      throw this.failure(this.leftBecause({ kind: 'not tried' }));
    }
  }

  /** What can't be done in time is said early, and not only in the reason at the end. */
  private warnIfSlow(now: number): void {
    const { deadline, logicalId } = this.options.deletion;
    const jobs = this.backlog.size + this.slots.own + this.outOfSight;
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

  /** Until something may have changed. With jitter, because many deletions start together. */
  private pause(): number {
    const { calls, clock } = this.options;
    const now = clock.now();
    const jitter = (0.75 + clock.random() / 2) * calls.congestion;
    const { own, others } = this.slots;
    // A slot comes free when a stranger's deletion ends, or one of ours, which is looked for below.
    const turn = this.backlog.nextTurn(now, own === 0 || others > 0 ? SECOND * jitter : Infinity);
    if (own === 0) {
      return turn;
    }
    // Strangers in deletion have somebody who looks for them too, at the same call rate.
    const ordered = isSingle(this.options.deletion) ? this.slots.orderedAt : -Infinity;
    const shortest = Math.max((SHORTEST + CROWDED * others) * jitter, ordered + FIRST_LOOK - now);
    return Math.min(turn, Math.max(shortest, this.slots.nextEnd(now)));
  }

  /** Everything is gone, but for what was given up: what of that is not ours to delete. */
  private conclude(): readonly LeftJobs[] {
    const { hopeless } = this.backlog;
    const { selection } = this.options.deletion;
    const fatal = hopeless.filter(({ why }) => !isNotOurs(why, selection));
    if (fatal.length > 0) {
      throw this.failure(fatal);
    }
    return hopeless;
  }
}

function keyOf({ jobId, createdAt }: { readonly jobId: string; readonly createdAt: number }): string {
  return `${jobId} ${createdAt}`;
}
