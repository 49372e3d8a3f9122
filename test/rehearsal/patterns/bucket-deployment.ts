// Firmware that is copied into a bucket when one deploys.
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const destinationBucket = new Bucket(stack, 'Firmware');
const sources = [Source.data('manifest.json', '{"version":"1.4.2"}')];
new BucketDeployment(stack, 'Copy', { sources, destinationBucket });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
