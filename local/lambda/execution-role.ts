import type { Account } from '../account';
import { ServiceError } from '../api';
import type { Iam } from '../iam/iam';
import type { FunctionConfiguration } from './execution-environment';

/** What AWS asks of the role of a function that works in a VPC, and AWSLambdaVPCAccessExecutionRole allows. */
export const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** Throws Lambda's error if a function's role does not let Lambda bring it into its VPC or decrypt its environment. */
export async function authoriseStart(iam: Iam, { roleArn, inVpc, kmsKeyArn }: FunctionConfiguration): Promise<void> {
  if (inVpc && !(await allowsAll(iam, roleArn, NETWORK_ACTIONS, '*'))) {
    throw new ServiceError(
      'EC2AccessDeniedException',
      502,
      'Lambda was not able to set up the VPC access of the Lambda function: EC2 access was denied.',
    );
  }
  // AWS Lambda grants the role that itself where the person who deploys may let it: we don't rely on such a person.
  if (kmsKeyArn !== undefined && !(await allowsAll(iam, roleArn, ['kms:Decrypt'], kmsKeyArn))) {
    throw new ServiceError(
      'KMSAccessDeniedException',
      502,
      'Lambda was unable to decrypt the environment variables because KMS access was denied. ' +
        "Please check the function's KMS key settings.",
    );
  }
}

/** Whether a function's role lets Lambda write to its log group; if not, what the function writes is lost. */
export async function canLog(
  iam: Iam,
  { accountId, region }: Account,
  { functionName, roleArn, logGroupName }: FunctionConfiguration,
): Promise<boolean> {
  // Its own log group comes with the first line; any other is there.
  const actions = [
    ...(logGroupName === undefined ? ['logs:CreateLogGroup'] : []),
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ];
  const logGroup = `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName ?? `/aws/lambda/${functionName}`}`;
  return allowsAll(iam, roleArn, actions, `${logGroup}:log-stream:stream`);
}

async function allowsAll(iam: Iam, roleArn: string, actions: readonly string[], resource: string): Promise<boolean> {
  const role = iam.roleByArn(roleArn);
  const answers = await Promise.all(actions.map((action) => iam.allows(role, action, resource)));
  return answers.every(Boolean);
}
