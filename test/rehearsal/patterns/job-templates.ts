// Jobs of templates: one of the app's own, and one of AWS's.
import { App, Stack } from 'aws-cdk-lib';
import { CfnJob, CfnJobTemplate, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const vans = new CfnThingGroup(stack, 'Vans');
const template = new CfnJobTemplate(stack, 'Template', {
  jobTemplateId: 'firmware',
  description: 'A firmware update',
  document: '{}',
});
const own = { jobId: 'firmware-7', targets: [vans.attrArn], jobTemplateArn: template.attrArn };
JobDeletion.forJob(stack, 'Own', new CfnJob(stack, 'Firmware', own), { force: true });
const reboot = new CfnJob(stack, 'Reboot', {
  jobId: 'reboot-7',
  targets: [vans.attrArn],
  jobTemplateArn: `arn:aws:iot:${stack.region}::jobtemplate/AWS-Reboot:1.0`,
  documentParameters: { runAsUser: 'root' },
});
JobDeletion.forJob(stack, 'Managed', reboot, { cancelFirst: true });
