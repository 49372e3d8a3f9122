// Whatever a pipeline named like this.
import { App, Aws, Stack } from 'aws-cdk-lib';
import { JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new JobSweep(stack, 'Teardown', {
  jobs: JobSelection.matching({ jobIdPrefix: `ota-${Aws.STACK_NAME}-` }),
  force: true,
});
