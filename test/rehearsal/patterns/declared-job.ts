// A job that the stack declares, and its companion.
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const thing = new CfnThing(stack, 'Thing');
const target = stack.formatArn({ service: 'iot', resource: 'thing', resourceName: thing.ref });
const job = new CfnResource(stack, 'Job', {
  type: 'AWS::IoT::Job',
  properties: { JobId: 'ota-declared', Targets: [target], Document: '{}' },
});
JobDeletion.forJob(stack, 'Teardown', job, { force: true });
