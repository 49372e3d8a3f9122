import { type App, Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

/** The stack is in the account of the tools. It deletes jobs of the fleet's account, with a role of that account. */
export function anotherAccount(app: App): void {
  const stack = new Stack(app, 'Tools', { env: { account: '111111111111', region: 'eu-west-1' } });
  const roleArn = 'arn:aws:iam::222222222222:role/delete-ota-jobs';
  const provider = new JobDeletionProvider(stack, 'FleetJobs', {
    jobIdPatterns: ['ota-*'],
    regions: ['eu-central-1'],
    assumableRoles: [roleArn],
  });
  new JobDeletion(stack, 'Teardown', {
    jobId: 'ota-2026-11',
    force: true,
    region: 'eu-central-1',
    assumeRole: { roleArn, externalId: 'tools' },
    provider,
  });
}
