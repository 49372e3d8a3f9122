// The job id is made of what another stack of the app exports.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { JobDeletion } from 'cdk-iot-job-deletion';

const app = new App();
const stack = new Stack(app, 'Fleet');
const topic = new Topic(new Stack(app, 'Platform'), 'Topic', { topicName: 'canary' });
new JobDeletion(stack, 'Teardown', { jobId: `ota-${topic.topicName}`, force: true });
