import { isCovered } from '../../lib/job-id';
import type { DeletionSpec, SelectionSpec, StackSpec } from './program';

/** One life of a job id, with what it can be selected by. */
export interface Life {
  readonly jobId: string;
  readonly createdAt: number;
  readonly namespaceId?: string;
  readonly tagged: boolean;
  readonly grouped: boolean;
}

/** What a stack has that deletes jobs: a deletion or a sweep, as the model sees it. */
export interface Resource {
  /** The construct's id. */
  readonly id: string;
  readonly selection: SelectionSpec;
  readonly spec: DeletionSpec;
  /** Infinity for what is named. */
  readonly maxJobs: number;
  readonly patterns: readonly string[];
}

/** What a stack's template says. */
export function resourcesOf({ patterns, deletions, token, tokenId, sweep }: StackSpec): readonly Resource[] {
  const all: Resource[] = Object.entries(deletions).map(([jobId, spec]) => ({
    id: jobId === token ? tokenId : jobId,
    selection: { jobIds: [jobId] },
    spec,
    maxJobs: Infinity,
    patterns,
  }));
  if (!sweep) {
    return all;
  }
  const { id, selection } = sweep;
  const maxJobs = 'jobIds' in selection ? Infinity : sweep.maxJobs;
  return [...all, { id, selection, spec: sweep, maxJobs, patterns }];
}

/** Whether it is named, so that a newer job with the same id is another one. */
export function names({ selection }: Resource): boolean {
  return 'jobIds' in selection;
}

/** Whether a resource has a job, while its provider has these patterns: of a job outside it can't read the tags. */
export function selects({ selection, spec, patterns }: Resource, life: Life, inForce = patterns): boolean {
  if (life.namespaceId?.startsWith('aws-')) {
    // AWS's own.
    return false;
  }
  if ('jobIds' in selection) {
    return selection.jobIds.includes(life.jobId);
  }
  const { prefix = '', app, grouped } = selection;
  return (
    life.jobId.startsWith(prefix) &&
    (app === undefined || (life.tagged && isCovered(life.jobId, inForce))) &&
    (grouped === undefined || life.grouped) &&
    (spec.namespaceId === undefined || life.namespaceId === spec.namespaceId)
  );
}

/** Whether two are the same resource for CloudFormation: the same construct, with the same jobs. */
export function isSame(one: Resource, other: Resource): boolean {
  return one.id === other.id && identity(one) === identity(other);
}

/** What another physical id comes from. */
function identity({ selection, spec }: Resource): string {
  return JSON.stringify('jobIds' in selection ? selection : [selection, spec.namespaceId]);
}

/** Whether what CloudFormation reports under this logical id is said of the resource: it ends with the construct's id and a hash. */
export function isLogicalId(logicalId: string, { id }: Resource): boolean {
  return logicalId.slice(0, -8).endsWith(id.replaceAll('-', ''));
}
