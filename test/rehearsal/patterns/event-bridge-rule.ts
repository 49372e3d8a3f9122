// A rule, a dead-letter queue and an archive.
import { App, Stack } from 'aws-cdk-lib';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const bus = new EventBus(stack, 'Bus');
bus.archive('Archive', { eventPattern: { account: [stack.account] } });
new Rule(stack, 'Rule', {
  schedule: Schedule.expression('rate(1 hour)'),
  targets: [new SqsQueue(new Queue(stack, 'Queue'))],
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
