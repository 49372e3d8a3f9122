import {
  CancelJobCommand,
  DeleteJobCommand,
  DescribeJobCommand,
  type IoTClient,
  JobStatus,
  ListJobsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-iot';

/** What a deletion needs to know of a job. */
export interface Job {
  readonly status: JobStatus;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  readonly namespaceId?: string;
  readonly executionsInProgress: number;
}

/** So many jobs of an account and region may be in deletion at a time. */
const DELETION_SLOTS = 10;

/** The calls of AWS IoT that a deletion is made of. */
export class Jobs {
  constructor(private readonly iot: IoTClient) {}

  /** The job as it is now; nothing if AWS IoT does not know it. */
  async describe(jobId: string): Promise<Job | undefined> {
    try {
      const { job } = await this.iot.send(new DescribeJobCommand({ jobId }));
      if (!job?.status || !job.createdAt) {
        // An answer without a body, say: nothing may be concluded from it.
        throw new TypeError(`DescribeJob answered without the status and createdAt of ${jobId}`);
      }
      return {
        status: job.status,
        createdAt: job.createdAt.getTime(),
        namespaceId: job.namespaceId,
        executionsInProgress: job.jobProcessDetails?.numberOfInProgressThings ?? 0,
      };
    } catch (error) {
      if (error instanceof ResourceNotFoundException) {
        return undefined;
      }
      throw error;
    }
  }

  /** Whether another job may be in deletion now. Somebody else may be quicker, so DeleteJob may still be refused. */
  async slotIsFree(): Promise<boolean> {
    const { jobs } = await this.iot.send(
      new ListJobsCommand({ status: JobStatus.DELETION_IN_PROGRESS, maxResults: DELETION_SLOTS }),
    );
    if (!jobs) {
      throw new TypeError('ListJobs answered without jobs');
    }
    return jobs.length < DELETION_SLOTS;
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
