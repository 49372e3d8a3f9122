// A task that EventBridge starts.
import { App, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ScheduledFargateTask } from 'aws-cdk-lib/aws-ecs-patterns';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new ScheduledFargateTask(stack, 'Task', {
  cluster: new Cluster(stack, 'Cluster'),
  schedule: Schedule.expression('rate(1 day)'),
  scheduledFargateTaskImageOptions: { image: ContainerImage.fromRegistry('amazon/amazon-ecs-sample') },
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
