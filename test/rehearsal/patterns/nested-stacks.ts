// A nested stack in a nested stack, with values in both directions.
import { App, CfnOutput, NestedStack, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const outer = new NestedStack(stack, 'Outer');
const inner = new NestedStack(outer, 'Inner');
const topic = new Topic(stack, 'Topic');
new CfnOutput(inner, 'Name', { value: topic.topicName });
new CfnOutput(stack, 'Inner', { value: new Topic(inner, 'Deep').topicArn });
new JobDeletion(inner, 'Teardown', { jobId: 'ota-1', force: true });
