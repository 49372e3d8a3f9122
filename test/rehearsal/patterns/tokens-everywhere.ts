// A token in each property that takes one.
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const text = (id: string, value: string): string => new CfnParameter(stack, id, { default: value }).valueAsString;
const namespaceId = text('Namespace', 'edge');
new JobDeletion(stack, 'Teardown', {
  jobId: text('Job', 'ota-1'),
  namespaceId,
  revision: text('Revision', '1'),
  force: true,
});
const jobs = JobSelection.matching({
  jobIdPrefix: text('Prefix', 'ota-'),
  namespaceId,
  tags: { app: text('Tag', 'vans') },
});
new JobSweep(stack, 'Sweep', { jobs, force: true, revision: text('SweepRevision', '1') });
