import type { NewJob } from '../../local';
import type { Deletion } from './deletions';
import type { JobPlace } from './places';

/** A job in a place, made or about to be. */
export interface PlacedJob {
  readonly job: NewJob;
  readonly at: JobPlace;
}

/** Whether a deletion selects a job, told from what the job was made of. */
export function selects({ selection, at: place }: Deletion, { job, at }: PlacedJob): boolean {
  if (place?.iot !== at.iot) {
    return false;
  }
  if ('job' in selection) {
    return selection.job === job.jobId;
  }
  if ('jobs' in selection) {
    return selection.jobs.includes(job.jobId);
  }
  const { jobIdPrefix = '', thingGroupName, targetSelection, statuses, namespaceId, tags = {} } = selection.filter;
  const group = thingGroupName === undefined ? undefined : at.iot.thingGroup(thingGroupName)?.thingGroupArn;
  return (
    job.jobId.startsWith(jobIdPrefix) &&
    (thingGroupName === undefined || (group !== undefined && (job.targets ?? []).includes(group))) &&
    (targetSelection === undefined || (job.targetSelection ?? 'SNAPSHOT') === targetSelection) &&
    (statuses?.includes(job.status!) ?? true) &&
    (namespaceId === undefined || job.namespaceId === namespaceId) &&
    Object.entries(tags).every(([key, value]) => job.tags?.get(key) === value)
  );
}
