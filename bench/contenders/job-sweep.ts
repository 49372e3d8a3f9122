import { JobSelection, JobSweep } from '../../lib';
import { stackContender } from '../contender';

/** One `JobSweep` for all jobs, which it knows by their prefix alone. */
export const jobSweep = stackContender('JobSweep', (stack) => {
  new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'bench-' }), force: true });
});
