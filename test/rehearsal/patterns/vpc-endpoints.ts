// A VPC with gateway and interface endpoints, whose DNS entries are a list.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, Vpc } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 3 });
vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
const iot = vpc.addInterfaceEndpoint('Iot', { service: InterfaceVpcEndpointAwsService.SSM });
new CfnOutput(stack, 'Dns', { value: Fn.select(1, Fn.split(':', Fn.select(0, iot.vpcEndpointDnsEntries))) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
