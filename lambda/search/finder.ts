import { isCovered } from '../../lib/job-id';
import type { Job, Jobs } from '../aws/jobs';
import type { Calls } from '../deletion/calls';
import { jobHash } from './job-hash';
import { type Freshness, Memory } from './memory';
import type { Claim, JobFilter } from './selection';

/** What a list was asked for, so that its jobs need not be asked again. */
export interface Sure {
  readonly thingGroup: boolean;
  readonly namespace: boolean;
}

const NOTHING: Sure = { thingGroup: false, namespace: false };

const ANY_AGE: Freshness = { since: 0, clock: { now: () => 0 } };

/** What is asked of AWS IoT a job at a time, and needed to tell whether a filter selects the job. */
interface Asked {
  readonly targets: readonly string[];
  readonly namespaceId?: string;
}

/** What DescribeJob said of an id. */
export interface Seen {
  readonly job?: Job;
  /** When, in milliseconds: to describe a hundred jobs takes longer than the first one stays fresh. */
  readonly seenAt: number;
}

/** A job as it was described. */
export type SeenJob = Seen & { readonly job: Job };

/** What is known of the jobs of one place: for as long as its client lasts, which is as long as the function is warm. */
class JobMemory {
  private static readonly ofJobs = new WeakMap<Jobs, JobMemory>();

  static of(jobs: Jobs): JobMemory {
    const memory = this.ofJobs.get(jobs) ?? new JobMemory();
    this.ofJobs.set(jobs, memory);
    return memory;
  }

  readonly asked = new Memory<Asked>();
  readonly tags = new Memory<Readonly<Record<string, string>>>();
}

/** Tells whose a job is: by a filter, or by what others hold on to. */
export class Finder {
  constructor(
    private readonly jobs: Jobs,
    private readonly calls: Pick<Calls, 'read'>,
    /** Of other jobs nothing may be asked. */
    private readonly patterns: readonly string[],
    private readonly freshness: Freshness = ANY_AGE,
  ) {}

  /** The same, but it believes only what was asked for since then, in milliseconds. */
  since(time: number): Finder {
    return new Finder(this.jobs, this.calls, this.patterns, { ...this.freshness, since: time });
  }

  /** The job with this id, as it is now. */
  describe(jobId: string): Promise<Job | undefined> {
    return this.calls.read('iot:DescribeJob', () => this.jobs.describe(jobId), { jobId });
  }

  /** The same, and when it was so. */
  async see(jobId: string): Promise<Seen> {
    const job = await this.describe(jobId);
    return { job, seenAt: this.freshness.clock.now() };
  }

  /** Whether others in the stack hold on to the job. */
  async isClaimed(job: Job, claims: readonly Claim[]): Promise<boolean> {
    for (const claim of claims) {
      if (
        'job' in claim
          ? claim.job === job.jobId
          : 'hashes' in claim
            ? claim.hashes.includes(jobHash(job.jobId))
            : await this.matches(job, claim.filter, NOTHING)
      ) {
        return true;
      }
    }
    return false;
  }

  /** Whether a filter selects the job. The cheap questions first: what is not in the list costs a call for each job. */
  async matches(job: Job, filter: JobFilter, sure: Sure = NOTHING): Promise<boolean> {
    if (!mayMatch(job, filter)) {
      return false;
    }
    const { thingGroupName, namespaceId } = filter;
    const askTargets = thingGroupName !== undefined && !sure.thingGroup;
    const askNamespace = namespaceId !== undefined && !sure.namespace;
    if ((askTargets || askNamespace || filter.tags) && !isCovered(job.jobId, this.patterns)) {
      return false;
    }
    if (askTargets || askNamespace) {
      const details = job.details ?? (await this.ask(job));
      if (
        !details ||
        (askTargets && !details.targets.some((arn) => arn.endsWith(`:thinggroup/${thingGroupName}`))) ||
        (askNamespace && details.namespaceId !== namespaceId)
      ) {
        return false;
      }
    }
    return !filter.tags || this.hasTags(job, filter.tags);
  }

  /** Whether the job has the tag now: it may have been taken off a moment ago. */
  async isTagged(
    { jobId, jobArn }: Job,
    { key, value }: { readonly key: string; readonly value: string },
  ): Promise<boolean> {
    const now = await this.calls.read('iot:ListTagsForResource', () => this.jobs.tags(jobArn), { jobId });
    return now?.[key] === value;
  }

  private async hasTags(job: Job, wanted: Readonly<Record<string, string>>): Promise<boolean> {
    const { jobId, jobArn } = job;
    const read = (): Promise<Readonly<Record<string, string>> | undefined> =>
      this.calls.read('iot:ListTagsForResource', () => this.jobs.tags(jobArn), { jobId });
    const has = await JobMemory.of(this.jobs).tags.of(keyOf(job), this.freshness, read);
    return has !== undefined && Object.entries(wanted).every(([key, value]) => has[key] === value);
  }

  private ask(job: Job): Promise<Asked | undefined> {
    return JobMemory.of(this.jobs).asked.of(keyOf(job), this.freshness, async () => {
      const { createdAt, details } = (await this.describe(job.jobId)) ?? {};
      return createdAt === job.createdAt
        ? details && { targets: details.targets, namespaceId: details.namespaceId }
        : undefined;
    });
  }
}

/** Whether a filter may select a job, as far as any list tells: most of a large account's jobs need no second look. */
export function mayMatch({ jobId, status, targetSelection }: Job, filter: JobFilter): boolean {
  const { jobIdPrefix = '', statuses } = filter;
  return (
    jobId.startsWith(jobIdPrefix) &&
    (filter.targetSelection === undefined || filter.targetSelection === targetSelection) &&
    // A job that is in deletion no longer shows the status that it was selected by.
    (!statuses || status === 'DELETION_IN_PROGRESS' || statuses.includes(status))
  );
}

/** Which of the jobs that have had an id: its ARN names the region and account, too. */
function keyOf({ jobArn, createdAt }: Job): string {
  return `${jobArn} ${createdAt}`;
}
