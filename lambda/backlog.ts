import type { Job } from './jobs';
import type { Left } from './left';
import { log } from './log';

/** A job that is neither gone nor in deletion. */
export interface Waiting {
  /** As it was last seen; nothing if a call went wrong since, so that it must be looked at again. */
  readonly job?: Job;
  /** When it was. */
  readonly seenAt: number;
  /** Not to be looked at before. */
  readonly notBefore: number;
  readonly why?: Left;
}

/** So many jobs are considered at a time: more than can get a slot, and few enough for a small function's memory. */
const BATCH = 250;

/** The jobs that are still to be deleted, and those that can't be. */
export class Backlog {
  private readonly waiting = new Map<string, Waiting>();
  private readonly givenUp = new Map<string, Left>();

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  get(jobId: string): Waiting | undefined {
    return this.waiting.get(jobId);
  }

  set(jobId: string, waiting: Waiting): void {
    this.waiting.set(jobId, waiting);
  }

  /** It is in deletion, gone, or not ours. */
  remove(jobId: string): void {
    this.waiting.delete(jobId);
    this.givenUp.delete(jobId);
  }

  /** Only these are there. */
  keepOnly(jobIds: ReadonlySet<string>): void {
    [...this.waiting.keys(), ...this.givenUp.keys()]
      .filter((jobId) => !jobIds.has(jobId))
      .forEach((id) => this.remove(id));
  }

  /** A job was just seen, and is not in deletion: one that was given up stays so, unless what was in its way has passed. */
  see(job: Job, now: number): void {
    const { jobId, status } = job;
    const given = this.givenUp.get(jobId);
    if (!given || (given.kind === 'active' && given.status !== status)) {
      this.givenUp.delete(jobId);
      this.waiting.set(jobId, { notBefore: now, ...this.waiting.get(jobId), job, seenAt: now });
    }
  }

  /** Waits for something that is not ours to end. */
  postpone(jobId: string, why: Left, until: number): void {
    const { job, seenAt } = this.waiting.get(jobId)!;
    // Devices take their time: what they are at must be asked again.
    const stale = why.kind !== 'no slot';
    this.waiting.set(jobId, { job: stale ? undefined : job, seenAt, notBefore: until, why });
    if (stale) {
      log({ message: `waiting: ${why.kind}`, jobId });
    }
  }

  giveUp(jobId: string, because: Left): void {
    this.waiting.delete(jobId);
    this.givenUp.set(jobId, because);
    log({ message: `left: ${because.kind}`, jobId });
  }

  /** The next jobs whose turn has come. */
  due(now: number): readonly (readonly [string, Waiting])[] {
    const due: (readonly [string, Waiting])[] = [];
    for (const entry of this.waiting) {
      if (entry[1].notBefore <= now && due.push(entry) === BATCH) {
        break;
      }
    }
    return due;
  }

  /** In how many milliseconds the next turn comes, if one that waits for a slot has it in so many. */
  nextTurn(now: number, slot: number): number {
    let next = Infinity;
    let due = 0;
    for (const { notBefore, why } of this.waiting.values()) {
      // Beyond the batch, a turn comes after those before it.
      if (notBefore > now || ++due <= BATCH) {
        next = Math.min(next, why?.kind === 'no slot' ? slot : Math.max(0, notBefore - now));
      }
    }
    return next;
  }

  /** Whether a refusal has to be seen through: how long it lasts is known only within one invocation. */
  get isRefused(): boolean {
    return [...this.waiting.values()].some(
      ({ why }) => why?.kind === 'obstacle' && ['denied', 'refused'].includes(why.obstacle.kind),
    );
  }

  /** What can't be deleted, and why. */
  get hopeless(): ReadonlyMap<string, Left> {
    return this.givenUp;
  }

  /** Whatever is left, and why. */
  get left(): ReadonlyMap<string, Left> {
    const waiting = [...this.waiting].map(([jobId, { job, why }]): [string, Left] => [
      jobId,
      why ?? (job ? { kind: 'no slot' } : { kind: 'status', status: 'unknown' }),
    ]);
    return new Map([...this.givenUp, ...waiting]);
  }
}
