import { Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobSelection, JobSweep, TargetSelection } from '../../lib';
import { integApp, integTest } from './integ-test';

/** Whatever targets a thing group, which may go only after it. On AWS: jobs of others' making go with the stack. */
const app = integApp();
const stack = new Stack(app, 'IntegJobSweep');
const fleet = new CfnThingGroup(stack, 'Fleet');
new JobSweep(stack, 'Rollouts', {
  jobs: JobSelection.targeting(fleet, { targetSelection: TargetSelection.CONTINUOUS }),
  cancelFirst: true,
  force: true,
});

integTest(app, 'JobSweep', {
  stacks: [stack],
  target: fleet.attrArn,
  targetSelection: TargetSelection.CONTINUOUS,
  jobIds: ['integ-job-sweep-1', 'integ-job-sweep-2', 'integ-job-sweep-3'],
});
