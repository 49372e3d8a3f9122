// Only what is over, continuous jobs alone.
import { App, Stack } from 'aws-cdk-lib';
import { JobSelection, JobStatus, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const statuses = [JobStatus.COMPLETED, JobStatus.CANCELED];
const jobs = JobSelection.matching({ jobIdPrefix: 'nightly-', statuses });
new JobSweep(stack, 'Teardown', { jobs });
