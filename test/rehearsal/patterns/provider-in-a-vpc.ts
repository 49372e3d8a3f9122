// The function in subnets of the app.
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const provider = new JobDeletionProvider(stack, 'Provider', { vpc: new Vpc(stack, 'Vpc') });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true, provider });
