import { createHash } from 'node:crypto';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { parseRoleArn } from './assumed-role';
import { acknowledgeInlinePolicy, acknowledgeWildcards } from './nag-acknowledgements';

/** What the handler may be used for. */
export interface DeletionPolicyProps {
  /** The name of the handler, and of its waiter. */
  readonly functionName: string;
  readonly jobIdPatterns: readonly string[];
  readonly regions: readonly string[];
  readonly assumableRoles: readonly string[];
}

/**
 * What allows the handler to delete jobs. It names patterns, never the jobs of today: an update changes policies first
 * and deletes what it removed last, so a policy made of exact ARNs no longer covers the very job that must go (aws-cdk
 * #14037).
 *
 * Narrowing must not spring that trap either. So what is granted is part of the logical id: another grant is another
 * policy, and the old one goes in the clean-up, after the jobs that needed it.
 */
export function deletionPolicy(
  scope: Construct,
  { functionName, jobIdPatterns, regions, assumableRoles }: DeletionPolicyProps,
): iam.Policy {
  const stack = Stack.of(scope);
  // One statement for all regions: their number must not multiply the policy.
  const region = regions.length > 0 ? '*' : undefined;
  const jobs = jobIdPatterns.map((pattern) =>
    stack.formatArn({ service: 'iot', region, resource: 'job', resourceName: pattern }),
  );
  const stacks = stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: '*' });
  const waiter = stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  // As the roles are known, whatever token they come from.
  const roles = assumableRoles.map((roleArn) => parseRoleArn(scope, roleArn)?.id ?? roleArn);
  const granted = [jobIdPatterns, regions, roles].map((list) => list.join(',')).join(' ');
  const hash = createHash('sha256').update(granted.trim()).digest('hex').slice(0, 8);
  // eslint-disable-next-line cdk/no-variable-construct-id, cdk/require-passing-this -- the construct is the caller's
  const policy = new iam.Policy(scope, `Policy${hash}`, {
    statements: [
      new iam.PolicyStatement({
        actions: ['iot:DescribeJob', 'iot:CancelJob', 'iot:DeleteJob', 'iot:ListTagsForResource'],
        resources: jobs,
        conditions:
          regions.length > 0 ? { StringEquals: { 'aws:RequestedRegion': [stack.region, ...regions] } } : undefined,
      }),
      // To find jobs, and to see whether one of the account's 10 deletion slots is free.
      new iam.PolicyStatement({ actions: ['iot:ListJobs'], resources: ['*'] }),
      // To tell a deletion from a rollback, and what is removed from what was renamed.
      new iam.PolicyStatement({
        actions: [
          'cloudformation:DescribeStacks',
          'cloudformation:DescribeStackEvents',
          'cloudformation:ListStackResources',
        ],
        resources: [stacks],
      }),
      new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [waiter] }),
    ],
  });
  if (assumableRoles.length > 0) {
    policy.addStatements(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [...assumableRoles] }));
  }
  acknowledgeInlinePolicy(policy);
  acknowledgeWildcards(
    policy,
    jobs,
    'An update must still delete the job that has left the app; jobIdPatterns narrows this.',
  );
  acknowledgeWildcards(policy, ['*'], 'IAM knows no resource type for iot:ListJobs.');
  acknowledgeWildcards(policy, [stacks], "A shared provider can't name its users' stacks without a circle.");
  return policy;
}
