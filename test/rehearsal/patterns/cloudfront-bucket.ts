// A distribution before a bucket and a domain of its own.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const origin = S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Bucket'));
const distribution = new Distribution(stack, 'Distribution', { defaultBehavior: { origin } });
new CfnOutput(stack, 'Host', { value: Fn.select(0, Fn.split('.', distribution.distributionDomainName)) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
