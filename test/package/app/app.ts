import { App, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const app = new App();
const stack = new Stack(app, 'Fleet');
const thingGroup = new CfnThingGroup(stack, 'Group', { thingGroupName: 'greenhouses' });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-2026-11', force: true, deleteBefore: [thingGroup] });
new JobSweep(stack, 'Sweep', { jobs: JobSelection.targeting(thingGroup), force: true });
app.synth();
