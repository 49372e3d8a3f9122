import type { JobStatus, ListJobsRequest } from '@aws-sdk/client-iot';
import { isCovered } from '../lib/job-id';
import type { Calls } from './calls';
import type { Claim, Target } from './decision';
import type { Job, JobDetails, Jobs } from './jobs';
import { log } from './log';
import type { JobFilter } from './properties';

/** What a list was asked for, so that its jobs need not be asked again. */
interface Sure {
  readonly thingGroup: boolean;
  readonly namespace: boolean;
}

const NOTHING: Sure = { thingGroup: false, namespace: false };

/** Finds the jobs that are to be deleted. For one invocation: what it has asked of a job, it does not ask again. */
export class JobFinder {
  private readonly details = new Map<string, Promise<JobDetails | undefined>>();
  private readonly tags = new Map<string, Promise<Readonly<Record<string, string>> | undefined>>();

  constructor(
    private readonly jobs: Jobs,
    private readonly calls: Pick<Calls, 'read'>,
    /** Of other jobs nothing may be asked. */
    private readonly patterns: readonly string[],
  ) {}

  /** Those of the target that AWS IoT knows, the ones in deletion too, without what others hold on to. */
  async find(target: Target, claimed: readonly Claim[] = []): Promise<readonly Job[]> {
    const own: Job[] = [];
    for (const job of await this.targeted(target)) {
      if (!(await this.isClaimed(job, claimed))) {
        own.push(job);
      }
    }
    return own;
  }

  /** The job with this id, as it is now. */
  describe(jobId: string): Promise<Job | undefined> {
    return this.calls.read('iot:DescribeJob', () => this.jobs.describe(jobId), jobId);
  }

  /** Those of the ids that AWS IoT knows: one list costs less than a look at each. */
  async named(jobIds: readonly string[]): Promise<readonly Job[]> {
    const wanted = new Set(jobIds);
    return (await this.list({})).filter(({ jobId }) => wanted.has(jobId));
  }

  /** Whether others in the stack hold on to the job. */
  async isClaimed(job: Job, claimed: readonly Claim[]): Promise<boolean> {
    for (const claim of claimed) {
      if ('jobs' in claim ? claim.jobs.includes(job.jobId) : await this.matches(job, claim.filter, NOTHING)) {
        return true;
      }
    }
    return false;
  }

  private async targeted(target: Target): Promise<readonly Job[]> {
    if ('filter' in target) {
      return this.matching(target.filter);
    }
    const createdAt = 'job' in target ? { [target.job]: target.createdAt } : target.jobs;
    const found = 'job' in target ? [await this.describe(target.job)] : await this.named(Object.keys(createdAt));
    return found.filter((job): job is Job => {
      const isSeen = job !== undefined && job.createdAt === createdAt[job.jobId];
      if (job && !isSeen) {
        log({ message: 'a newer job has the id now; it is not ours to delete', jobId: job.jobId });
      }
      return isSeen;
    });
  }

  private async matching(filter: JobFilter): Promise<readonly Job[]> {
    const { thingGroupName, targetSelection, namespaceId, statuses } = filter;
    const narrow = { targetSelection, namespaceId } as ListJobsRequest;
    const sure: Sure = { thingGroup: thingGroupName !== undefined, namespace: namespaceId !== undefined };
    const matching = new Map<string, Job>();
    const add = async (request: ListJobsRequest, established: Sure): Promise<void> => {
      for (const job of await this.list(request)) {
        if (!matching.has(job.jobId) && (await this.matches(job, filter, established))) {
          matching.set(job.jobId, job);
        }
      }
    };
    // A job that is in deletion no longer shows the status that it was selected by: it is waited for.
    for (const status of statuses ? [...statuses, 'DELETION_IN_PROGRESS'] : [undefined]) {
      await add({ ...narrow, status: status as JobStatus | undefined, thingGroupName }, sure);
    }
    if (thingGroupName !== undefined && (statuses?.includes('SCHEDULED') ?? true)) {
      // The list under a thing group may leave these out.
      await add({ ...narrow, status: 'SCHEDULED' }, { ...sure, thingGroup: false });
    }
    return [...matching.values()];
  }

  private async list(request: ListJobsRequest): Promise<readonly Job[]> {
    const all: Job[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.calls.read('iot:ListJobs', () => this.jobs.page({ ...request, nextToken }));
      all.push(...page.jobs);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return all;
  }

  /** The cheap questions first: what is not in the list costs a call for each job. */
  private async matches(job: Job, filter: JobFilter, sure: Sure): Promise<boolean> {
    const { jobIdPrefix = '', thingGroupName, targetSelection = job.targetSelection, statuses, namespaceId } = filter;
    const { status } = job;
    if (
      !job.jobId.startsWith(jobIdPrefix) ||
      job.targetSelection !== targetSelection ||
      (statuses && status !== 'DELETION_IN_PROGRESS' && !statuses.includes(status))
    ) {
      return false;
    }
    const askDetails =
      (thingGroupName !== undefined && !sure.thingGroup) || (namespaceId !== undefined && !sure.namespace);
    if ((askDetails || filter.tags) && !isCovered(job.jobId, this.patterns)) {
      return false;
    }
    if (askDetails) {
      const details = await this.detailsOf(job);
      const { targets = [] } = details ?? {};
      if (
        !details ||
        (thingGroupName !== undefined && !targets.some((arn) => arn.endsWith(`:thinggroup/${thingGroupName}`))) ||
        (namespaceId !== undefined && details.namespaceId !== namespaceId)
      ) {
        return false;
      }
    }
    if (filter.tags) {
      const tags = await this.tagsOf(job);
      return Object.entries(filter.tags).every(([key, value]) => tags?.[key] === value);
    }
    return true;
  }

  private detailsOf(job: Job): Promise<JobDetails | undefined> {
    return once(this.details, job, async () => job.details ?? (await this.describe(job.jobId))?.details);
  }

  private tagsOf(job: Job): Promise<Readonly<Record<string, string>> | undefined> {
    const { jobId, jobArn } = job;
    return once(this.tags, job, () => this.calls.read('iot:ListTagsForResource', () => this.jobs.tags(jobArn), jobId));
  }
}

function once<Answer>(
  asked: Map<string, Promise<Answer>>,
  { jobId, createdAt }: Job,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const key = `${jobId} ${createdAt}`;
  const answer = asked.get(key) ?? ask();
  asked.set(key, answer);
  return answer;
}
