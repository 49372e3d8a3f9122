import { JobStatus } from '@aws-sdk/client-iot';
import type { Job } from './jobs';
import type { Deletion } from './decision';

/** What to do next about a job that is to be deleted. */
export type Step =
  | { readonly do: 'done'; readonly because: string }
  | { readonly do: 'wait'; readonly for: string }
  | { readonly do: 'CancelJob' }
  | { readonly do: 'DeleteJob'; readonly namespaceId?: string }
  | { readonly do: 'give up'; readonly because: 'job is active' | 'other namespace' };

/**
 * One look at the job decides one step. Nothing is remembered between two looks, so that it does not matter from
 * which state a deletion starts, how often, or after which crash.
 */
export function nextStep(deletion: Deletion, job: Job | undefined): Step {
  if (!job) {
    return { do: 'done', because: 'AWS IoT no longer knows the job' };
  }
  if (job.createdAt !== deletion.createdAt) {
    return { do: 'done', because: 'a newer job has the id now; it is not ours to delete' };
  }
  if (job.status === JobStatus.DELETION_IN_PROGRESS) {
    return { do: 'wait', for: 'the deletion to end' };
  }
  if (deletion.namespaceId !== undefined && deletion.namespaceId !== job.namespaceId) {
    return { do: 'give up', because: 'other namespace' };
  }
  const deleteJob: Step = { do: 'DeleteJob', namespaceId: job.namespaceId };
  switch (job.status) {
    case JobStatus.COMPLETED:
      return deleteJob;
    case JobStatus.CANCELED:
      // CancelJob without force spares executions in progress, though the job shows CANCELED already.
      return deletion.cancelFirst && !deletion.force && job.executionsInProgress > 0
        ? { do: 'wait', for: `${job.executionsInProgress} executions in progress to end` }
        : deleteJob;
    case JobStatus.IN_PROGRESS:
    case JobStatus.SCHEDULED:
      if (deletion.cancelFirst) {
        return { do: 'CancelJob' };
      }
      return deletion.force ? deleteJob : { do: 'give up', because: 'job is active' };
    default:
      // AWS may add states: one that is not known here is left to itself until the deadline, and named then.
      job.status satisfies never;
      return { do: 'wait', for: `the unknown status ${String(job.status)} to pass` };
  }
}
