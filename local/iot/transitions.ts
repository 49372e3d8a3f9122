import { invalidRequest, invalidStateTransition, notFound } from './errors';
import type { JobState } from './job';

/** Fails as CancelJob does when the job's status does not allow it. */
export function requireCancellable({ jobId, status }: JobState): void {
  switch (status) {
    case 'DELETION_IN_PROGRESS':
    case 'COMPLETED':
    case 'CANCELED':
      // CancelJob's model has no InvalidStateTransitionException.
      throw invalidRequest(`Job ${jobId} is ${status} and cannot be canceled.`);
    case 'SCHEDULED':
    case 'IN_PROGRESS':
      return;
    default:
      status satisfies never;
  }
}

/** Fails as UpdateJob does when there is nothing left to update. */
export function requireUpdatable({ jobId, status }: JobState): void {
  if (status === 'DELETION_IN_PROGRESS') {
    throw invalidRequest(`Job ${jobId} is in DELETION_IN_PROGRESS and cannot be updated.`);
  }
}

/** How DeleteJob is asked. */
export interface HowToDelete {
  readonly force?: boolean;
  readonly namespaceId?: string;
}

/**
 * Fails as DeleteJob does when the job's status does not allow it.
 *
 * What AWS does with another namespace than the job's is not documented. Here a job that has one must be asked for with
 * it, which is the strictest that is known of; with a job that has none, any goes.
 */
export function requireDeletable({ jobId, status, namespaceId }: JobState, how: HowToDelete): void {
  if (namespaceId !== undefined && how.namespaceId !== namespaceId) {
    const asked = how.namespaceId === undefined ? 'no namespace' : `namespace ${how.namespaceId}`;
    throw notFound(`The request is for job ${jobId} in ${asked}, but that job is in namespace ${namespaceId}.`);
  }
  switch (status) {
    case 'DELETION_IN_PROGRESS':
      throw invalidStateTransition(`Job ${jobId} is already in DELETION_IN_PROGRESS.`);
    case 'SCHEDULED':
    case 'IN_PROGRESS':
      if (how.force !== true) {
        throw invalidStateTransition(
          `Job ${jobId} is ${status}: without force, only a job that is COMPLETED or CANCELED can be deleted.`,
        );
      }
      return;
    case 'COMPLETED':
    case 'CANCELED':
      return;
    default:
      status satisfies never;
  }
}
