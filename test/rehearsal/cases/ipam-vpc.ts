// Got: subnets CREATE_FAILED: "Requested attribute CidrBlock does not exist in schema for AWS::EC2::VPC".
// Expected: all is well: the address range of a VPC from IPAM is known to nobody before; then Fn::Cidr must stand a made-up one.
import { App, Stack } from 'aws-cdk-lib';
import { IpAddresses, Vpc } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion } from 'cdk-iot-job-deletion';
const stack = new Stack(new App(), 'Fleet');
const ipAddresses = IpAddresses.awsIpamAllocation({
  ipv4IpamPoolId: 'ipam-pool-1',
  ipv4NetmaskLength: 18,
  defaultSubnetIpv4NetmaskLength: 24,
});
new Vpc(stack, 'Vpc', { natGateways: 0, ipAddresses });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
