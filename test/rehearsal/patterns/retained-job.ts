// A job that outlives its stack.
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true, removalPolicy: RemovalPolicy.RETAIN });
