import type { Job, Jobs } from '../../lambda/aws/jobs';
import type { StackCalls } from '../../lambda/aws/stacks';
import type { Clock } from '../../lambda/aws/clock';
import type { Calls } from '../../lambda/deletion/calls';
import { type Deletion, subjectOf } from '../../lambda/deletion/deletion';
import { decide, type DecisionToDelete } from '../../lambda/request/decide';
import type { Event } from '../../lambda/request/event';
import { type StackMemory, StackReader } from '../../lambda/request/stack-reader';
import type { Surroundings } from '../../lambda/request/surroundings';
import { findTarget } from '../../lambda/request/target';
import { Finder } from '../../lambda/search/finder';
import { Pass } from '../../lambda/search/pass';
import { namesIn } from '../../lambda/search/selection';
import { Refusal } from '../../lambda/deletion/patience';
import { Failure } from '../../lambda/words/failure';
import { messages } from '../../lambda/words/messages';
import { type DescribedJob, foreseeJob, left } from './foresee-job';
import type { PlannedDeletion, PlannedJob } from './plan';

/** What becomes of a deletion, for one set of properties. */
export type Foresight = Pick<PlannedDeletion, 'occasion' | 'result' | 'reason' | 'advice' | 'jobs' | 'timeoutSeconds'>;

/** What a look into the future is made with. */
export interface ForeseeOptions {
  readonly stacks: StackCalls;
  readonly memory: StackMemory;
  readonly surroundings: Surroundings;
  /** AWS IoT in a region of this account. */
  readonly jobsIn: (region: string | undefined) => Jobs;
  readonly calls: Calls;
  readonly clock: Clock;
}

/** What the handler would make of an event: decided by its own code, on what CloudFormation and AWS IoT show now. */
export async function foreseeDeletion(event: Event, options: ForeseeOptions): Promise<Foresight> {
  const { calls, clock, memory, stacks, surroundings } = options;
  const reader = new StackReader(stacks, calls, clock, memory, {});
  try {
    const decision = await decide(event, { surroundings, stacks: reader, requestedAt: clock.now() });
    if ('nothing' in decision) {
      const { kept, nothing } = decision;
      return { result: kept === undefined ? 'nothing' : 'keep', reason: kept ?? nothing, jobs: [] };
    }
    if ('check' in decision) {
      return { result: 'nothing', jobs: [] };
    }
    return await foresee(event, decision, options);
  } catch (error) {
    if (error instanceof Failure && !(error instanceof Refusal)) {
      return { result: 'fail', reason: error.message, jobs: [] };
    }
    throw error;
  }
}

async function foresee(
  event: Event,
  { delete: properties, occasion, claims }: DecisionToDelete,
  { calls, clock, jobsIn, surroundings }: ForeseeOptions,
): Promise<Foresight> {
  const { home, patterns } = surroundings;
  const jobs = jobsIn(properties.place.region);
  const finder = new Finder(jobs, calls, patterns);
  const now = clock.now();
  const deletion: Deletion = {
    ...properties,
    home,
    requiredTag: properties.declaredJob?.tag,
    occasion,
    claims,
    stackId: event.StackId,
    logicalId: event.LogicalResourceId,
    requestedAt: now,
    deadline: now + properties.timeoutSeconds * 1000,
  };
  const { timeoutSeconds } = deletion;
  const names = namesIn(deletion.selection);
  if (names) {
    // Whatever is there now was there before the request.
    const found = await findTarget(names, finder, claims, () => false);
    const kept = await Promise.all(found.claimed.map(async (jobId) => keptForOthers((await finder.describe(jobId))!)));
    const named = found.jobs.map(({ job }) => job);
    return {
      occasion,
      timeoutSeconds,
      result: 'delete',
      jobs: [...(await jobsOf(deletion, named, finder, patterns)), ...kept],
    };
  }
  const matching = await all(deletion, jobs, calls, finder, clock);
  const own: Job[] = [];
  const others: Job[] = [];
  for (const job of matching) {
    ((await finder.isClaimed(job, claims)) ? others : own).push(job);
  }
  const count = own.filter(({ status }) => status !== 'DELETION_IN_PROGRESS').length;
  if (count > deletion.maxJobs) {
    return {
      occasion,
      timeoutSeconds,
      result: 'fail',
      reason: messages.tooMany(subjectOf(deletion), count, deletion.maxJobs),
      advice: `Raise maxJobs to ${count}, or delete jobs first.`,
      jobs: own.map(({ jobId, status }) => ({ jobId, status, result: 'fail', reason: 'is one of more than maxJobs' })),
    };
  }
  const described: DescribedJob[] = [];
  for (const { jobId } of own) {
    const job = await finder.describe(jobId);
    if (job?.details) {
      described.push({ ...job, details: job.details });
    }
  }
  return {
    occasion,
    timeoutSeconds,
    result: 'delete',
    jobs: [...(await jobsOf(deletion, described, finder, patterns)), ...others.map(keptForOthers)],
  };
}

/** Every job that a filter selects, whoever else holds on to it. */
async function all(
  deletion: Deletion,
  jobs: Jobs,
  calls: Calls,
  finder: Finder,
  clock: Clock,
): Promise<readonly Job[]> {
  const { selection } = deletion;
  if (!('filter' in selection)) {
    return [];
  }
  const found = new Map<string, Job>();
  const pass = new Pass({ filter: selection.filter, jobs, calls, finder, clock });
  while (!pass.isOver) {
    (await pass.next()).forEach((job) => found.set(job.jobId, job));
  }
  return [...found.values()];
}

async function jobsOf(
  deletion: Deletion,
  jobs: readonly Job[],
  finder: Finder,
  patterns: readonly string[],
): Promise<readonly PlannedJob[]> {
  const { requiredTag } = deletion;
  const planned: PlannedJob[] = [];
  for (const job of jobs) {
    const isInDeletion = job.status === 'DELETION_IN_PROGRESS';
    const isTagged = !requiredTag || isInDeletion || (await finder.isTagged(job, requiredTag));
    planned.push(
      isTagged
        ? foreseeJob(deletion, job as DescribedJob, patterns)
        : left(deletion, job, { kind: 'untagged', tag: requiredTag.key }),
    );
  }
  return planned;
}

function keptForOthers({ jobId, status }: Job): PlannedJob {
  return { jobId, status, result: 'keep', reason: 'is still managed by another resource of the stack' };
}
