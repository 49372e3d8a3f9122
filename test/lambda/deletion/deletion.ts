import type { Job, JobDetails } from '../../../lambda/aws/jobs';
import type { Deletion } from '../../../lambda/deletion/deletion';
import { HOME, STACK } from '../world';

/** A job as DescribeJob shows it. */
export function job(status: string, details: Partial<JobDetails> = {}): Job {
  return {
    jobId: 'job-1',
    jobArn: 'arn:aws:iot:us-east-1:123456789012:job/job-1',
    status: status as Job['status'],
    createdAt: 1000,
    details: { executionsInProgress: 0, isConcurrent: false, targets: [], ...details },
  };
}

/** A deletion of one job, as it was decided. */
export function deletion(rest: Partial<Deletion> = {}): Deletion {
  return {
    selection: { job: 'job-1' },
    target: { 'job-1': 1000 },
    place: {},
    home: HOME,
    force: false,
    cancelFirst: false,
    timeoutSeconds: 3300,
    maxJobs: 1000,
    occasion: 'stack deletion',
    stackId: STACK,
    logicalId: 'Teardown',
    requestedAt: 0,
    deadline: 3_300_000,
    claims: [],
    ...rest,
  };
}
