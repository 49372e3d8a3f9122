/** The waiter's pause, in seconds. */
const SHORTEST = 1;
const LONGEST = 15;

/** A guess how long a deletion takes may delay the next look so long, in milliseconds. */
const TRUSTED = 3_000;

/**
 * How long the waiter waits: a twentieth of the time since the request, so that what has taken long is looked at seldom.
 * Whole seconds, from 1 to 15: about 290 looks in 58 minutes, far from the 25,000 events of an execution.
 *
 * @param kind what is waited for: a service that was silent, with growing and random pauses, because many may have asked
 * it at the same time; a job; or the jobs of a sweep, which must not miss the end of a deletion
 * @param expected in how many milliseconds something may have changed
 * @param elapsed since the request, in milliseconds
 * @param left until the deadline, in milliseconds
 */
export function pauseSeconds(
  kind: 'undecided' | 'job' | 'sweep',
  expected: number,
  elapsed: number,
  left: number,
  random: number,
): number {
  const seconds = wanted(kind, expected, elapsed, random) / 1000;
  const latest = Math.max(SHORTEST, Math.ceil(left / 1000));
  return Math.min(latest, LONGEST, Math.max(SHORTEST, Math.floor(seconds)));
}

function wanted(kind: 'undecided' | 'job' | 'sweep', expected: number, elapsed: number, random: number): number {
  const twentieth = elapsed / 20;
  switch (kind) {
    case 'undecided':
      return Math.max(1_000, 4 * twentieth) * (0.5 + 2 * random);
    case 'job':
      return Math.max(twentieth, Math.min(expected, TRUSTED));
    case 'sweep':
      return Math.min(twentieth, expected);
    default:
      return kind satisfies never;
  }
}
