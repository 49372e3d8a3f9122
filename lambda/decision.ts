import type { JobFilter, Place } from './properties';

/** Why jobs are to be deleted: it decides what the reader of a failure is told to do. */
export type Occasion =
  /** The stack is being deleted. */
  | 'stack deletion'
  /** An update replaced or removed the resource; CloudFormation tries three times, then forgets it. */
  | 'clean-up'
  /** The user changed `revision`: the resource stays. */
  | 'revision';

/** Which jobs are to be deleted, as they were seen when it was decided. */
export type Target =
  /** The job of a `JobDeletion`. Times are in milliseconds since the epoch: a job created at another is not ours. */
  | { readonly job: string; readonly createdAt: number }
  /** The jobs of a `JobSweep` that names them, each with when it was created. */
  | { readonly jobs: Readonly<Record<string, number>> }
  /** Whatever matches: then the selection says what is ours, not the moment of creation. */
  | { readonly filter: JobFilter };

/** One deletion, from the event that asked for it to its end. */
export interface Deletion {
  readonly target: Target;
  readonly place: Place;
  readonly force: boolean;
  readonly namespaceId?: string;
  readonly cancelFirst: boolean;
  readonly timeoutSeconds: number;
  readonly occasion: Occasion;
  readonly stackId: string;
  readonly logicalId: string;
  /** When the first event arrived, in milliseconds since the epoch: the deadline counts from here. */
  readonly startedAt: number;
  /** How many jobs there were then, and how many of those named were not there any more. */
  readonly found: number;
  readonly alreadyGone: number;
  /** Selections of other resources of the stack: what belongs to those too must live. */
  readonly claimed: readonly Claim[];
}

/** What another resource of the stack holds on to. */
export type Claim = { readonly jobs: readonly string[] } | { readonly filter: JobFilter };

/** What is known of a deletion when a call is made for it: before the decision, that is not all. */
export interface Order {
  /** Left out: the call is for several jobs. */
  readonly jobId?: string;
  readonly stackId: string;
  readonly place: Place;
  readonly force?: boolean;
  readonly namespaceId?: string;
  /** `undecided`: a Delete event of which it is not known yet what it belongs to. Left out: nothing is to be deleted. */
  readonly occasion?: Occasion | 'undecided';
}

/** What onEvent decided: all that reaches isComplete, because the framework passes on what onEvent returned. */
export type Decision = { readonly nothing: string } | { readonly deletion: Deletion };
