import { type App, Stack } from 'aws-cdk-lib';
import { CfnJob, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

/**
 * A job that the stack declares, and its companion. CloudFormation deletes a declared job without force, which fails
 * while devices execute it. The companion deletes it first. Another firmware replaces the job.
 */
export function declaredJob(app: App, firmware = '2026-11'): void {
  const stack = new Stack(app, 'DeclaredJob');
  const fleet = new CfnThingGroup(stack, 'Fleet', { thingGroupName: 'greenhouses' });
  const rollout = new CfnJob(stack, 'Rollout', {
    jobId: `ota-${firmware}`,
    targets: [fleet.attrArn],
    targetSelection: 'CONTINUOUS',
    document: JSON.stringify({ operation: 'update', firmware }),
  });
  JobDeletion.forJob(stack, 'Teardown', rollout, { force: true });
}
