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
   * The only jobs that this provider may touch: job ids in which `*` and `?` stand for any characters, such as
   * `ota-*`. At least one; 1 to 64 characters of `[a-zA-Z0-9_*?-]` each.
   *
   * The permissions are made from these patterns and never from the jobs, so that an update can still delete a job
   * that has left the app. For the same reason, narrow the patterns in a later deployment than the one in which the
   * last job outside them leaves.
   *
   * @default ['*'] - every job of the stack's account and region
   */
  readonly jobIdPatterns?: string[];

  /**
   * Further regions whose jobs this provider may touch, such as `eu-west-1`, of any partition. Like the patterns, narrow
   * them only after the last job there has left the app.
   *
   * @default - the stack's own region alone
   */
  readonly regions?: string[];

  /**
   * The ARNs of the roles that this provider may assume to delete jobs of other accounts. Like the patterns, take one
   * away only after the last job that needs it has left the app.
   *
   * An ARN that is spelt out, or the `roleArn` of a role that is imported, or that has a name and is in another account:
   * the permission to assume it must be known at synth.
   *
   * @default - none
   */
  readonly assumableRoles?: string[];

  /**
   * Where the handler writes its log.
   *
   * @default - a new log group that keeps events for a month and is deleted with the provider
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * The VPC to run the handler in. It needs a way to AWS IoT, CloudFormation, Step Functions and Amazon S3 from there,
   * and to AWS STS where it assumes a role.
   *
   * @default - no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where in the VPC. Only with `vpc`.
   *
   * @default - the VPC's default strategy
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the handler. Only with `vpc`.
   *
   * @default - a new one
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role of the handler. Lambda must be able to assume it, and it must be able to write to the log group (and to
   * work in the VPC, if there is one). The provider adds the permissions that the deletion needs, and the permission to
   * decrypt with `encryptionKey`.
   *
   * @default - a new role
   */
  readonly role?: iam.IRole;

  /**
   * The key that encrypts the handler's environment variables and the data of the waiter's executions. The roles of both
   * may then use it.
   *
   * @default - keys that AWS Lambda and AWS Step Functions own
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * What deletes jobs: a `JobDeletionProvider`, or one of another app.
 */
export interface IJobDeletionProvider extends IConstruct {
  /** What a custom resource names to be served by this provider: the ARN of its function. */
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
   * How many jobs were found and kept, because somebody else has them: another resource of the stack, or AWS itself.
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
 * What is known of a provider that another app made. What is not given is not checked at synth.
 */
export interface JobDeletionProviderAttributes {
  /** The ARN of the provider's function: its `serviceToken`. In the account and region of the stacks that use it. */
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
