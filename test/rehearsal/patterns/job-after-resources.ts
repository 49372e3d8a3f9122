// A deletion before whatever its devices need.
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const firmware = new Bucket(stack, 'Firmware');
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', cancelFirst: true, deleteBefore: [firmware] });
