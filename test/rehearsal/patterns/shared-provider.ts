// One stack has the provider, two use it.
import { App, Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

const app = new App();
const stack = new Stack(app, 'Platform');
const provider = new JobDeletionProvider(stack, 'Provider');
for (const name of ['Vans', 'Buses']) {
  new JobDeletion(new Stack(app, name), 'Teardown', { jobId: `ota-${name}`, force: true, provider });
}
