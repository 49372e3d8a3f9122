// A group of instances that scales by its load.
import { App, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const group = new AutoScalingGroup(stack, 'Group', {
  vpc: new Vpc(stack, 'Vpc'),
  instanceType: new InstanceType('t4g.micro'),
  machineImage: MachineImage.latestAmazonLinux2023(),
});
group.scaleOnCpuUtilization('Load', { targetUtilizationPercent: 50 });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
