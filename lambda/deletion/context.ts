import type { Clock } from '../aws/clock';
import type { Jobs } from '../aws/jobs';
import type { Finder } from '../search/finder';
import type { Backlog } from './backlog';
import type { Calls } from './calls';
import type { Deletion } from './deletion';
import type { Slots } from './slots';
import type { Tally } from './tally';

/** What the parts of a deletion have in common. */
export interface DeletionContext {
  readonly deletion: Deletion;
  readonly jobs: Jobs;
  readonly patterns: readonly string[];
  readonly clock: Clock;
  readonly calls: Calls;
  /** Throws where orders may not be sent any more. Asked before each round of orders. */
  readonly permit: () => Promise<void>;
  readonly finder: Finder;
  readonly backlog: Backlog;
  readonly slots: Slots;
  readonly tally: Tally;
}
