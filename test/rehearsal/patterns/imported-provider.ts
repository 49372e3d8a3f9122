// The provider is in another app, which exports its token.
import { App, Fn, Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const serviceToken = Fn.importValue('Platform-JobDeletions');
const provider = JobDeletionProvider.fromAttributes(stack, 'Provider', { serviceToken });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true, provider });
