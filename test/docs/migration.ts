import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { AwsCustomResource, AwsCustomResourcePolicy } from 'aws-cdk-lib/custom-resources';
import { JobDeletion } from 'cdk-iot-job-deletion';

/** The first step of docs/migrating.md. */
export function retain(stack: Stack): void {
  new AwsCustomResource(stack, 'DeleteJob', {
    onDelete: { service: 'iot', action: 'DeleteJob', parameters: { jobId: 'ota-2026-11', force: true } },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
    removalPolicy: RemovalPolicy.RETAIN, // the only new line
  });
}

/** The second step. */
export function replace(stack: Stack): void {
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-2026-11', force: true });
}
