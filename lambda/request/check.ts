import type { Clock } from '../aws/clock';
import type { Jobs } from '../aws/jobs';
import { type Calls, OutOfTime } from '../deletion/calls';
import type { Finder } from '../search/finder';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import type { Properties } from './properties';

/** A job and its tags may take so long to show, in milliseconds. */
const IOT_SETTLES = 20_000;

/** A service that stays silent for so long fails a deployment, in milliseconds. */
const PATIENCE = 120_000;

/**
 * Tries, while the resource is created, what a deletion will need: so that a missing permission, endpoint or tag shows
 * when one deploys, and not in a teardown.
 *
 * @throws Failure for what is missing, OutOfTime for what may yet show
 */
export async function check(
  { declaredJob, selection }: Properties,
  finder: Finder,
  jobs: Jobs,
  calls: Calls,
  requestedAt: number,
  clock: Clock,
): Promise<void> {
  try {
    if (!('job' in selection)) {
      await calls.read('iot:ListJobs', () => jobs.inDeletion());
      return;
    }
    const job = await finder.describe(selection.job);
    if (!declaredJob || (job && (await finder.isTagged(job, declaredJob.tag)))) {
      return;
    }
  } catch (error) {
    throw error instanceof OutOfTime ? new OutOfTime(error.obstacle, requestedAt + PATIENCE) : error;
  }
  if (clock.now() - requestedAt >= IOT_SETTLES) {
    throw new Failure(messages.untagged(selection.job, declaredJob.tag.key));
  }
  throw new OutOfTime();
}
