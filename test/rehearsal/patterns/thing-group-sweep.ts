// All jobs of a thing group of the app.
import { App, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const group = new CfnThingGroup(stack, 'Vans');
new JobSweep(stack, 'Teardown', { jobs: JobSelection.targeting(group), force: true });
