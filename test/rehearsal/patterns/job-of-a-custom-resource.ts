// A custom resource makes the job; its answer has the id.
import { App, CustomResource, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const rollout = new CustomResource(stack, 'Rollout', {
  serviceToken: 'arn:aws:lambda:us-east-1:123456789012:function:rollouts',
  resourceType: 'Custom::Rollout',
});
new JobDeletion(stack, 'Teardown', { jobId: rollout.getAttString('JobId'), cancelFirst: true });
