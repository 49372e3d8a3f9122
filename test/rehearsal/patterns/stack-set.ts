// Stacks in other accounts, which are not rehearsed.
import { App, CfnStackSet, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new CfnStackSet(stack, 'Elsewhere', {
  stackSetName: 'vans',
  permissionModel: 'SERVICE_MANAGED',
  templateBody: '{"Resources":{}}',
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
