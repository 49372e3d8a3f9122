// One app for two stages in two regions.
import { App, Stack, Stage } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const app = new App();
for (const region of ['eu-west-1', 'us-east-1']) {
  const stage = new Stage(app, region, { env: { account: '111122223333', region } });
  new JobDeletion(new Stack(stage, 'Fleet'), 'Teardown', { jobId: `ota-${region}`, force: true });
}
