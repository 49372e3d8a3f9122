// A key for the logs of everything.
import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
const logGroup = new LogGroup(stack, 'Logs', { encryptionKey });
const provider = new JobDeletionProvider(stack, 'Provider', { logGroup });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true, provider });
