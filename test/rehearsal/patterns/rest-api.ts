// An API with a usage plan and a custom domain.
import { App, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const handler = new Function(stack, 'Handler', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
});
const api = new LambdaRestApi(stack, 'Api', { handler });
api.addUsagePlan('Plan').addApiKey(api.addApiKey('Key'));
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
