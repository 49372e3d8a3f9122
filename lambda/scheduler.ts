import { Backlog } from './backlog';
import type { Clock } from './clock';
import { Calls, OutOfTime, type Services } from './calls';
import type { Deletion } from './decision';
import { JobFinder } from './job-finder';
import type { Job, Jobs } from './jobs';
import type { Left } from './left';
import { log } from './log';
import { orderOf } from './messages';
import { notGone, unavailableForLong } from './messages-of-left';
import { nextStep, type Step } from './next-step';
import { Orders } from './orders';
import { Pace } from './pace';
import { logResult } from './result';
import { Slots } from './slots';
import { UserError } from './user-error';

/** What was seen longer ago may have changed, in milliseconds: the id may be a newer job's by now. */
const FRESH = 3_000;

/** At once no more calls than that. */
const AT_ONCE = 10;

/** What only a device or a stranger can end is looked at so often, in milliseconds. */
const SECOND = 1_000;

/** The pauses between two looks at our own deletions, and what each stranger's adds to the shortest. */
const SHORTEST = 250;
const LONGEST = 5_000;
const CROWDED = 100;

/**
 * Deletes jobs and waits until they are gone: keeps the account's deletion slots full, without being refused one, and
 * leaves strangers their share.
 *
 * What remains at `leaveAt` is for the next invocation. Nothing is kept between two of them: the state is in AWS IoT.
 *
 * @param seen the jobs, if they were seen just now
 * @returns whether every job is gone
 * @throws UserError when one can't be deleted, or is not gone at the deadline
 */
export function deleteJobs(
  deletion: Deletion,
  services: Services,
  patterns: readonly string[],
  leaveAt: number,
  seen?: readonly Job[],
): Promise<boolean> {
  const jobs = services.jobsAt(deletion.place);
  return new Scheduler(deletion, services, jobs, patterns, leaveAt, seen).run();
}

class Scheduler {
  private readonly backlog = new Backlog();
  private readonly slots: Slots;

  private readonly clock: Clock;
  private readonly deadline: number;
  private readonly calls: Calls;
  private readonly finder: JobFinder;
  private readonly orders: Orders;
  /** A look at the slots costs the account a call; two a second are enough for anybody. */
  private readonly looks: Pace;

  constructor(
    private readonly deletion: Deletion,
    services: Services,
    private readonly jobs: Jobs,
    private readonly patterns: readonly string[],
    private readonly leaveAt: number,
    /** The jobs, if they were seen just now: then the decision was made in this very invocation. */
    private readonly seen: readonly Job[] | undefined,
  ) {
    const { clock } = services;
    this.clock = clock;
    this.slots = new Slots(services.durations);
    this.deadline = deletion.startedAt + deletion.timeoutSeconds * 1000;
    this.calls = new Calls(services, orderOf(deletion), Math.min(leaveAt, this.deadline));
    this.finder = new JobFinder(jobs, this.calls, patterns);
    this.orders = new Orders(deletion, services, jobs, patterns, this.calls, this.backlog, this.slots);
    this.looks = new Pace(clock, 2, 4);
  }

  async run(): Promise<boolean> {
    const { target, claimed } = this.deletion;
    try {
      this.takeStock(this.seen ?? (await this.finder.find(target, claimed)));
      while (!this.isIdle) {
        await this.advance();
        if (this.isIdle) {
          // Nothing that was known is left: whether there is nothing at all, the next stock-taking says.
          this.takeStock(await this.finder.find(target, claimed));
          continue;
        }
        const pause = this.pause();
        const now = this.clock.now();
        if (now >= this.deadline) {
          throw new UserError(notGone(this.deletion, this.whatIsLeft()));
        }
        if (now + pause > this.leaveAt && !this.backlog.isRefused) {
          return false;
        }
        // Timers know whole milliseconds: less than one would be no pause at all.
        await this.clock.sleep(Math.ceil(Math.min(pause, this.deadline - now)));
      }
      this.conclude();
      return true;
    } catch (error) {
      return this.interrupted(error);
    }
  }

  /** The one job of a `JobDeletion`: whatever is said of it is the answer. */
  private get isSingle(): boolean {
    return 'job' in this.deletion.target;
  }

  private get isIdle(): boolean {
    return this.backlog.isEmpty && this.slots.own === 0;
  }

  /** What there is, as AWS IoT has it now. Only when there is nothing, all is done. */
  private takeStock(jobs: readonly Job[]): void {
    const now = this.clock.now();
    this.backlog.keepOnly(new Set(jobs.map(({ jobId }) => jobId)));
    const inDeletion = jobs.filter(({ status }) => status === 'DELETION_IN_PROGRESS');
    for (const job of jobs) {
      this.sort(job, now);
    }
    const status = this.isSingle ? (jobs[0]?.status ?? 'not found') : undefined;
    log({ message: 'looked', jobs: jobs.length, inDeletion: inDeletion.length, ...this.subject, status });
  }

  /** Puts a job where it belongs, as it was just seen. */
  private sort(job: Job, now: number): void {
    if (job.status === 'DELETION_IN_PROGRESS') {
      this.backlog.remove(job.jobId);
      this.slots.begin(job.jobId, now, false);
    } else {
      this.backlog.see(job, now);
    }
  }

  /** One step for each job that waits for one. */
  private async advance(): Promise<void> {
    const now = this.clock.now();
    const steps = this.backlog
      .due(now)
      .map(([jobId, { job }]): [string, Step] => [
        jobId,
        job ? nextStep(this.deletion, job, this.patterns) : { do: 'DescribeJob' },
      ]);
    const jobsTo = (what: Step['do']): string[] => steps.filter(([, step]) => step.do === what).map(([jobId]) => jobId);

    for (const [jobId, step] of steps) {
      if (step.do === 'give up') {
        this.backlog.giveUp(jobId, step.because);
      } else if (step.do === 'wait') {
        this.backlog.postpone(jobId, step.for, now + SECOND);
      }
    }
    await Promise.all(
      jobsTo('DescribeJob')
        .slice(0, AT_ONCE)
        .map((jobId) => this.look(jobId)),
    );
    await this.orders.cancel(jobsTo('CancelJob').slice(0, AT_ONCE));
    await this.fillSlots(jobsTo('DeleteJob'));
  }

  private async fillSlots(ready: readonly string[]): Promise<void> {
    if (ready.length === 0 && this.slots.own === 0) {
      return;
    }
    if (this.isSingle && this.seen && ready.some((jobId) => this.isFresh(jobId))) {
      // Whether there is a slot for one, an attempt says as well as a look would, and many looks are made. Once.
      await this.orders.delete(ready);
      return;
    }
    await this.looks.turn();
    const inDeletion = await this.calls.read('iot:ListJobs', () => this.jobs.inDeletion());
    this.slots.notice(inDeletion, this.clock.now());
    const share = this.slots.share(ready.length);
    const [first, rest] = [ready.slice(0, share), ready.slice(share)];
    const next = await this.stillReady(first);
    rest.forEach((jobId) => this.backlog.postpone(jobId, { kind: 'no slot' }, this.clock.now()));
    if (next.length > 0) {
      await this.orders.delete(next);
    } else if (rest.length > 0) {
      log({
        message: 'waiting for a deletion slot',
        waiting: rest.length,
        inDeletion: inDeletion.length,
        ...this.subject,
      });
    }
  }

  /** Those of the jobs that are still to be deleted: a named job must not be a newer one that has got the id meanwhile. */
  private async stillReady(jobIds: readonly string[]): Promise<readonly string[]> {
    if ('filter' in this.deletion.target) {
      return jobIds;
    }
    const old = jobIds.filter((jobId) => !this.isFresh(jobId));
    await Promise.all(old.map((jobId) => this.look(jobId)));
    return jobIds.filter((jobId) => {
      const { job } = this.backlog.get(jobId) ?? {};
      return job && nextStep(this.deletion, job, this.patterns).do === 'DeleteJob';
    });
  }

  private isFresh(jobId: string): boolean {
    return this.backlog.get(jobId)!.seenAt >= this.clock.now() - FRESH;
  }

  private async look(jobId: string): Promise<void> {
    const job = await this.finder.describe(jobId);
    const before = this.backlog.get(jobId)!;
    // Gone, or another one: whether that is one of ours, the next stock-taking says.
    const other = before.job && job && before.job.createdAt !== job.createdAt;
    if (!job || other || !this.isOurs(job)) {
      this.backlog.remove(jobId);
    } else if (before.why?.kind === 'obstacle' && !this.isSingle && job.details?.namespaceId?.startsWith('aws-')) {
      this.backlog.giveUp(jobId, { kind: 'reserved', namespaceId: job.details.namespaceId });
    } else {
      this.sort(job, this.clock.now());
    }
  }

  /** Whether it is the job that was seen at the start, where that counts. */
  private isOurs({ jobId, createdAt }: Job): boolean {
    const { target } = this.deletion;
    return 'filter' in target || createdAt === ('job' in target ? target.createdAt : target.jobs[jobId]);
  }

  /** Until something may have changed. With jitter, because many deletions start together. */
  private pause(): number {
    const now = this.clock.now();
    const jitter = (0.75 + this.clock.random() / 2) * this.calls.congestion;
    const { own, others } = this.slots;
    // A slot comes free when a stranger's deletion ends, or one of ours, which is looked for below.
    const turn = this.backlog.nextTurn(now, own === 0 || others > 0 ? SECOND * jitter : Infinity);
    if (own === 0) {
      return turn;
    }
    // Strangers in deletion have somebody who looks for them too, at the same call rate.
    const shortest = (SHORTEST + CROWDED * others) * jitter;
    return Math.min(turn, LONGEST, Math.max(shortest, this.slots.nextEnd(now)));
  }

  /** Everything is gone, but for what was given up. */
  private conclude(): void {
    const fatal = new Map([...this.backlog.hopeless].filter(([, { kind }]) => kind !== 'reserved'));
    if (fatal.size > 0) {
      throw new UserError(notGone(this.deletion, fatal));
    }
    logResult(this.deletion, this.backlog.hopeless);
  }

  private whatIsLeft(): ReadonlyMap<string, Left> {
    const inDeletion = this.slots.jobIds.map((jobId): [string, Left] => [jobId, { kind: 'in deletion' }]);
    return new Map([...this.backlog.left, ...inDeletion]);
  }

  /** Out of time for this invocation, which may also be all the time that there is. */
  private interrupted(error: unknown): boolean {
    if (!(error instanceof OutOfTime)) {
      throw error;
    }
    if (this.leaveAt < this.deadline) {
      return false;
    }
    throw new UserError(unavailableForLong(this.deletion, error.obstacle));
  }

  private get subject(): { readonly jobId?: string; readonly resource: string } {
    const { target, logicalId } = this.deletion;
    return { jobId: 'job' in target ? target.job : undefined, resource: logicalId };
  }
}
