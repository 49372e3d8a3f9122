import type { Selection } from '../search/selection';
import type { Obstacle } from './obstacle';

/** Why a job is not deleted. Plain data: it is carried from one look to the next. */
export type Left =
  | { readonly kind: 'active'; readonly status: string }
  | { readonly kind: 'other namespace'; readonly actual: string }
  | { readonly kind: 'outside patterns'; readonly patterns: readonly string[] }
  /** AWS's own: nobody else can delete it. A sweep reports it, and does not fail for it. */
  | { readonly kind: 'reserved'; readonly namespaceId: string }
  | { readonly kind: 'untagged'; readonly tag: string }
  /** How many is left out where it is said of several jobs. */
  | { readonly kind: 'executions in progress'; readonly count?: number }
  /** CancelJob was accepted, and the devices are still being told. */
  | { readonly kind: 'cancellation in progress' }
  | { readonly kind: 'in deletion' }
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  /** Ten jobs are in deletion, as the list of them says. */
  | { readonly kind: 'no slot' }
  /** It ended early, because so many others can't be deleted. */
  | { readonly kind: 'not tried' };

/** That a call on one job met an obstacle. On which, the job itself says: so many jobs have the same reason. */
export function obstructedBy(obstacle: Obstacle): Left {
  return { kind: 'obstacle', obstacle: { ...obstacle, resource: '' } };
}

/** Whether the job is not ours to delete: then it is kept, and nothing fails for it. */
export function isNotOurs({ kind }: Left, selection: Selection): boolean {
  return kind === 'untagged' || (kind === 'reserved' && 'filter' in selection);
}

/** What makes two reasons one: a service says something else of each job, and devices are counted for each. */
export function gistOf(why: Left): string {
  switch (why.kind) {
    case 'obstacle':
      return JSON.stringify([why.kind, why.obstacle.kind, why.obstacle.action]);
    case 'executions in progress':
      return why.kind;
    default:
      return JSON.stringify(why);
  }
}

/** Jobs that are left for the same reason. Of many, the first few are named. */
export interface LeftJobs {
  readonly why: Left;
  readonly count: number;
  readonly named: readonly string[];
}

/** Of many jobs, so many are named; the rest is counted. */
export const NAMED = 3;

/**
 * Groups jobs by the reason for which they are left.
 *
 * @param unnamed so many more, of which only the number is known
 */
export function grouped(
  left: Iterable<readonly [jobId: string, why: Left]>,
  unnamed: Pick<LeftJobs, 'why' | 'count'>,
): readonly LeftJobs[] {
  const groups = new Map<string, { why: Left; count: number; named: string[] }>();
  for (const [jobId, why] of left) {
    const key = gistOf(why);
    const group = groups.get(key) ?? { why, count: 0, named: [] };
    groups.set(key, group);
    group.count += 1;
    if (group.named.length < NAMED) {
      group.named.push(jobId);
    }
  }
  if (unnamed.count > 0) {
    const key = gistOf(unnamed.why);
    const { count, named } = groups.get(key) ?? { count: 0, named: [] };
    groups.set(key, { why: unnamed.why, count: count + unnamed.count, named });
  }
  return [...groups.values()];
}
