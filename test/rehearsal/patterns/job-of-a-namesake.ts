// Custom resources that make jobs, and whose types are called much as this library's are: they are somebody else's.
import { App, CustomResource, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const python = { runtime: Runtime.PYTHON_3_13, handler: 'index.handler', code: Code.fromInline('handler = None') };
const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler: new LambdaFunction(stack, 'Make', python) });
const rollout = new CustomResource(stack, 'Rollout', { serviceToken, resourceType: 'Custom::IoTJobRollout' });
new JobDeletion(stack, 'Teardown', { jobId: rollout.getAttString('JobId'), force: true });
new JobSweep(stack, 'Batch', { jobs: JobSelection.ids([rollout.getAttString('First'), 'ota-2']), force: true });

const job = new AwsCustomResource(stack, 'Job', {
  resourceType: 'Custom::IoTJob',
  onCreate: {
    service: 'iot',
    action: 'CreateJob',
    parameters: { jobId: 'ota-1', targets: ['arn:aws:iot:us-east-1:123456789012:thing/van'], document: '{}' },
    physicalResourceId: PhysicalResourceId.of('ota-1'),
  },
  policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
  installLatestAwsSdk: false,
});
new JobDeletion(stack, 'OfTheJob', { jobId: 'ota-1', force: true, deleteBefore: [job] });
