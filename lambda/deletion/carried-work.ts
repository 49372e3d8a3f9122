import type { Job, JobDetails } from '../aws/jobs';
import type { CarriedPass } from '../search/pass';
import type { CarriedGivenUp } from './backlog';
import type { Left } from './left';
import type { CarriedSlot } from './slots';

/** Where a deletion stands: all that the next look needs, as plain data. */
export interface CarriedWork {
  /** How many jobs there were to delete. */
  readonly found: number;
  /** Whether all matching jobs were counted: before that nothing is ordered. */
  readonly isCounted: boolean;
  /** Until then: hashes of those that were counted, one behind the other. */
  readonly counted?: string;
  /** How many of them need nothing any more: they are gone, or match no more. */
  readonly settled: number;
  /** When the last of our deletions ended, in milliseconds. */
  readonly lastEndAt: number;
  readonly pass?: CarriedPass;
  /** How many passes in a row met nothing, but took too long. */
  readonly longPasses: number;
  /** Whether more jobs wait than those that are carried. */
  readonly isCut: boolean;
  readonly waiting: readonly CarriedWaiting[];
  readonly slots: readonly CarriedSlot[];
  readonly givenUp: readonly CarriedGivenUp[];
  /** Whether a slot was refused once: then it is looked for before it is asked for. */
  readonly isCrowded: boolean;
  /** How long jobs have waited while others held slots, in milliseconds. */
  readonly waitedForSlot: number;
  readonly waitingSince?: number;
  /** The namespace in which DescribeJob has shown the one job of a deletion. */
  readonly namespaceId?: string;
}

/**
 * A job that waits: its status where a list must not be read for it, what it waits for where that is no slot, and how and
 * when it was described, where only the order for it was throttled. Not on what it is targeted: that may be long.
 */
export type CarriedWaiting = readonly [
  jobId: string,
  createdAt: number,
  status?: Job['status'] | null,
  why?: Left,
  described?: readonly [details: JobDetails, seenAt: number],
];
