// What only an account knows, in each property that takes a token.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { JobDeletion, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const { topicName } = new Topic(stack, 'Topic');
new JobDeletion(stack, 'Teardown', { jobId: `ota-${topicName}`, namespaceId: topicName, force: true });
new JobSweep(stack, 'Sweep', {
  jobs: JobSelection.matching({ jobIdPrefix: topicName, tags: { topic: topicName } }),
  force: true,
});
new JobSweep(stack, 'Group', { jobs: JobSelection.matching({ thingGroupName: topicName }), force: true });
