import { JobDeletion, JobSelection, JobSweep } from '../../lib';
import { type StackContender, stackContender } from '../contender';

/** 50 `JobDeletion`s and a `JobSweep` of ten more jobs, in an account that runs ten functions at a time, as every new one. */
export const smallAccount: StackContender = {
  ...stackContender('50 × JobDeletion and a JobSweep', (stack, jobIds) => {
    for (const jobId of jobIds.slice(0, 50)) {
      new JobDeletion(stack, jobId, { jobId, force: true });
    }
    new JobSweep(stack, 'Sweep', { jobs: JobSelection.ids(jobIds.slice(50)), force: true });
  }),
  onlyLoad: { jobs: 60, deletionSeconds: 10, accountConcurrency: 10 },
};
