// A distribution before a function, whose URL is split.
import { App, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const handler = new Function(stack, 'Site', {
  runtime: Runtime.PYTHON_3_13,
  handler: 'index.handler',
  code: Code.fromInline('def handler(event, context): return {"statusCode": 200}'),
});
const origin = new FunctionUrlOrigin(handler.addFunctionUrl());
new Distribution(stack, 'Distribution', { defaultBehavior: { origin } });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
