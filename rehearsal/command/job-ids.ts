import { isCovered, isValidId } from '../../lib/job-id';

/** AWS IoT's limit. */
const LENGTH = 64;

/** So many numbers are tried. */
const TRIES = 2_000;

/**
 * Job ids to choose from, all valid: they begin with the prefix, one of the patterns covers them, and where both leave
 * room, they begin with `base`, and end with a number.
 */
export function* jobIds(base: string, prefix: string, patterns: readonly string[]): Generator<string> {
  for (let n = 1; n <= TRIES; n++) {
    for (const pattern of patterns) {
      const id = fitting(base, prefix, pattern, String(n).padStart(2, '0'));
      if (id !== undefined) {
        yield id;
      }
    }
  }
}

function fitting(base: string, prefix: string, pattern: string, number: string): string | undefined {
  const [head = '', ...rest] = pattern.replaceAll('?', '0').split('*');
  const tail = rest.join('');
  const start =
    [base, head + base, head, prefix].find((each) => each.startsWith(prefix) && each.startsWith(head)) ?? '';
  const room = LENGTH - tail.length - number.length;
  const candidates = [start.slice(0, room) + number + tail, start + number + tail, prefix, head];
  return candidates.find((id) => id.startsWith(prefix) && isValidId(id) && isCovered(id, [pattern]));
}
