import type { Home, Place } from '../aws/place';
import type { Claim, Selection } from '../search/selection';
import type { Subject } from '../words/subject';

/** Why jobs are to be deleted: it decides what the reader of a failure is told to do. */
export type Occasion =
  /** The stack is being deleted. */
  | 'stack deletion'
  /** A failed create or update is being rolled back, and `deleteOnRollback` is set. */
  | 'rollback'
  /** An update replaced or removed the resource; CloudFormation tries three times, then forgets it. */
  | 'clean-up'
  /** The user changed `revision`: the resource stays. */
  | 'revision';

/** Whether it holds to the end, whatever becomes of other resources: nobody holds on to a job while its stack goes. */
export function isLasting(occasion: Occasion): boolean {
  return occasion === 'stack deletion';
}

/** The named jobs that are to be deleted, each with when it was created, in milliseconds: a newer one is not ours. */
export type Target = Readonly<Record<string, number>>;

/** One deletion: what was asked for, and what was decided about it. */
export interface Deletion {
  readonly selection: Selection;
  /** Left out where a filter selects: then the filter says what is ours, not the moment of creation. */
  readonly target?: Target;
  readonly place: Place;
  readonly home: Home;
  readonly force: boolean;
  readonly namespaceId?: string;
  readonly cancelFirst: boolean;
  /** A job without this tag is not ours: it is kept. */
  readonly requiredTag?: { readonly key: string; readonly value: string };
  readonly timeoutSeconds: number;
  readonly maxJobs: number;
  readonly occasion: Occasion;
  readonly stackId: string;
  readonly logicalId: string;
  /** When CloudFormation asked, in milliseconds since the epoch. */
  readonly requestedAt: number;
  /** After this nothing is ordered. */
  readonly deadline: number;
  /** Selections of other resources of the stack: what belongs to those too is kept. */
  readonly claims: readonly Claim[];
}

/** Whether it is for the one job of a `JobDeletion`: whatever is said of that is the answer. */
export function isSingle({ selection }: Pick<Deletion, 'selection'>): boolean {
  return 'job' in selection;
}

/** What messages about a deletion are about. */
export function subjectOf({ selection, place, home, force, namespaceId, occasion }: Deletion): Subject {
  return { jobId: 'job' in selection ? selection.job : undefined, place, home, force, namespaceId, occasion };
}
