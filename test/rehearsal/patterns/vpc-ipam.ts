// A VPC whose range IPAM gives out, with subnets that are computed from it.
import { App, Fn, Stack } from 'aws-cdk-lib';
import { CfnIPAM, CfnIPAMPool, CfnSubnet, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const ipam = new CfnIPAM(stack, 'Ipam', { operatingRegions: [{ regionName: stack.region }] });
const pool = new CfnIPAMPool(stack, 'Pool', { addressFamily: 'ipv4', ipamScopeId: ipam.attrPrivateDefaultScopeId });
const vpc = new CfnVPC(stack, 'Vpc', { ipv4IpamPoolId: pool.ref, ipv4NetmaskLength: 20 });
for (const index of [0, 1, 2]) {
  const cidrBlock = Fn.select(index, Fn.cidr(vpc.attrCidrBlock, 4, '8'));
  new CfnSubnet(stack, `Subnet${index}`, { vpcId: vpc.ref, cidrBlock });
}
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
