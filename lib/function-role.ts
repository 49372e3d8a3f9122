import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledgeInlinePolicy, acknowledgeStarPermissions, acknowledgeWildcards } from './nag-acknowledgements';

/** Where a role's function runs, and where it logs. */
export interface FunctionRoleProps {
  /** The VPC that it runs in, if any. */
  readonly vpc?: IVpc;

  /** The log group that it writes to, and the only one. */
  readonly logGroup: ILogGroup;
}

/**
 * A role for a function, with what AWSLambdaBasicExecutionRole and AWSLambdaVPCAccessExecutionRole allow, except that it
 * can log only where the function does. Its policy is inside it: that costs no resource.
 */
export class FunctionRole extends Role {
  constructor(scope: Construct, id: string, { vpc, logGroup }: FunctionRoleProps) {
    const logging = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    super(scope, id, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Function: new PolicyDocument({ statements: vpc ? [logging, networking()] : [logging] }) },
    });
    acknowledgeInlinePolicy(this);
    acknowledgeWildcards(this, [logGroup.logGroupArn], 'The log streams of one log group, whose names Lambda makes.');
    if (vpc) {
      const reason = 'Lambda makes the network interfaces in the VPC, and AWS wants that allowed on all resources.';
      acknowledgeStarPermissions(this, reason);
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
