// FALSE GREEN. Run: npx cdk-iot-job-deletion rehearse --app "npx tsx same-stack-name.ts"
// Got: "2 jobs … gone", exit 0; both environments rehearse Beta's template (ota-beta twice), ota-prod is never made.
// Expected: 222222222222 rehearses its own template: job ota-prod, COMPLETED, gone. With `--job ota-prod=IN_PROGRESS` it must fail.
// Why: local/assembly.ts synthesizedStack() finds the first stack of that stackName; the name is unique only per environment.
import { App, Stack, Stage } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';
const app = new App();
for (const [name, account] of Object.entries({ beta: '111111111111', prod: '222222222222' })) {
  const stage = new Stage(app, name, { env: { account, region: 'eu-west-1' } });
  const stack = new Stack(stage, 'Fleet', { stackName: 'fleet' });
  new JobDeletion(stack, 'Teardown', { jobId: `ota-${name}`, force: name === 'beta' });
}
