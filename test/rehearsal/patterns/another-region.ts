// Jobs of another region, deleted from here.
import { App, Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const provider = new JobDeletionProvider(stack, 'Provider', { regions: ['eu-west-1'] });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true, region: 'eu-west-1', provider });
