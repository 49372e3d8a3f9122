import type { Job } from '../aws/jobs';
import { Pass } from '../search/pass';
import type { JobFilter } from '../search/selection';
import { BATCH } from './backlog';
import type { CarriedWork } from './carried-work';
import type { DeletionContext } from './context';
import { type Descriptions, keyOf } from './descriptions';
import { obstructedBy } from './left';

/** A pass that took too long to be sure of is repeated so often at the most, or it would never end in a large account. */
const MOST_PASSES = 3;

/** Reads the lists of the jobs that a filter selects: once to count them, and then until nothing is left. */
export class Listing {
  private pass: Pass;
  private longPasses: number;
  private isCut: boolean;

  constructor(
    private readonly context: DeletionContext,
    private readonly descriptions: Descriptions,
    private readonly filter: JobFilter,
    carried?: CarriedWork,
  ) {
    this.longPasses = carried?.longPasses ?? 0;
    this.isCut = carried?.isCut ?? false;
    this.pass = this.newPass(carried?.pass);
  }

  /** @param isCut whether more jobs wait than are carried */
  carried(isCut: boolean): Pick<CarriedWork, 'pass' | 'longPasses' | 'isCut'> {
    return { pass: this.pass.carried, longPasses: this.longPasses, isCut: this.isCut || isCut };
  }

  /** Whether the status of a job decides whose it is: it changes with what is done to the job. */
  get selectsByStatus(): boolean {
    const { claims } = this.context.deletion;
    const filters = [this.filter, ...claims.flatMap((claim) => ('filter' in claim ? [claim.filter] : []))];
    return filters.some(({ statuses }) => statuses !== undefined);
  }

  /** Whether the pass has come to its end. */
  get isOver(): boolean {
    return this.pass.isOver;
  }

  /** How many jobs wait without being at hand: those of pages that are to be read yet, or again. */
  get outOfSight(): number {
    const { backlog, slots, tally } = this.context;
    const atHand = backlog.size + backlog.givenUpCount + slots.own;
    return this.isOver && !this.isCut ? 0 : Math.max(0, tally.found - tally.settled - atHand);
  }

  /** Counts the next page. */
  async count(): Promise<void> {
    const { backlog, tally } = this.context;
    const jobs = (await this.pass.next()).filter(({ jobId }) => !backlog.get(jobId));
    this.takeIn(jobs);
    jobs.filter((job) => backlog.get(job.jobId) || this.isToCome(job)).forEach(({ jobId }) => tally.count(jobId));
  }

  /** Reads the next page where the jobs at hand are few, or begins another pass; whether it did either. */
  async readOn(isIdle: boolean): Promise<boolean> {
    if (!this.isOver) {
      if (this.context.backlog.size >= BATCH) {
        return false;
      }
      this.takeIn(await this.pass.next());
      return true;
    }
    if (!isIdle || this.isConclusive()) {
      return false;
    }
    this.pass = this.newPass();
    this.isCut = false;
    return true;
  }

  /** Only a whole pass, begun after the last deletion ended, that met nothing says that nothing is left. */
  private isConclusive(): boolean {
    const { pass } = this;
    if (pass.met > 0 || pass.startedAt < this.context.tally.lastEndAt) {
      return false;
    }
    return !pass.isTooLong || ++this.longPasses >= MOST_PASSES;
  }

  /** Jobs that a list has shown. */
  private takeIn(jobs: readonly Job[]): void {
    const { backlog, clock, slots, tally } = this.context;
    const now = clock.now();
    const ours = jobs.filter((job) => !this.descriptions.isGone(job) && !backlog.isGivenUp(job));
    for (const job of ours) {
      if (slots.createdAt(job.jobId) !== undefined) {
        // That deletion is first seen to end: the list lags, or shows a newer job, which another pass will meet again.
        continue;
      }
      // One that has left the list of those in deletion may be gone, whatever another list says: DescribeJob decides.
      if (job.status === 'DELETION_IN_PROGRESS' && !tally.isSettled(keyOf(job))) {
        backlog.remove(job.jobId);
        slots.begin(job.jobId, job.createdAt, now, false);
      } else {
        backlog.see(job, now, 0);
      }
    }
    this.pass.meet(ours.length);
  }

  /** Whether it is a newer job of an id whose deletion is still to be seen to end. */
  private isToCome(job: Job): boolean {
    const older = this.context.slots.createdAt(job.jobId);
    const isNewer = older !== undefined && job.createdAt > older;
    return isNewer && job.status !== 'DELETION_IN_PROGRESS' && !this.descriptions.isGone(job);
  }

  private newPass(carried?: CarriedWork['pass']): Pass {
    const { backlog, calls, clock, deletion, finder, jobs, tally } = this.context;
    return new Pass({
      filter: this.filter,
      claims: deletion.claims,
      jobs,
      calls,
      finder,
      clock,
      carried,
      isSettled: (job) => backlog.isGivenUp(job),
      onRefusal: (job, { obstacle }) => {
        tally.count(job.jobId);
        backlog.giveUp(job, obstructedBy(obstacle));
      },
    });
  }
}
