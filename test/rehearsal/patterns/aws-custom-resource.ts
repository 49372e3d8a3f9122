// CDK's own custom resource for one AWS call, whose answer is used.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const endpoint = new AwsCustomResource(stack, 'Endpoint', {
  onCreate: {
    service: 'Iot',
    action: 'describeEndpoint',
    physicalResourceId: PhysicalResourceId.fromResponse('endpointAddress'),
  },
  policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
});
new CfnOutput(stack, 'Account', { value: Fn.select(0, Fn.split('-', endpoint.getResponseField('endpointAddress'))) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
