// A custom resource on CDK's provider framework, which others depend on.
import { App, CustomResource, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const onEventHandler = new Function(stack, 'OnEvent', {
  runtime: Runtime.PYTHON_3_13,
  handler: 'index.handler',
  code: Code.fromInline('def handler(event, context): return {}'),
});
const { serviceToken } = new Provider(stack, 'Seeder', { onEventHandler });
const seed = new CustomResource(stack, 'Seed', { serviceToken, resourceType: 'Custom::Seed' });
seed.node.addDependency(new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true }));
