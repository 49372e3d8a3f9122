import { type App, Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

/** One provider for several stacks. It runs in a VPC, and may delete only OTA jobs. */
export function sharedProvider(app: App): void {
  const platform = new Stack(app, 'Platform');
  const provider = new JobDeletionProvider(platform, 'OtaJobs', {
    jobIdPatterns: ['ota-*'],
    // Its private subnets reach AWS through the NAT gateway.
    vpc: new Vpc(platform, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    logGroup: new LogGroup(platform, 'Log', { retention: RetentionDays.THREE_MONTHS }),
  });
  for (const crop of ['tomatoes', 'cucumbers']) {
    const stack = new Stack(app, `Greenhouse-${crop}`);
    new JobDeletion(stack, 'Teardown', { jobId: `ota-${crop}`, provider });
  }
}
