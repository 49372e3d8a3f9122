// Got: "Fn::Join has malformed arguments: "fleet-ad-….DnsIpAddresses"" (and Fn::Select for one of them).
// Expected: all is well. Which attributes are lists is in CloudFormation's schemas; five names are in bystanders.ts.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { CfnMicrosoftAD } from 'aws-cdk-lib/aws-directoryservice';
import { JobDeletion } from 'cdk-iot-job-deletion';
const stack = new Stack(new App(), 'Fleet');
const ad = new CfnMicrosoftAD(stack, 'Ad', {
  name: 'corp.example.com',
  password: 'x',
  vpcSettings: { vpcId: 'vpc-1', subnetIds: ['a', 'b'] },
});
new CfnOutput(stack, 'Dns', { value: Fn.join(',', ad.attrDnsIpAddresses) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
