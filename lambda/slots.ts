import type { Job } from './jobs';

/** So many jobs of an account and region may be in deletion at a time. */
const DELETION_SLOTS = 10;

/** A deletion that was seen to begin. */
interface Begun {
  readonly at: number;
  /** When it was last seen to go on. */
  seenAt: number;
}

/** Of so many of the latest deletions it is remembered how long they took. */
const REMEMBERED = 20;

/** Our own deletions that go on, and what they say about when it is worth looking at the slots again. */
export class Slots {
  private readonly begun = new Map<string, Begun>();
  private readonly durations: number[] = [];

  /** How many of our own jobs are in deletion. */
  get own(): number {
    return this.begun.size;
  }

  get jobIds(): readonly string[] {
    return [...this.begun.keys()];
  }

  begin(jobId: string, now: number): void {
    if (!this.begun.has(jobId)) {
      this.begun.set(jobId, { at: now, seenAt: now });
    }
  }

  /** Takes note of who is in deletion now; what is not, has ended. */
  notice(inDeletion: readonly Job[], now: number): void {
    const ids = new Set(inDeletion.map(({ jobId }) => jobId));
    for (const [jobId, begun] of this.begun) {
      if (ids.has(jobId)) {
        begun.seenAt = now;
      } else {
        this.begun.delete(jobId);
        // It took at least so long: looking for the next one before that would be for nothing.
        this.durations.push(begun.seenAt - begun.at);
      }
    }
    this.durations.splice(0, this.durations.length - REMEMBERED);
  }

  /**
   * How many of those who want a slot may have one. Where strangers are in deletion too, others of theirs may wait: half
   * of what is free is left to them at each look, so that whoever waits gets a turn.
   */
  share(inDeletion: readonly Job[], wanted: number): number {
    const free = Math.max(0, DELETION_SLOTS - inDeletion.length);
    const strangers = inDeletion.some(({ jobId }) => !this.begun.has(jobId));
    return Math.min(wanted, strangers ? Math.ceil(free / 2) : free);
  }

  /** In how many milliseconds one of our deletions may have ended; infinitely many if there is none. */
  nextEnd(now: number): number {
    const shortest = Math.min(...this.durations);
    const waits = [...this.begun.values()].map(({ at }) => {
      const lasted = now - at;
      return lasted < shortest && this.durations.length > 0 ? shortest - lasted : lasted / 20;
    });
    return Math.min(...waits);
  }
}
