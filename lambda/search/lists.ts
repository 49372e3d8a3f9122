import type { JobStatus, ListJobsRequest } from '@aws-sdk/client-iot';
import type { Sure } from './finder';
import type { JobFilter } from './selection';

/** A list of jobs to read, page by page, and what it leaves no doubt about. */
export interface List {
  readonly request: ListJobsRequest;
  readonly sure: Sure;
}

/**
 * The statuses that a filter may name, in the order of a job's life. A job in deletion no longer shows the one that it
 * was selected by. A life is not a line: IN_PROGRESS goes back to SCHEDULED when a maintenance window ends.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/iot-jobs-lifecycle.html
 */
export const LIFE = ['SCHEDULED', 'IN_PROGRESS', 'CANCELED', 'COMPLETED'] as const;

/**
 * The lists that a look at all matching jobs must read, in this order.
 *
 * Where one list serves, nothing can move between lists. Where several are needed, they are read in the order of a job's
 * life, so that a job that moves on is met later, and SCHEDULED once more at the end. Jobs in deletion no longer show the
 * status that they were selected by; they come last.
 */
export function listsFor({ thingGroupName, targetSelection, namespaceId, statuses }: JobFilter): readonly List[] {
  const narrow = { targetSelection, namespaceId } as ListJobsRequest;
  const namespace = namespaceId !== undefined;
  const ofGroup = (status?: JobStatus): List => ({
    request: { ...narrow, status, thingGroupName },
    sure: { thingGroup: thingGroupName !== undefined, namespace },
  });
  // A guess: the list under a thing group leaves out what is SCHEDULED, whose targets are not resolved yet.
  const scheduled: List = { request: { ...narrow, status: 'SCHEDULED' }, sure: { thingGroup: false, namespace } };
  if (!statuses) {
    return thingGroupName === undefined ? [ofGroup()] : [scheduled, ofGroup(), scheduled];
  }
  const inOrder = LIFE.filter((status) => statuses.includes(status));
  const lists = inOrder.map((status) => (status === 'SCHEDULED' ? scheduled : ofGroup(status)));
  const again = inOrder[0] === 'SCHEDULED' && inOrder.length > 1 ? [scheduled] : [];
  return [...lists, ofGroup('DELETION_IN_PROGRESS'), ...again];
}
