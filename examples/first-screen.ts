import { type App, type CfnResource, Stack } from 'aws-cdk-lib';
import { CfnJob, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

/** What the README shows first. */
class FirstScreen extends Stack {
  use(declaredJob: CfnResource, thingGroup: CfnThingGroup): void {
    // One job, by its id.
    new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true });

    // A job that this stack declares as AWS::IoT::Job, even while it is active.
    JobDeletion.forJob(this, 'Companion', declaredJob, { cancelFirst: true });

    // Every job that targets a thing group, then the group itself.
    new JobSweep(this, 'Sweep', { jobs: JobSelection.targeting(thingGroup), force: true });
  }
}

/** A declared job, a thing group, and their teardown. */
export function firstScreen(app: App): void {
  const stack = new FirstScreen(app, 'FirstScreen');
  const thingGroup = new CfnThingGroup(stack, 'Fleet', { thingGroupName: 'greenhouses' });
  const declaredJob = new CfnJob(stack, 'Rollout', {
    jobId: 'ota-2026-12',
    targets: [thingGroup.attrArn],
    document: JSON.stringify({ operation: 'update' }),
  });
  stack.use(declaredJob, thingGroup);
}
