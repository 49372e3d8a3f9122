import type { ListJobsRequest } from '@aws-sdk/client-iot';
import type { Job, JobDetails, JobPage, Jobs } from '../../lambda/aws/jobs';
import type { Clock } from '../../lambda/aws/clock';
import { awsError } from './aws-error';

/** A job of the account, whose fields a test may change at any time. */
export interface AccountJob {
  readonly jobId: string;
  readonly jobArn: string;
  status: string;
  readonly createdAt: number;
  readonly targetSelection: string;
  details: { -readonly [Field in keyof JobDetails]: JobDetails[Field] };
  tags: Record<string, string>;
  /** When its cancellation has gone out, or its deletion ends. */
  settlesAt?: number;
}

/** One call that the handler has made. */
export interface AccountCall {
  readonly operation: 'DescribeJob' | 'ListJobs' | 'ListTagsForResource' | 'CancelJob' | 'DeleteJob';
  readonly jobId?: string;
  readonly at: number;
  /** The parameters that matter, as text. */
  readonly with?: string;
}

interface Fault {
  readonly operation: AccountCall['operation'];
  readonly jobId?: string;
  readonly error: Error;
  times: number;
}

const HOME = 'arn:aws:iot:us-east-1:123456789012';
const PAGE = 250;

// The handler remembers what it has asked of a job, by when that was created: no two jobs of a test file share it.
let creations = 0;

/** AWS IoT's jobs as far as the handler sees them, in virtual time: at the interface of the handler's own client. */
export class Account {
  /** How long a deletion takes, and how long CancelJob takes to reach the devices. */
  deletionTime = 2_000;
  cancellationTime = 0;
  /** How long each call takes. */
  latency = 0;
  /** How long ListJobs still shows a job that is gone. */
  lag = 0;
  /** Whether it does so in the list of those in deletion, too. */
  deletionsLag = false;
  /** Whether DescribeJob tells the namespace of a job. */
  describesNamespaces = true;
  /** Called before each call is answered. */
  before?: (call: AccountCall) => void;
  readonly calls: AccountCall[] = [];
  private readonly all: (AccountJob | undefined)[] = [];
  private readonly places = new Map<string, number>();
  private readonly deleting = new Set<AccountJob>();
  private readonly cancelling = new Set<AccountJob>();
  private readonly faults: Fault[] = [];
  private gone: { readonly job: AccountJob; readonly until: number }[] = [];

  constructor(private readonly clock: Pick<Clock, 'now' | 'sleep'>) {}

  add(
    jobId: string,
    status = 'COMPLETED',
    rest: Partial<Pick<AccountJob, 'createdAt' | 'targetSelection' | 'tags'> & JobDetails> = {},
  ): AccountJob {
    const { createdAt = 1_000 + ++creations, targetSelection = 'SNAPSHOT', tags = {}, ...details } = rest;
    const job: AccountJob = {
      jobId,
      jobArn: `${HOME}:job/${jobId}`,
      status,
      createdAt,
      targetSelection,
      tags,
      details: { executionsInProgress: 0, isConcurrent: false, targets: [], ...details },
    };
    this.places.set(jobId, this.all.push(job) - 1);
    if (status === 'DELETION_IN_PROGRESS') {
      this.deleting.add(job);
    }
    return job;
  }

  /** The job, if it is there. */
  job(jobId: string): AccountJob | undefined {
    this.settle();
    const place = this.places.get(jobId);
    return place === undefined ? undefined : this.all[place];
  }

  /** The ids of all jobs that are there. */
  get jobIds(): readonly string[] {
    this.settle();
    return [...this.places.keys()];
  }

  remove(jobId: string): void {
    const place = this.places.get(jobId);
    if (place !== undefined) {
      const job = this.all[place]!;
      this.deleting.delete(job);
      this.all[place] = undefined;
      this.places.delete(jobId);
      this.gone.push({ job, until: this.clock.now() + this.lag });
    }
  }

  /** Strangers' jobs in deletion, which last until they are removed. */
  occupy(slots: number): readonly string[] {
    const ids = Array.from({ length: slots }, (_, index) => `stranger-${index}`);
    ids.forEach((id) => this.add(id, 'DELETION_IN_PROGRESS'));
    return ids;
  }

  /** Lets calls fail: so many, or all. */
  fail(
    operation: AccountCall['operation'],
    error: Error,
    { times = 1, jobId }: { times?: number; jobId?: string } = {},
  ): void {
    this.faults.push({ operation, jobId, error, times });
  }

  /** Calls that change something, as text. */
  get effects(): readonly string[] {
    return this.calls
      .filter(({ operation }) => operation === 'CancelJob' || operation === 'DeleteJob')
      .map((call) => `${call.operation} ${call.jobId} ${call.with}`);
  }

  count(operation: AccountCall['operation']): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  readonly jobs = {
    describe: async (jobId: string): Promise<Job | undefined> => {
      await this.call({ operation: 'DescribeJob', jobId });
      const job = this.job(jobId);
      const { details = {}, ...rest } = (job && seen(job, true)) ?? {};
      const namespaceId = this.describesNamespaces ? job?.details.namespaceId : undefined;
      return job && ({ ...rest, details: { ...details, namespaceId } } as Job);
    },
    page: (request: ListJobsRequest): Promise<JobPage> => this.page(request),
    inDeletion: async (): Promise<readonly Job[]> => (await this.page({ status: 'DELETION_IN_PROGRESS' })).jobs,
    tags: async (jobArn: string): Promise<Readonly<Record<string, string>> | undefined> => {
      const jobId = jobArn.slice(jobArn.lastIndexOf('/') + 1);
      await this.call({ operation: 'ListTagsForResource', jobId });
      return this.job(jobId)?.tags;
    },
    cancel: async (jobId: string, force: boolean): Promise<string> => {
      await this.call({ operation: 'CancelJob', jobId, with: `force=${force}` });
      const job = this.there(jobId);
      if (job.status !== 'IN_PROGRESS' && job.status !== 'SCHEDULED') {
        throw awsError('InvalidStateTransitionException', 409);
      }
      job.status = 'CANCELED';
      job.details = {
        ...job.details,
        executionsInProgress: force ? 0 : job.details.executionsInProgress,
        isConcurrent: this.cancellationTime > 0,
      };
      job.settlesAt = this.clock.now() + this.cancellationTime;
      this.cancelling.add(job);
      return 'request';
    },
    delete: async (jobId: string, force: boolean, namespaceId?: string): Promise<string> => {
      await this.call({ operation: 'DeleteJob', jobId, with: `force=${force} namespace=${namespaceId ?? '-'}` });
      const job = this.there(jobId);
      if (this.deleting.size >= 10) {
        throw awsError('LimitExceededException', 410);
      }
      const isActive = job.status === 'IN_PROGRESS' || job.status === 'SCHEDULED';
      if (job.status === 'DELETION_IN_PROGRESS' || (isActive && !force)) {
        throw awsError('InvalidStateTransitionException', 409);
      }
      job.status = 'DELETION_IN_PROGRESS';
      job.settlesAt = this.clock.now() + this.deletionTime;
      this.deleting.add(job);
      return 'request';
    },
  } as unknown as Jobs;

  private there(jobId: string): AccountJob {
    const job = this.job(jobId);
    if (!job) {
      throw awsError('ResourceNotFoundException', 404);
    }
    return job;
  }

  private async call(call: Omit<AccountCall, 'at'>): Promise<void> {
    const made = { ...call, at: this.clock.now() };
    this.calls.push(made);
    if (this.latency > 0) {
      await this.clock.sleep(this.latency);
    }
    this.before?.(made);
    const fault = this.faults.find(
      ({ operation, jobId, times }) =>
        operation === call.operation && (jobId ?? call.jobId) === call.jobId && times > 0,
    );
    if (fault) {
      fault.times -= 1;
      throw fault.error;
    }
  }

  private async page({
    status,
    thingGroupName,
    targetSelection,
    namespaceId,
    nextToken,
    maxResults = PAGE,
  }: ListJobsRequest): Promise<JobPage> {
    await this.call({ operation: 'ListJobs', with: [status, thingGroupName, nextToken].filter(Boolean).join(' ') });
    this.settle();
    const isListed = (job: AccountJob): boolean =>
      (status === undefined || job.status === status) &&
      (targetSelection === undefined || job.targetSelection === targetSelection) &&
      (namespaceId === undefined || job.details.namespaceId === namespaceId) &&
      (thingGroupName === undefined ||
        (job.status !== 'SCHEDULED' &&
          job.details.targets.some((arn) => arn.endsWith(`:thinggroup/${thingGroupName}`))));
    const now = this.clock.now();
    const gone = this.gone.filter(({ job, until }) => until > now && isListed(job)).map(({ job }) => job);
    if (status === 'DELETION_IN_PROGRESS') {
      const listed = [...this.deleting].filter(isListed);
      return { jobs: [...listed, ...(this.deletionsLag ? gone : [])].map((job) => seen(job, false)) };
    }
    const jobs = nextToken === undefined ? gone : [];
    let place = Number(nextToken ?? 0);
    for (; place < this.all.length && jobs.length < maxResults; place++) {
      const job = this.all[place];
      if (job && isListed(job)) {
        jobs.push(job);
      }
    }
    return {
      jobs: jobs.map((job) => seen(job, false)),
      nextToken: place < this.all.length ? String(place) : undefined,
    };
  }

  /** What has ended meanwhile. */
  private settle(): void {
    const now = this.clock.now();
    for (const job of this.deleting) {
      if (job.settlesAt !== undefined && job.settlesAt <= now) {
        this.remove(job.jobId);
      }
    }
    for (const job of this.cancelling) {
      if (job.settlesAt! <= now) {
        job.details.isConcurrent = false;
        this.cancelling.delete(job);
      }
    }
  }
}

function seen({ jobId, jobArn, status, createdAt, targetSelection, details }: AccountJob, isDescribed: boolean): Job {
  const job = { jobId, jobArn, status: status as Job['status'], createdAt, targetSelection };
  return isDescribed ? { ...job, details: { ...details } } : job;
}
