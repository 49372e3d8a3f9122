// Resources, outputs and properties under conditions.
import { App, CfnCondition, CfnOutput, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const stage = new CfnParameter(stack, 'Stage', { default: 'beta' });
const isProd = new CfnCondition(stack, 'IsProd', { expression: Fn.conditionEquals(stage.valueAsString, 'prod') });
const isHere = new CfnCondition(stack, 'IsHere', { expression: Fn.conditionNot(Fn.conditionAnd(isProd, isProd)) });
const bucket = new CfnBucket(stack, 'Bucket');
bucket.cfnOptions.condition = isProd;
new CfnOutput(stack, 'Name', { value: bucket.ref, condition: isProd });
const jobId = Fn.conditionIf(isHere.logicalId, 'ota-beta', 'ota-prod').toString();
new JobDeletion(stack, 'Teardown', { jobId, force: true });
