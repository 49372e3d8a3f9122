// Roles with a boundary, a path and a name.
import { App, PermissionsBoundary, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const app = new App({ context: { '@aws-cdk/core:permissionsBoundary': { name: 'developers' } } });
const stack = new Stack(app, 'Fleet', { permissionsBoundary: PermissionsBoundary.fromName('developers') });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
