// A job id per region, from a mapping.
import { App, Aws, CfnMapping, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const mapping = new CfnMapping(stack, 'Jobs', {
  mapping: { 'us-east-1': { id: 'ota-us' }, 'eu-west-1': { id: 'ota-eu' } },
});
new JobDeletion(stack, 'Teardown', { jobId: mapping.findInMap(Aws.REGION, 'id'), force: true });
