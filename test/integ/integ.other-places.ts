import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import { integApp, integTest } from './integ-test';

/**
 * A job that is deleted as another role, and one of another region. On AWS: one account is enough, the INTEG_ACCOUNT, as
 * the role is the stack's own; the job in the other region does not exist, which only an answer from there can tell.
 */
const roleName = 'integ-other-places';
const roleArn = `arn:aws:iam::${process.env.INTEG_ACCOUNT ?? '111111111111'}:role/${roleName}`;
const app = integApp();
const stack = new Stack(app, 'IntegOtherPlaces');
const thing = new CfnThing(stack, 'Thing');
const role = new Role(stack, 'Role', {
  roleName,
  assumedBy: new AccountRootPrincipal(),
  inlinePolicies: {
    Jobs: new PolicyDocument({
      statements: [
        new PolicyStatement({
          actions: ['iot:CancelJob', 'iot:DeleteJob', 'iot:DescribeJob'],
          resources: [stack.formatArn({ service: 'iot', resource: 'job', resourceName: 'integ-other-*' })],
        }),
        new PolicyStatement({ actions: ['iot:ListJobs'], resources: ['*'] }),
      ],
    }),
  },
});
const provider = new JobDeletionProvider(stack, 'Provider', {
  jobIdPatterns: ['integ-other-*'],
  regions: ['us-west-2'],
  assumableRoles: [roleArn],
});
const { jobId } = new JobDeletion(stack, 'AsRole', {
  jobId: 'integ-other-role',
  force: true,
  assumeRole: { roleArn },
  deleteBefore: [role, thing],
  provider,
});
new JobDeletion(stack, 'InRegion', { jobId: 'integ-other-region', region: 'us-west-2', provider });

integTest(app, 'OtherPlaces', { stacks: [stack], target: thing.attrArn, jobIds: [jobId] });
