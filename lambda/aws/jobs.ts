import {
  CancelJobCommand,
  DeleteJobCommand,
  DescribeJobCommand,
  type IoTClient,
  type JobStatus,
  ListJobsCommand,
  type ListJobsRequest,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-iot';

/** A job, as far as a list of jobs tells; `details` are what DescribeJob alone knows. */
export interface Job {
  readonly jobId: string;
  readonly jobArn: string;
  readonly status: JobStatus;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  readonly targetSelection?: string;
  readonly details?: JobDetails;
}

/** What is asked of AWS IoT a job at a time. */
export interface JobDetails {
  readonly namespaceId?: string;
  readonly executionsInProgress: number;
  /** Whether executions are being created or cancelled right now. */
  readonly isConcurrent: boolean;
  /** ARNs of things and thing groups. */
  readonly targets: readonly string[];
}

/** One page of a list of jobs, and the token for the next one. */
export interface JobPage {
  readonly jobs: readonly Job[];
  readonly nextToken?: string;
}

/** The most that ListJobs gives in one answer. */
const PAGE = 250;

/** The calls of AWS IoT that a deletion is made of. */
export class Jobs {
  constructor(private readonly iot: IoTClient) {}

  /** The job as it is now; nothing if AWS IoT does not know it. */
  async describe(jobId: string): Promise<Job | undefined> {
    try {
      const { job } = await this.iot.send(new DescribeJobCommand({ jobId }));
      const { jobArn = '', status, createdAt, targetSelection } = job ?? {};
      if (!status || !createdAt) {
        // An answer without a body, say: nothing may be concluded from it.
        throw new TypeError(`DescribeJob answered without the status and createdAt of ${jobId}`);
      }
      const details: JobDetails = {
        namespaceId: job?.namespaceId,
        executionsInProgress: job?.jobProcessDetails?.numberOfInProgressThings ?? 0,
        isConcurrent: job?.isConcurrent ?? false,
        targets: job?.targets ?? [],
      };
      return { jobId, jobArn, status, createdAt: createdAt.getTime(), targetSelection, details };
    } catch (error) {
      return absent(error);
    }
  }

  /** One page of a list of jobs. Under a thing group that does not exist is nothing. */
  async page(request: ListJobsRequest): Promise<JobPage> {
    const answer = await this.iot.send(new ListJobsCommand({ maxResults: PAGE, ...request })).catch(absent);
    const { jobs, nextToken } = answer ?? { jobs: [] };
    if (!jobs) {
      throw new TypeError('ListJobs answered without jobs');
    }
    return {
      jobs: jobs.map(({ jobId, jobArn, status, createdAt, targetSelection }) => {
        if (!jobId || !jobArn || !status || !createdAt) {
          throw new TypeError('ListJobs answered with a job without its jobId, jobArn, status or createdAt');
        }
        return { jobId, jobArn, status, createdAt: createdAt.getTime(), targetSelection };
      }),
      nextToken,
    };
  }

  /** Whoever's jobs are in deletion: they hold the account's slots. */
  async inDeletion(): Promise<readonly Job[]> {
    return (await this.page({ status: 'DELETION_IN_PROGRESS' })).jobs;
  }

  /** The tags of a job; nothing if AWS IoT does not know it. */
  async tags(jobArn: string): Promise<Readonly<Record<string, string>> | undefined> {
    try {
      const tags: (readonly [key: string, value: string])[] = [];
      let nextToken: string | undefined;
      do {
        const answer = await this.iot.send(new ListTagsForResourceCommand({ resourceArn: jobArn, nextToken }));
        if (!answer.tags) {
          throw new TypeError(`ListTagsForResource answered without the tags of ${jobArn}`);
        }
        tags.push(...answer.tags.map(({ Key, Value = '' }) => [Key!, Value] as const));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      // A key may be __proto__: to set it would set none.
      return Object.fromEntries(tags);
    } catch (error) {
      return absent(error);
    }
  }

  /** Asks AWS IoT to cancel the job; resolves with the request id. */
  async cancel(jobId: string, force: boolean): Promise<string | undefined> {
    const { $metadata } = await this.iot.send(new CancelJobCommand({ jobId, force }));
    return $metadata.requestId;
  }

  /** Asks AWS IoT to delete the job; resolves with the request id. */
  async delete(jobId: string, force: boolean, namespaceId: string | undefined): Promise<string | undefined> {
    const { $metadata } = await this.iot.send(new DeleteJobCommand({ jobId, force, namespaceId }));
    return $metadata.requestId;
  }
}

/** Nothing, if that is what the error says. */
function absent(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) {
    return undefined;
  }
  throw error;
}
