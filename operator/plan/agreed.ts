import type { Foresight } from './foresee-deletion';
import type { PlannedJob } from './plan';

/** What comes out the same in each possibility; where it differs, it is unknown. */
export function agreed(foresights: readonly Foresight[], unknown: readonly string[]): Foresight {
  const [first] = foresights;
  const because =
    unknown.length > 0
      ? `${unknown.join(', ')}: only CloudFormation can resolve it`
      : 'the provider is in another stack';
  if (!first) {
    return { result: 'unknown', reason: because, jobs: [] };
  }
  const results = new Set(foresights.map(({ result }) => result));
  const timeoutSeconds = unknown.includes('TimeoutSeconds') ? undefined : first.timeoutSeconds;
  const jobIds = [...new Set(foresights.flatMap(({ jobs }) => jobs.map(({ jobId }) => jobId)))];
  const jobs = jobIds.map((jobId): PlannedJob => {
    const outcomes = foresights.map((each) => each.jobs.find((job) => job.jobId === jobId));
    const known = outcomes.find((outcome) => outcome !== undefined)!;
    return outcomes.every((outcome) => outcome?.result === known.result)
      ? known
      : { jobId, status: known.status, result: 'unknown', reason: because };
  });
  return results.size === 1
    ? { ...first, timeoutSeconds, jobs }
    : { occasion: first.occasion, timeoutSeconds, result: 'unknown', reason: because, jobs };
}
