import { JobDeletion } from '../../lib';
import { stackContender } from '../contender';

/** One `JobDeletion` for each job. */
export const jobDeletions = stackContender('N × JobDeletion', (stack, jobIds) => {
  for (const jobId of jobIds) {
    new JobDeletion(stack, jobId, { jobId, force: true });
  }
});
