import type { Clock } from '../aws/clock';
import type { Jobs } from '../aws/jobs';
import { type Calls, OutOfTime } from '../deletion/calls';
import type { Finder } from '../search/finder';
import { namesIn, type Selection } from '../search/selection';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import type { Properties } from './properties';

/** A job and its tags may take so long to show, in milliseconds. */
const IOT_SETTLES = 20_000;

/** A service that stays silent for so long fails a deployment, in milliseconds. */
const PATIENCE = 120_000;

/**
 * Tries, while the resource is created, what a deletion will need: so that a missing permission, endpoint or tag shows
 * when one deploys, and not in a teardown. One job reads lists as well, when it is refused a slot.
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
  const jobId = sampleOf(selection);
  try {
    const job = jobId === undefined ? undefined : await finder.describe(jobId);
    await calls.read('iot:ListJobs', () => jobs.page({ status: 'DELETION_IN_PROGRESS', maxResults: 1 }));
    if (!declaredJob || (job && (await finder.isTagged(job, declaredJob.tag)))) {
      return;
    }
  } catch (error) {
    throw error instanceof OutOfTime ? new OutOfTime(error.obstacle, requestedAt + PATIENCE) : error;
  }
  if (clock.now() - requestedAt >= IOT_SETTLES) {
    throw new Failure(messages.untagged(jobId!, declaredJob.tag.key));
  }
  throw new OutOfTime();
}

/** A job for all: the first that is named. For a prefix the prefix itself, an id that whoever may touch those jobs may touch. */
function sampleOf(selection: Selection): string | undefined {
  return 'filter' in selection ? selection.filter.jobIdPrefix : namesIn(selection)![0];
}
