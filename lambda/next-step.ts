import { isCovered } from '../lib/job-id';
import type { Deletion } from './decision';
import type { Job } from './jobs';
import type { Left } from './left';

/** What to do next about a job that is to be deleted. */
export type Step =
  | { readonly do: 'wait'; readonly for: Left }
  | { readonly do: 'DescribeJob' | 'CancelJob' }
  | { readonly do: 'DeleteJob'; readonly namespaceId?: string }
  | { readonly do: 'give up'; readonly because: Left };

/**
 * One look at a job decides one step. Nothing is remembered between two looks, so that it does not matter from which
 * state a deletion starts, how often, or after which crash.
 */
export function nextStep(deletion: Deletion, job: Job, patterns: readonly string[]): Step {
  const { status, details } = job;
  if (status === 'DELETION_IN_PROGRESS') {
    return { do: 'wait', for: { kind: 'in deletion' } };
  }
  // What was named was checked when it was named; and narrower patterns must not keep it from going.
  if ('filter' in deletion.target && !isCovered(job.jobId, patterns)) {
    return { do: 'give up', because: { kind: 'outside patterns', patterns } };
  }
  // A list that was asked for one namespace has no other jobs.
  const listed = 'filter' in deletion.target ? deletion.target.filter.namespaceId : undefined;
  if (deletion.namespaceId !== undefined && listed === undefined) {
    if (!details) {
      return { do: 'DescribeJob' };
    }
    if (details.namespaceId !== deletion.namespaceId) {
      return { do: 'give up', because: { kind: 'other namespace', actual: details.namespaceId } };
    }
  }
  const deleteJob: Step = { do: 'DeleteJob', namespaceId: details ? details.namespaceId : listed };
  switch (status) {
    case 'COMPLETED':
      return deleteJob;
    case 'CANCELED':
      // CancelJob without force spares executions in progress, though the job shows CANCELED already.
      if (deletion.cancelFirst && !deletion.force) {
        if (!details) {
          return { do: 'DescribeJob' };
        }
        if (details.executionsInProgress > 0) {
          return { do: 'wait', for: { kind: 'executions in progress', count: details.executionsInProgress } };
        }
      }
      return deleteJob;
    case 'IN_PROGRESS':
    case 'SCHEDULED':
      if (deletion.cancelFirst) {
        return { do: 'CancelJob' };
      }
      return deletion.force ? deleteJob : { do: 'give up', because: { kind: 'active', status } };
    default:
      // AWS may add states: one that is not known here is left to itself until the deadline, and named then.
      status satisfies never;
      return { do: 'wait', for: { kind: 'status', status: String(status) } };
  }
}
