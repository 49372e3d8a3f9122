import { type CarriedPatience } from '../deletion/patience';
import type { Occasion, Target } from '../deletion/deletion';
import type { Obstacle } from '../deletion/obstacle';
import type { CarriedWork } from '../deletion/carried-work';
import type { Answer } from './answer';
import type { Event } from './event';
import type { Reading } from './stack-reader';

/**
 * What the waiter's execution holds, and passes to each look. Event, Deadline and Target never change their form, and are
 * never dropped: a newer handler meets the steps of an older one in an update, and an older one those of a newer one in
 * its rollback.
 */
export interface WaiterInput {
  /** As CloudFormation sent it. */
  readonly Event: Event;
  readonly Step: Step;
  /** Looking has failed for good: look once more, then answer. */
  readonly IsLast?: boolean;
}

/** What a look hands to the next: never the response URL. */
export interface Step {
  /** After this nothing is ordered: milliseconds since the epoch. */
  readonly Deadline: number;
  /** The named jobs that are to be deleted; left out until that is decided, and where a filter selects. */
  readonly Target?: Target;
  /** An answer that could not be sent yet: nothing else is left to do. */
  readonly Answer?: Answer;
  readonly Rest?: Rest;
  /** How long the waiter waits before the next look: whole seconds. */
  readonly PauseSeconds?: number;
  /** CloudFormation has its answer: the execution ends. */
  readonly Answered?: true;
}

/** What a look can do without: it is dropped where the format is not known. */
export interface Rest {
  readonly Format: typeof FORMAT;
  /** How many looks there were. */
  readonly Looks: number;
  readonly Reading: Reading;
  readonly Patience?: CarriedPatience;
  /** Why jobs are to be deleted; left out until that is decided. */
  readonly Occasion?: Occasion;
  /** The named jobs that are kept, because the stack still manages them elsewhere: it is said at the end. */
  readonly Claimed?: readonly string[];
  readonly Work?: CarriedWork;
  /** What has kept the look from getting on. */
  readonly Obstacle?: Obstacle;
}

/** Another form of the rest takes another number. */
const FORMAT = 1;

/** Step Functions takes 256 KiB of state; half of that leaves room for what it adds. */
const LARGEST = 128 * 1024;

/** So many jobs are carried at the most: the others are found again. */
const MOST_CARRIED = 1_000;

/** What came with a step; nothing of it where another release has written it. */
export function restOf({ Rest }: Step): Rest {
  return Rest?.Format === FORMAT ? Rest : { Format: FORMAT, Looks: 0, Reading: {} };
}

/** The step to the next look, as small as it must be. @param work what to carry, if so many jobs fit */
export function fitting(event: Event, step: (fits: number) => Step): Step {
  for (let fits = MOST_CARRIED; ; fits = Math.floor(fits / 2)) {
    const candidate = step(fits);
    if (fits === 0 || Buffer.byteLength(JSON.stringify({ Event: event, Step: candidate })) < LARGEST) {
      return candidate;
    }
  }
}
