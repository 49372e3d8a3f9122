// Subnets in whatever zones the region has.
import { App, Fn, Stack } from 'aws-cdk-lib';
import { CfnSubnet, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const vpc = new CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
for (const index of [0, 1, 2]) {
  new CfnSubnet(stack, `Subnet${index}`, {
    vpcId: vpc.ref,
    availabilityZone: Fn.select(index, Fn.getAzs()),
    cidrBlock: Fn.select(index, Fn.cidr('10.0.0.0/16', 4)),
  });
}
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
