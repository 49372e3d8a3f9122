import { Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';
import type { Construct } from 'constructs';

/** What docs/local.md calls your stack. */
export class MyStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const thingGroup = new CfnThingGroup(this, 'Group', { thingGroupName: 'greenhouses' });
    new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true, deleteBefore: [thingGroup] });
    new JobSweep(this, 'Sweep', { jobs: JobSelection.targeting(thingGroup), force: true });
  }
}
