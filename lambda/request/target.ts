import type { Job } from '../aws/jobs';
import type { Target } from '../deletion/deletion';
import type { Finder } from '../search/finder';
import type { Claim } from '../search/selection';
import { log } from '../words/log';

/** The named jobs that are there and ours, and those that the stack still manages elsewhere. */
export interface Found {
  readonly target: Target;
  readonly claimed: readonly string[];
  /** Those of the target, as they were described. */
  readonly jobs: readonly Job[];
}

/** Looks at named jobs once: what is there now is what is to be deleted. One that was created after the request is not ours. */
export async function findTarget(
  jobIds: readonly string[],
  finder: Finder,
  claims: readonly Claim[],
  requestedAt: number,
): Promise<Found> {
  const target: Record<string, number> = {};
  const claimed: string[] = [];
  const jobs: Job[] = [];
  for (const jobId of jobIds) {
    const job = await finder.describe(jobId);
    if (job && job.createdAt > requestedAt) {
      log({ message: 'a newer job has the id now; it is not ours to delete', jobId });
    } else if (job && (await finder.isClaimed(job, claims))) {
      claimed.push(jobId);
    } else if (job) {
      target[jobId] = job.createdAt;
      jobs.push(job);
    }
  }
  return { target, claimed, jobs };
}
