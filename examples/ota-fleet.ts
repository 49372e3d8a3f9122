import { type App, Duration, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobSelection, JobSweep, TargetSelection } from 'cdk-iot-job-deletion';

/** A fleet whose jobs others create at any time: every job that targets the thing group is deleted before the group. */
export function otaFleet(app: App): void {
  const stack = new Stack(app, 'OtaFleet');
  const fleet = new CfnThingGroup(stack, 'Fleet', { thingGroupName: 'greenhouses' });
  new JobSweep(stack, 'Rollouts', {
    jobs: JobSelection.targeting(fleet, { targetSelection: TargetSelection.CONTINUOUS }),
    cancelFirst: true,
    force: true,
    maxJobs: 200,
    timeout: Duration.minutes(30),
  });
}
