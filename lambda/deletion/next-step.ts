import { isCovered } from '../../lib/job-id';
import type { Job } from '../aws/jobs';
import type { Deletion } from './deletion';
import type { Left } from './left';

/** What to do next about a job that is to be deleted. */
export type Step =
  | { readonly do: 'wait'; readonly for: Left }
  | { readonly do: 'DescribeJob' | 'CancelJob' }
  | { readonly do: 'DeleteJob'; readonly namespaceId?: string }
  | { readonly do: 'give up'; readonly because: Left };

/** Namespaces that begin like this are AWS's own: an AWS IoT Greengrass deployment is such a job. */
const RESERVED = 'aws-';

/**
 * One look at a job decides one step. Nothing is remembered between two looks, so that it does not matter from which
 * state a deletion starts, how often, or after which crash.
 *
 * A job that only a list has shown may wait for a slot; whatever else is to be done with it, it must be described first.
 */
export function nextStep(deletion: Deletion, job: Job, patterns: readonly string[]): Step {
  const { cancelFirst, force } = deletion;
  const { status, details } = job;
  if (status === 'DELETION_IN_PROGRESS') {
    return { do: 'wait', for: { kind: 'in deletion' } };
  }
  if (!mayTouch(deletion, job.jobId, patterns)) {
    return { do: 'give up', because: { kind: 'outside patterns', patterns } };
  }
  const isActive = status === 'IN_PROGRESS' || status === 'SCHEDULED';
  if (!details) {
    return isActive && (cancelFirst || !force) ? { do: 'DescribeJob' } : { do: 'DeleteJob' };
  }
  if (details.namespaceId?.startsWith(RESERVED)) {
    return { do: 'give up', because: { kind: 'reserved', namespaceId: details.namespaceId } };
  }
  const namespaceId = details.namespaceId ?? deletion.namespaceId;
  if (deletion.namespaceId !== undefined && namespaceId !== deletion.namespaceId) {
    return { do: 'give up', because: { kind: 'other namespace', actual: namespaceId! } };
  }
  switch (status) {
    case 'COMPLETED':
      return { do: 'DeleteJob', namespaceId };
    case 'CANCELED': {
      const told = cancelFirst ? toldTo(details, force) : undefined;
      return told ? { do: 'wait', for: told } : { do: 'DeleteJob', namespaceId };
    }
    case 'IN_PROGRESS':
    case 'SCHEDULED':
      if (cancelFirst) {
        return { do: 'CancelJob' };
      }
      return force ? { do: 'DeleteJob', namespaceId } : { do: 'give up', because: { kind: 'active', status } };
    default:
      // AWS may add states: one that is not known here is left to itself until the deadline, and named then.
      status satisfies never;
      return { do: 'wait', for: { kind: 'status', status: String(status) } };
  }
}

/** `cancelFirst` means that devices are told: what is still missing for that. CancelJob without force spares executions in progress. */
function toldTo({ isConcurrent, executionsInProgress }: NonNullable<Job['details']>, force: boolean): Left | undefined {
  if (isConcurrent) {
    return { kind: 'cancellation in progress' };
  }
  return force || executionsInProgress === 0
    ? undefined
    : { kind: 'executions in progress', count: executionsInProgress };
}

/**
 * Whether the patterns allow the job. What a resource names itself was checked when it was created, IAM binds it too, and
 * narrower patterns must not keep it from going; but no policy of ours binds what is done as a role of another account.
 */
function mayTouch(deletion: Deletion, jobId: string, patterns: readonly string[]): boolean {
  const isNamed = !('filter' in deletion.selection);
  return (isNamed && deletion.place.assumeRole === undefined) || isCovered(jobId, patterns);
}
