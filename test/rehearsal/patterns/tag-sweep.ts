// Whatever has the tag of the stack.
import { App, Aws, Stack } from 'aws-cdk-lib';
import { JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new JobSweep(stack, 'Teardown', { jobs: JobSelection.matching({ tags: { stack: Aws.STACK_NAME } }), force: true });
