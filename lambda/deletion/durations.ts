/** Of so many of the latest deletions it is remembered how long they took. */
const REMEMBERED = 20;

/**
 * How long deletions have taken, while the function stays warm: looking for the end of the next one before that would be
 * for nothing. Only a guess hangs on it, never a decision.
 */
export class Durations {
  private readonly latest: number[] = [];

  /** The shortest of the latest, in milliseconds; 0 when nothing is known. */
  get shortest(): number {
    return this.latest.length === 0 ? 0 : Math.min(...this.latest);
  }

  /** The mean of the latest, in milliseconds; 0 when nothing is known. */
  get typical(): number {
    return this.latest.length === 0 ? 0 : this.latest.reduce((sum, each) => sum + each, 0) / this.latest.length;
  }

  /** A deletion that began at `at` and was last seen to go on at `seenAt`, if at all, has ended until now. */
  add(at: number, seenAt: number | undefined, now: number): void {
    // It took at least as long as it was seen. If it never was, it may have been quicker: look a little sooner next time.
    this.latest.push(seenAt === undefined ? (now - at) * 0.9 : seenAt - at);
    this.latest.splice(0, this.latest.length - REMEMBERED);
  }
}
