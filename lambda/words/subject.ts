import type { Home, Place } from '../aws/place';
import type { Occasion } from '../deletion/deletion';

/** What a message is about: as much as is known of it. */
export interface Subject {
  /** Left out: several jobs. */
  readonly jobId?: string;
  readonly place: Place;
  readonly home: Home;
  readonly force?: boolean;
  readonly namespaceId?: string;
  /**
   * `undecided`: a Delete event of which it is not known yet what it belongs to. `unreadable`: nor what it selects. Left
   * out: nothing is to be deleted.
   */
  readonly occasion?: Occasion | 'undecided' | 'unreadable';
}
