// A list of ids, one of them a token.
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const channel = new CfnParameter(stack, 'Channel', { default: 'beta' }).valueAsString;
new JobSweep(stack, 'Teardown', { jobs: JobSelection.ids(['ota-1', `ota-${channel}`]), force: true });
