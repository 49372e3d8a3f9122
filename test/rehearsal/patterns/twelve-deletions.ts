// A job for each van, more than there are deletion slots.
import { App, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
for (let van = 1; van <= 12; van++) {
  new JobDeletion(stack, `Van${van}`, { jobId: `ota-van-${van}`, force: true });
}
