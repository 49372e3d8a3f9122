import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/**
 * How a provider works, and which jobs it may touch.
 */
export interface JobDeletionProviderProps {
  /**
   * The only jobs that this provider may touch, such as `ota-*`. `*` and `?` are wildcards. Give at least one pattern,
   * each of 1 to 64 characters of `[a-zA-Z0-9_*?-]`.
   *
   * The permissions name these patterns and never the jobs of today, so an update can still delete a job that has left
   * the app. First remove the jobs outside the new patterns; narrow in a later deployment.
   *
   * @default ['*'] - every job of the stack's account and region
   */
  readonly jobIdPatterns?: string[];

  /**
   * Further regions whose jobs this provider may touch, such as `eu-west-1`. First remove the jobs of a region; remove
   * the region in a later deployment.
   *
   * @default - the stack's own region alone
   */
  readonly regions?: string[];

  /**
   * The ARNs of roles that this provider may assume to delete jobs of other accounts. First remove the jobs of a role;
   * remove the role in a later deployment.
   *
   * Each ARN must be known at synth. It is a literal, or the `roleArn` of an imported role, or of a named role in another
   * account.
   *
   * @default - none
   */
  readonly assumableRoles?: string[];

  /**
   * The log group of the handler.
   *
   * @default - a new log group that keeps events for a month and is deleted with the provider
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * The VPC to run the handler in. The handler must reach AWS IoT, CloudFormation, Step Functions and Amazon S3 from
   * there. If it assumes a role, it must also reach AWS STS.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
   * @default - no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets to run the handler in. Requires `vpc`.
   *
   * @default - the VPC's default strategy
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the handler. Requires `vpc`.
   *
   * @default - a new one
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role of the handler. Lambda must be able to assume it. It must allow writing to the log group and, with `vpc`,
   * running in the VPC. The provider adds the permissions for the deletion and for `encryptionKey`.
   *
   * @default - a new role
   */
  readonly role?: iam.IRole;

  /**
   * The symmetric key that encrypts the handler's environment variables and the data of the waiter's executions. The
   * provider allows both roles to use it.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_EncryptionConfiguration.html
   * @default - keys that AWS Lambda and AWS Step Functions own
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Deletes jobs: a `JobDeletionProvider`, or one of another app.
 */
export interface IJobDeletionProvider extends IConstruct {
  /** The `ServiceToken` of this provider's custom resources: the ARN of its function. */
  readonly serviceToken: string;

  /** The only jobs that this provider may touch; `*` alone where that is not known. */
  readonly jobIdPatterns: string[];

  /** The further regions whose jobs this provider may touch; `*` where that is not known. */
  readonly regions: string[];

  /** The roles that this provider may assume; `*` where that is not known. */
  readonly assumableRoles: string[];

  /**
   * How many deletions failed. CloudFormation has the reason of each in the events of its stack.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  metricFailedDeletions(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many jobs were deleted.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  metricJobsDeleted(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How many jobs were found and kept, because another resource of the stack or AWS itself manages them.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  metricJobsKept(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How long deletions took, from CloudFormation's request to the answer, in milliseconds.
   *
   * @param props how the metric is shown; the average of five minutes by default
   */
  metricDeletionTime(props?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * How long jobs waited for one of the account's 10 deletion slots, in milliseconds.
   *
   * @param props how the metric is shown; the maximum of five minutes by default
   */
  metricWaitForSlot(props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * Describes a provider that another app made. Attributes that are not given are not checked at synth.
 */
export interface JobDeletionProviderAttributes {
  /** The ARN of the provider's function, in the account and region of the stacks that use it. */
  readonly serviceToken: string;

  /**
   * The only jobs that the provider may touch.
   *
   * @default - not known
   */
  readonly jobIdPatterns?: string[];

  /**
   * The further regions whose jobs the provider may touch.
   *
   * @default - not known
   */
  readonly regions?: string[];

  /**
   * The roles that the provider may assume.
   *
   * @default - not known
   */
  readonly assumableRoles?: string[];
}
