// A template with the serverless transform: its resources are not known here.
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
stack.addTransform('AWS::Serverless-2016-10-31');
new CfnResource(stack, 'Site', {
  type: 'AWS::Serverless::Function',
  properties: { Runtime: 'python3.13', Handler: 'index.handler', InlineCode: 'def handler(event, context): pass' },
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
