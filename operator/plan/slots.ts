import type { Jobs } from '../../lambda/aws/jobs';
import type { Calls } from '../../lambda/deletion/calls';
import { DELETION_SLOTS } from '../../lambda/deletion/slots';
import type { PlannedDeletion, PlannedSlots } from './plan';

/** AWS does not say how long a deletion takes; AWS's own Greengrass tools wait a minute. A guess, in seconds. */
export const SECONDS_PER_DELETION = 60;

const DELETED: ReadonlySet<string> = new Set(['delete', 'cancel and delete', 'wait', 'unknown']);

/** The deletion slots of every region in which jobs would be deleted, and how long the deletions take with them. */
export async function plannedSlots(
  deletions: readonly PlannedDeletion[],
  home: string,
  jobsIn: (region: string | undefined) => Jobs,
  calls: Calls,
): Promise<readonly PlannedSlots[]> {
  const regions = new Map<string, PlannedDeletion[]>();
  for (const deletion of deletions.filter(({ jobs }) => jobs.some(({ result }) => DELETED.has(result)))) {
    regions.set(deletion.region, [...(regions.get(deletion.region) ?? []), deletion]);
  }
  const slots: PlannedSlots[] = [];
  for (const [region, those] of regions) {
    const jobs = jobsIn(region === home ? undefined : region);
    const inDeletion = (await calls.read('iot:ListJobs', () => jobs.inDeletion())).map(({ jobId }) => jobId);
    const ours = new Set(
      those.flatMap((deletion) => deletion.jobs.filter(({ result }) => DELETED.has(result)).map(({ jobId }) => jobId)),
    );
    const others = inDeletion.filter((jobId) => !ours.has(jobId));
    // Whoever is in deletion holds a slot until it ends.
    const rounds = Math.ceil((ours.size + others.length) / DELETION_SLOTS);
    const neededSeconds = rounds * SECONDS_PER_DELETION;
    const timeouts = those.flatMap(({ timeoutSeconds }) => timeoutSeconds ?? []);
    const timeoutSeconds = timeouts.length > 0 ? Math.min(...timeouts) : undefined;
    const fits = timeoutSeconds === undefined || neededSeconds <= timeoutSeconds;
    const taken = inDeletion.length;
    slots.push({ region, taken, total: DELETION_SLOTS, others, jobs: ours.size, neededSeconds, timeoutSeconds, fits });
  }
  return slots;
}
