import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from './nag-acknowledgements';

/** Where a role's functions run, and where they log. */
export interface FunctionRoleProps {
  /** The VPC that they run in, if any. */
  readonly vpc?: IVpc;

  /** The log group that they share; without one, each has its own `/aws/lambda/…`. */
  readonly logGroup?: ILogGroup;
}

/**
 * A role for functions, with what AWSLambdaBasicExecutionRole and AWSLambdaVPCAccessExecutionRole allow, except that it
 * can log only where functions do. Its policy is inside it: that costs no resource.
 */
export function functionRole(scope: Construct, id: string, { vpc, logGroup }: FunctionRoleProps): Role {
  const logGroupArn = logGroup?.logGroupArn ?? functionLogGroups(scope);
  const createLogGroup = logGroup ? [] : ['logs:CreateLogGroup'];
  const logging = new PolicyStatement({
    actions: [...createLogGroup, 'logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
  const network = new PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { Function: new PolicyDocument({ statements: vpc ? [logging, network] : [logging] }) },
  });
  acknowledgeWildcards(
    role,
    [logGroupArn],
    "A log group has its function's name, and the function needs the role first.",
  );
  if (vpc) {
    const reason =
      'To attach functions to a VPC Lambda makes network interfaces, which AWS wants allowed on all resources.';
    acknowledgeWildcards(role, ['*'], reason);
    acknowledge(role, { 'Serverless-LambdaStarPermissions': reason });
  }
  return role;
}

function functionLogGroups(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '/aws/lambda/*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
