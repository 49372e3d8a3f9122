import type { Job } from '../aws/jobs';
import type { Durations } from './durations';

/** So many jobs of an account and region may be in deletion at a time. */
export const DELETION_SLOTS = 10;

/** A deletion of ours. */
interface Own {
  /** When the job was created. */
  readonly createdAt: number;
  readonly at: number;
  /** When it was last seen to go on, if it was. */
  seenAt?: number;
  /** Whether it began at that time, or was only found then. */
  readonly sinceItsBeginning: boolean;
}

/** A deletion of ours, as it is carried from one look to the next. */
export type CarriedSlot = readonly [jobId: string, createdAt: number, at: number, sinceItsBeginning: boolean];

/** Who is in deletion: which of them are ours, and when it is worth looking again. */
export class Slots {
  private readonly begun = new Map<string, Own>();
  private strangers = 0;

  constructor(
    private readonly durations: Durations,
    carried: readonly CarriedSlot[] = [],
  ) {
    for (const [jobId, createdAt, at, sinceItsBeginning] of carried) {
      this.begun.set(jobId, { createdAt, at, sinceItsBeginning });
    }
  }

  /** What is to be carried of it to the next look. */
  get carried(): readonly CarriedSlot[] {
    return [...this.begun].map(([jobId, { createdAt, at, sinceItsBeginning }]) => [
      jobId,
      createdAt,
      at,
      sinceItsBeginning,
    ]);
  }

  /** How many of our own jobs are in deletion. */
  get own(): number {
    return this.begun.size;
  }

  get jobIds(): readonly string[] {
    return [...this.begun.keys()];
  }

  /** When the job of a deletion of ours was created. */
  createdAt(jobId: string): number | undefined {
    return this.begun.get(jobId)?.createdAt;
  }

  /** When the last of our deletions was ordered; infinitely long ago if none was. */
  get orderedAt(): number {
    return Math.max(
      ...[...this.begun.values()].map(({ at, sinceItsBeginning }) => (sinceItsBeginning ? at : -Infinity)),
    );
  }

  /** How many others were in deletion at the last look. */
  get others(): number {
    return this.strangers;
  }

  /** One of ours is in deletion. */
  begin(jobId: string, createdAt: number, now: number, sinceItsBeginning: boolean): void {
    if (!this.begun.has(jobId)) {
      this.begun.set(jobId, { createdAt, at: now, sinceItsBeginning });
    }
  }

  /** Takes note of everybody who is in deletion now. @returns ours that are not: they have ended */
  notice(inDeletion: readonly Job[], now: number): readonly (readonly [jobId: string, createdAt: number])[] {
    const ended: (readonly [string, number])[] = [];
    const ids = new Set(inDeletion.map(({ jobId }) => jobId));
    this.strangers = inDeletion.filter(({ jobId }) => !this.begun.has(jobId)).length;
    for (const [jobId, { createdAt, at, seenAt, sinceItsBeginning }] of this.begun) {
      if (ids.has(jobId)) {
        this.begun.set(jobId, { createdAt, at, seenAt: now, sinceItsBeginning });
        continue;
      }
      this.begun.delete(jobId);
      ended.push([jobId, createdAt]);
      if (sinceItsBeginning) {
        this.durations.add(at, seenAt, now);
      }
    }
    return ended;
  }

  /**
   * How many of those who want a slot may have one. Where strangers are in deletion too, others of theirs may wait: half
   * of what is free is left to them at each look, so that whoever waits gets a turn.
   */
  share(wanted: number): number {
    const free = Math.max(0, DELETION_SLOTS - this.begun.size - this.strangers);
    return Math.min(wanted, this.strangers > 0 ? Math.ceil(free / 2) : free);
  }

  /** In how many milliseconds one of our deletions may have ended; infinitely many if there is none. */
  nextEnd(now: number): number {
    const { shortest } = this.durations;
    const waits = [...this.begun.values()].map(({ at, sinceItsBeginning }) => {
      const lasted = now - at;
      if (sinceItsBeginning && lasted < shortest) {
        return shortest - lasted;
      }
      // What takes long is looked at seldom: a twentieth of the time that it has taken is no great loss. But where others
      // have ended is where this one is likely to end, and then each of a hundred rows of ten would lose that.
      return Math.min(lasted / 20, sinceItsBeginning ? lasted - shortest : Infinity);
    });
    return Math.min(...waits);
  }
}
