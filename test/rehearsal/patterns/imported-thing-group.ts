// A thing group that is there without the app.
import { App, Stack } from 'aws-cdk-lib';
import { JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new JobSweep(stack, 'Teardown', { jobs: JobSelection.matching({ thingGroupName: 'platform' }), force: true });
