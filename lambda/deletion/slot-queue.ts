import { log } from '../words/log';
import { allOf } from './all-of';
import type { CarriedWork } from './carried-work';
import type { DeletionContext } from './context';
import { isSingle } from './deletion';
import { type Descriptions, keyOf } from './descriptions';
import type { Orders } from './orders';

/**
 * A list may show a job in deletion that is gone. What it shows for so long is described, and then again after so long, in
 * milliseconds.
 */
const DOUBTED = 20_000;

/** Gives the account's free deletion slots to the jobs that are ready, and times how long they wait for strangers. */
export class SlotQueue {
  private isCrowded: boolean;
  private waitedForSlot: number;
  private waitingSince?: number;
  /** When our deletions were described last, in milliseconds. */
  private readonly doubtedAt = new Map<string, number>();

  /** @param mustBeSeenGone whether DescribeJob must say that a job is gone: no last pass will */
  constructor(
    private readonly context: DeletionContext,
    private readonly descriptions: Descriptions,
    private readonly orders: Orders,
    private readonly mustBeSeenGone: boolean,
    carried?: CarriedWork,
  ) {
    this.isCrowded = carried?.isCrowded ?? false;
    this.waitedForSlot = carried?.waitedForSlot ?? 0;
    this.waitingSince = carried?.waitingSince;
  }

  get carried(): Pick<CarriedWork, 'isCrowded' | 'waitedForSlot' | 'waitingSince'> {
    const { isCrowded, waitedForSlot, waitingSince } = this;
    return { isCrowded, waitedForSlot, waitingSince };
  }

  /** Notices which deletions have ended, and orders as many as find a slot. */
  async fill(ready: readonly string[]): Promise<void> {
    const { backlog, deletion, slots } = this.context;
    if (ready.length === 0 && slots.own === 0) {
      return;
    }
    if (isSingle(deletion) && (ready.length === 0 || !this.isCrowded)) {
      // One call says of one job what a look at the slots would, and many such looks are made at the same time.
      await allOf(slots.jobIds, (jobId) => this.descriptions.lookAtDeletion(jobId));
      await this.orders.delete(await this.descriptions.stillTo('DeleteJob', ready));
      this.isCrowded = ready.some((jobId) => backlog.get(jobId)?.why?.kind === 'no slot');
      return;
    }
    const { inDeletion, toSee } = await this.notice();
    const now = this.context.clock.now();
    const share = slots.share(ready.length);
    const [first, rest] = [ready.slice(0, share), ready.slice(share)];
    rest.forEach((jobId) => backlog.postpone(jobId, { kind: 'no slot' }, now));
    this.timeWaiting(rest.length > 0 && slots.others > 0, now);
    await this.orders.delete(await this.descriptions.stillTo('DeleteJob', first));
    if (rest.length > 0 && first.length === 0) {
      const { logicalId: resource } = deletion;
      log({ message: 'waiting for a deletion slot', waiting: rest.length, inDeletion, resource });
    }
    // Now: behind all that wait for a slot, their turn would come last.
    await allOf(toSee, (jobId) => this.descriptions.look(jobId));
  }

  /** Looks how many are in deletion, and which of ours are not any more, but must be seen gone. */
  private async notice(): Promise<{ readonly inDeletion: number; readonly toSee: readonly string[] }> {
    const { backlog, calls, clock, deletion, jobs, slots, tally } = this.context;
    await this.doubt();
    const listed = await calls.read('iot:ListJobs', () => jobs.inDeletion());
    // A newer job of the id may be in deletion by now: ours has ended, then.
    const inDeletion = listed.filter(
      (job) => !this.descriptions.isGone(job) && (slots.createdAt(job.jobId) ?? job.createdAt) === job.createdAt,
    );
    const now = clock.now();
    const ended = slots
      .notice(inDeletion, now)
      .filter(([jobId, createdAt]) => !this.descriptions.isGone({ jobId, createdAt }));
    for (const [jobId, createdAt] of ended) {
      tally.end(now);
      if (this.mustBeSeenGone) {
        // Its status says nothing any more about whether it is selected.
        const why = 'filter' in deletion.selection ? ({ kind: 'in deletion' } as const) : undefined;
        backlog.set(jobId, { createdAt, seenAt: 0, notBefore: 0, why });
      } else {
        tally.settle(keyOf({ jobId, createdAt }));
      }
    }
    const toSee = this.mustBeSeenGone ? ended.map(([jobId]) => jobId) : [];
    return { inDeletion: inDeletion.length, toSee };
  }

  /** Describes those of our deletions that have gone on for long, as far as lists tell. */
  private async doubt(): Promise<void> {
    const { clock, slots } = this.context;
    const now = clock.now();
    const doubted = slots.carried
      .filter(([jobId, , at]) => now - Math.max(at, this.doubtedAt.get(jobId) ?? at) >= DOUBTED)
      .map(([jobId]) => jobId);
    doubted.forEach((jobId) => this.doubtedAt.set(jobId, now));
    await allOf(doubted, (jobId) => this.descriptions.lookIfGone(jobId));
  }

  private timeWaiting(isWaiting: boolean, now: number): void {
    this.waitedForSlot += this.waitingSince === undefined ? 0 : now - this.waitingSince;
    this.waitingSince = isWaiting ? now : undefined;
  }
}
