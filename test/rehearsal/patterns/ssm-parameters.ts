// Parameters of the app, of AWS and of another app.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const own = new StringParameter(stack, 'Own', { stringValue: 'ota-own' });
const theirs = StringParameter.valueForStringParameter(stack, '/platform/job');
const list = StringListParameter.valueForTypedListParameter(stack, '/platform/things');
new CfnOutput(stack, 'First', { value: Fn.select(0, list) });
new JobDeletion(stack, 'Teardown', { jobId: own.stringValue, force: true });
new JobDeletion(stack, 'Theirs', { jobId: theirs, force: true });
