import type { Properties } from './properties';

/** Why a job is to be deleted: it decides what the reader of a failure is told to do. */
export type Occasion =
  /** The stack is being deleted. */
  | 'stack deletion'
  /** An update replaced or removed the resource; CloudFormation tries three times, then forgets it. */
  | 'clean-up'
  /** The user changed `revision`: the resource stays. */
  | 'revision';

/** One deletion, from the event that asked for it to its end. */
export interface Deletion extends Pick<
  Properties,
  'jobId' | 'force' | 'namespaceId' | 'cancelFirst' | 'timeoutSeconds'
> {
  readonly occasion: Occasion;
  readonly stackId: string;
  /** When the first event arrived, in milliseconds since the epoch: the deadline counts from here. */
  readonly startedAt: number;
  /** When the job was created that is to be deleted, in milliseconds since the epoch: another one is not ours. */
  readonly createdAt: number;
}

/** What is known of a deletion when a call is made for it: before the decision, that is not all. */
export interface Order extends Pick<Deletion, 'jobId' | 'stackId'>, Partial<Pick<Deletion, 'force' | 'namespaceId'>> {
  /** `undecided`: a Delete event of which it is not known yet what it belongs to. Left out: nothing is to be deleted. */
  readonly occasion?: Occasion | 'undecided';
}

/** What onEvent decided: all that reaches isComplete, because the framework passes on what onEvent returned. */
export type Decision = { readonly nothing: string } | { readonly deletion: Deletion };
