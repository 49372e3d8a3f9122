import { App, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const app = new App();
const stack = new Stack(app, 'Greenhouses');
const fleet = new CfnThingGroup(stack, 'Fleet', { thingGroupName: 'greenhouses' });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-2026-11', force: true, deleteBefore: [fleet] });
new JobSweep(stack, 'Rollouts', { jobs: JobSelection.targeting(fleet), force: true });
app.synth();
