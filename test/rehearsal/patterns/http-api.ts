// An HTTP API, whose endpoint is taken apart.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const api = new HttpApi(stack, 'Api');
new CfnOutput(stack, 'Host', { value: Fn.select(2, Fn.split('/', api.apiEndpoint)) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
