import { JobDeletion } from '../../lib';
import { type StackContender, stackContender } from '../contender';

/** One `JobDeletion` for each job. */
export const jobDeletions: StackContender = {
  ...stackContender('N × JobDeletion', (stack, jobIds) => {
    for (const jobId of jobIds) {
      new JobDeletion(stack, jobId, { jobId, force: true });
    }
  }),
  // So many are for a sweep; and it takes minutes, always the same.
  mostRuns: ({ jobs }) => (jobs > 100 ? 1 : Infinity),
};
