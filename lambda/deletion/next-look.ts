import type { DeletionContext } from './context';
import { isSingle } from './deletion';

/** What only a device or a stranger can end is looked at so often, in milliseconds. */
const SECOND = 1_000;

/** The pauses between two looks at our own deletions, and what each stranger's adds to the shortest. */
const SHORTEST = 250;
const CROWDED = 100;

/** One job is not looked at sooner after DeleteJob, in milliseconds: many are deleted at the same time, each by itself. */
const FIRST_LOOK = 2_000;

/** In how many milliseconds something may have changed. With jitter, because many deletions start together. */
export function untilNextLook({ backlog, calls, clock, deletion, slots }: DeletionContext): number {
  const now = clock.now();
  const jitter = (0.75 + clock.random() / 2) * calls.congestion;
  const { own, others } = slots;
  // A slot comes free when a stranger's deletion ends, or one of ours, which is looked for below.
  const turn = backlog.nextTurn(now, own === 0 || others > 0 ? SECOND * jitter : Infinity);
  if (own === 0) {
    return turn;
  }
  // Strangers in deletion have somebody who looks for them too, at the same call rate.
  const ordered = isSingle(deletion) ? slots.orderedAt : -Infinity;
  const shortest = Math.max((SHORTEST + CROWDED * others) * jitter, ordered + FIRST_LOOK - now);
  return Math.min(turn, Math.max(shortest, slots.nextEnd(now)));
}
