import type { Job } from '../aws/jobs';
import { HASH_LENGTH, hashesIn, jobHash } from '../search/job-hash';
import { log } from '../words/log';
import { gistOf, type Left, type LeftJobs, NAMED } from './left';

/** A job that is neither gone nor in deletion. */
export interface Waiting {
  readonly createdAt: number;
  /** As it was last seen; nothing if a call went wrong since, so that it must be looked at again. */
  readonly job?: Job;
  /** When it was described. */
  readonly seenAt: number;
  /** Not to be looked at before. */
  readonly notBefore: number;
  readonly why?: Left;
}

/** Jobs that can't be deleted, for one reason: how they are carried from one look to the next. */
export interface CarriedGivenUp {
  readonly why: Left;
  /** The first few. */
  readonly named: readonly string[];
  /** The hashes of all, one behind the other. */
  readonly hashes: string;
}

/** Why jobs were given up, and the first few of them. */
interface Reason {
  readonly why: Left;
  readonly named: string[];
}

/** So many jobs are considered at a time: more than can get a slot, and few enough for a small function's memory. */
export const BATCH = 250;

/** The jobs that are still to be deleted, and those that can't be. */
export class Backlog {
  private readonly waiting = new Map<string, Waiting>();
  /** By the hash of the id and the time of creation: a newer job of an id is another one. */
  private readonly givenUp = new Map<string, Reason>();
  /** By what makes two reasons one. */
  private readonly reasons = new Map<string, Reason>();

  constructor(carried: readonly CarriedGivenUp[] = []) {
    for (const { why, named, hashes } of carried) {
      const reason = this.reasonFor(why);
      reason.named.push(...named);
      hashesIn(hashes).forEach((hash) => this.givenUp.set(hash, reason));
    }
  }

  get size(): number {
    return this.waiting.size;
  }

  get givenUpCount(): number {
    return this.givenUp.size;
  }

  /** For how many reasons jobs were given up: each is carried. */
  get reasonCount(): number {
    return this.reasons.size;
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
  }

  /** Whether the job was given up; one that was active stays so only while it is. */
  isGivenUp(job: Pick<Job, 'jobId' | 'createdAt' | 'status'>): boolean {
    const why = this.givenUp.get(hashOf(job))?.why;
    return why !== undefined && !(why.kind === 'active' && why.status !== job.status);
  }

  /** A job was just seen, and is not in deletion. @param seenAt 0 where only a list has shown it */
  see(job: Job, now: number, seenAt: number): void {
    if (!this.isGivenUp(job)) {
      this.givenUp.delete(hashOf(job));
      const { jobId, createdAt } = job;
      this.waiting.set(jobId, { notBefore: now, ...this.waiting.get(jobId), createdAt, job, seenAt });
    }
  }

  /** Waits for something that is not ours to end. */
  postpone(jobId: string, why: Left, until: number): void {
    const waiting = this.waiting.get(jobId)!;
    // Hundreds may wait for a slot, and its turn has come already: nothing changes.
    if (why.kind === 'no slot' && waiting.why?.kind === 'no slot') {
      return;
    }
    // Devices take their time: what they are at must be asked again.
    const stale = why.kind !== 'no slot';
    this.waiting.set(jobId, { ...waiting, job: stale ? undefined : waiting.job, notBefore: until, why });
    if (stale) {
      log({ message: `waiting: ${why.kind}`, jobId });
    }
  }

  /** It can't be deleted. One that could never be looked at has no known time of creation. */
  giveUp(job: Partial<Pick<Job, 'createdAt'>> & Pick<Job, 'jobId'>, why: Left): void {
    const { jobId } = job;
    this.waiting.delete(jobId);
    const reason = this.reasonFor(why);
    this.givenUp.set(hashOf(job), reason);
    if (reason.named.length < NAMED && !reason.named.includes(jobId)) {
      reason.named.push(jobId);
    }
    log({ message: `not deleted: ${why.kind}`, level: 'WARN', jobId });
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

  /** What can't be deleted, and why. */
  get hopeless(): readonly LeftJobs[] {
    return this.carriedGivenUp.map(({ why, named, hashes }) => ({ why, named, count: hashes.length / HASH_LENGTH }));
  }

  /** What is to be carried of it to the next look. */
  get carriedGivenUp(): readonly CarriedGivenUp[] {
    const hashes = new Map<Reason, string[]>();
    for (const [hash, reason] of this.givenUp) {
      const those = hashes.get(reason) ?? [];
      hashes.set(reason, those);
      those.push(hash);
    }
    return [...hashes].map(([reason, those]) => ({ ...reason, hashes: those.join('') }));
  }

  /** What is to be deleted yet, each with what it waits for. */
  get waitingJobs(): readonly (readonly [jobId: string, waiting: Waiting])[] {
    return [...this.waiting];
  }

  private reasonFor(why: Left): Reason {
    const gist = gistOf(why);
    const reason = this.reasons.get(gist) ?? { why, named: [] };
    this.reasons.set(gist, reason);
    return reason;
  }
}

/** By what a job that was given up is known: a newer job of its id is another one. */
export function hashOf({ jobId, createdAt }: Partial<Pick<Job, 'createdAt'>> & Pick<Job, 'jobId'>): string {
  return jobHash(`${jobId} ${createdAt}`);
}
