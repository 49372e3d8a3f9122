import type { Job } from '../aws/jobs';
import type { Target } from '../deletion/deletion';
import type { Refusal } from '../deletion/patience';
import type { Finder, Seen, SeenJob } from '../search/finder';
import { ofEach } from '../search/of-each';
import type { Claim } from '../search/selection';
import { log } from '../words/log';

/** The named jobs that are there and ours, and those that the stack still manages elsewhere. */
export interface Found {
  readonly target: Target;
  readonly claimed: readonly string[];
  /** Those of the target, as they were described. */
  readonly jobs: readonly SeenJob[];
}

/**
 * Looks at named jobs once: what is there now is what is to be deleted.
 *
 * @param isNewer whether a job was created after the request, or is not the one of an earlier look: it is not ours
 * @param onRefusal told of each job that can't be looked at; without it, the refusal is thrown
 */
export async function findTarget(
  jobIds: readonly string[],
  finder: Finder,
  claims: readonly Claim[],
  isNewer: (job: Job) => boolean,
  onRefusal?: (jobId: string, refusal: Refusal) => void,
): Promise<Found> {
  const target: (readonly [jobId: string, createdAt: number])[] = [];
  const claimed: string[] = [];
  const jobs: SeenJob[] = [];
  const look = async (jobId: string): Promise<Seen & { readonly isClaimed: boolean }> => {
    const { job, seenAt } = await finder.see(jobId);
    return { job, seenAt, isClaimed: job !== undefined && (await finder.isClaimed(job, claims)) };
  };
  for (const { job, seenAt, isClaimed } of await ofEach(jobIds, look, onRefusal)) {
    if (job && isNewer(job)) {
      log({ message: 'a newer job has this id: it is kept', jobId: job.jobId });
    } else if (job && isClaimed) {
      claimed.push(job.jobId);
    } else if (job) {
      target.push([job.jobId, job.createdAt]);
      jobs.push({ job, seenAt });
    }
  }
  // A job may be called __proto__: to set such a key would set none.
  return { target: Object.fromEntries(target), claimed, jobs };
}
