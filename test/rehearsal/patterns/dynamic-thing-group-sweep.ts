// All jobs of a group that a query fills.
import { App, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const group = new CfnThingGroup(stack, 'Old', { thingGroupName: 'old', queryString: 'attributes.version:1*' });
new JobSweep(stack, 'Teardown', { jobs: JobSelection.targeting(group), cancelFirst: true });
