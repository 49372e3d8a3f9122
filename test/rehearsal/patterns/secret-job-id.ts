// A job id that only Secrets Manager knows.
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new JobDeletion(stack, 'Teardown', {
  jobId: SecretValue.secretsManager('fleet', { jsonField: 'job' }).unsafeUnwrap(),
  force: true,
});
