// A provisioning template with a hook.
import { App, Aws, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnProvisioningTemplate } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('iot.amazonaws.com') });
new CfnProvisioningTemplate(stack, 'Template', {
  provisioningRoleArn: role.roleArn,
  templateBody: stack.toJsonString({ Parameters: {}, Resources: {}, Region: Aws.REGION }),
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
