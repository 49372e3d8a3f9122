import type { Job } from '../../lambda/aws/jobs';
import type { Deletion } from '../../lambda/deletion/deletion';
import { isNotOurs, type Left } from '../../lambda/deletion/left';
import { nextStep } from '../../lambda/deletion/next-step';
import { holding } from '../../lambda/words/not-deleted';
import { adviceFor } from './advice';
import type { PlannedJob } from './plan';

/** A job that has been described. */
export type DescribedJob = Job & Required<Pick<Job, 'details'>>;

/**
 * What the handler would do to a job, step by step by its own code, where nobody else changes the job meanwhile.
 *
 * An assumption: devices that are executing the job end their executions in time.
 */
export function foreseeJob(deletion: Deletion, job: DescribedJob, patterns: readonly string[]): PlannedJob {
  const { jobId, status } = job;
  let isCancelled = false;
  let executionsInProgress: number | undefined;
  for (let now = job; ;) {
    const step = nextStep(deletion, now, patterns);
    switch (step.do) {
      case 'DeleteJob':
        return { jobId, status, result: isCancelled ? 'cancel and delete' : 'delete', executionsInProgress };
      case 'CancelJob': {
        isCancelled = true;
        // CancelJob without force spares the executions in progress.
        const inProgress = deletion.force ? 0 : now.details.executionsInProgress;
        now = withDetails({ ...now, status: 'CANCELED' }, { executionsInProgress: inProgress, isConcurrent: false });
        break;
      }
      case 'give up':
        return left(deletion, job, step.because);
      case 'wait':
        switch (step.for.kind) {
          case 'in deletion':
            return { jobId, status, result: 'wait' };
          case 'executions in progress':
            executionsInProgress = step.for.count;
            now = withDetails(now, { executionsInProgress: 0 });
            break;
          case 'cancellation in progress':
            now = withDetails(now, { isConcurrent: false });
            break;
          default:
            return { jobId, status, result: 'unknown', reason: `has the status ${status}, which is not known` };
        }
        break;
      case 'DescribeJob':
        throw new Error(`${jobId} was described, and must be described again.`);
      default:
        return step satisfies never;
    }
  }
}

/** A job that the handler leaves: because it is not ours to delete, or as a failure. */
export function left(deletion: Deletion, { jobId, status }: Job, why: Left): PlannedJob {
  const reason = holding(deletion, why);
  return isNotOurs(why, deletion.selection)
    ? { jobId, status, result: 'keep', reason }
    : { jobId, status, result: 'fail', reason, advice: adviceFor(why) };
}

function withDetails(job: DescribedJob, details: Partial<DescribedJob['details']>): DescribedJob {
  return { ...job, details: { ...job.details, ...details } };
}
