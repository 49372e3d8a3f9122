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
export class FunctionRole extends Role {
  constructor(scope: Construct, id: string, { vpc, logGroup }: FunctionRoleProps) {
    const logGroupArn = logGroup?.logGroupArn ?? functionLogGroups(scope);
    const logging = new PolicyStatement({
      actions: [...(logGroup ? [] : ['logs:CreateLogGroup']), 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    });
    const statements = vpc ? [logging, networking()] : [logging];
    super(scope, id, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Function: new PolicyDocument({ statements }) },
    });
    acknowledgeWildcards(
      this,
      [logGroupArn],
      "A log group has its function's name, and the function needs the role first.",
    );
    if (vpc) {
      const reason = 'Lambda makes the network interfaces in the VPC, and AWS wants that allowed on all resources.';
      acknowledgeWildcards(this, ['*'], reason);
      acknowledge(this, { 'Serverless-LambdaStarPermissions': reason });
    }
  }
}

function networking(): PolicyStatement {
  return new PolicyStatement({
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
}

function functionLogGroups(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '/aws/lambda/*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
