// An ECS service behind a load balancer, whose URL is an output.
import { App, Stack } from 'aws-cdk-lib';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancedFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new ApplicationLoadBalancedFargateService(stack, 'Service', {
  cluster: new Cluster(stack, 'Cluster'),
  taskImageOptions: { image: ContainerImage.fromRegistry('amazon/amazon-ecs-sample') },
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
