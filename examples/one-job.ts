import { type App, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

/** One job, deleted with its stack. */
export function oneJob(app: App): void {
  const stack = new Stack(app, 'OneJob');
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-2026-11', force: true });
}
