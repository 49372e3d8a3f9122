import { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import { integApp, integTest } from './integ-test';

/**
 * One provider, in a VPC and for a few jobs only, that another stack uses. On AWS: from the private subnets it reaches
 * everything that it needs, and its permissions are enough.
 */
const app = integApp();
const platform = new Stack(app, 'IntegPlatform');
const provider = new JobDeletionProvider(platform, 'Provider', {
  jobIdPatterns: ['integ-shared-*'],
  vpc: new Vpc(platform, 'Vpc', { maxAzs: 2, natGateways: 1 }),
  vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  logGroup: new LogGroup(platform, 'Log', { retention: RetentionDays.ONE_DAY }),
});
const greenhouse = new Stack(app, 'IntegGreenhouse');
const thing = new CfnThing(greenhouse, 'Thing');
const { jobId } = new JobDeletion(greenhouse, 'Teardown', {
  jobId: 'integ-shared-provider',
  force: true,
  deleteBefore: [thing],
  provider,
});

integTest(app, 'SharedProvider', { stacks: [platform, greenhouse], target: thing.attrArn, jobIds: [jobId] });
