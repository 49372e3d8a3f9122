// HANG, as instrumented-functions: the framework's role is not in the embedded IAM.
// Expected: a role that a function names and the app does not have is made, as docs/rehearse.md says of roles; exit 0.
import { App, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { JobDeletion } from 'cdk-iot-job-deletion';
const app = new App();
const roles = ['HandlerRole', 'Waiter/Role'];
Role.customizeRoles(app, {
  usePrecreatedRoles: Object.fromEntries(
    roles.map((role) => [`Fleet/JobDeletionProvider/${role}`, `jobs-${role.split('/')[0]}`]),
  ),
});
new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', { jobId: 'ota-1', force: true });
