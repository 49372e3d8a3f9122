import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AssumedRole } from './assumed-role';
import type { IJobDeletionProvider } from './job-deletion-provider-props';

/**
 * How one or many jobs are deleted.
 */
export interface DeletionOptions {
  /**
   * Cancel each job before deleting it, so that its devices are told. Cancelling uses the same `force`. Without `force`,
   * executions in progress may finish first, within the `timeout`.
   *
   * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CancelJob.html
   * @default false
   */
  readonly cancelFirst?: boolean;

  /**
   * An arbitrary string: changing it deletes the jobs *during* that stack update. The resource stays. Use it for job
   * ids that are used again. A rollback does not undo it.
   *
   * Adding a revision to an existing resource is a change too. Creating the resource with one is not, and neither is
   * removing it. If the selected jobs change in the same update, the revision is ignored.
   *
   * @default - none
   */
  readonly revision?: string;

  /**
   * Delete the jobs also when a rollback removes this resource.
   *
   * @default false - a rollback keeps them
   */
  readonly deleteOnRollback?: boolean;

  /**
   * `RETAIN` keeps the jobs when the resource is removed. To move a resource to another stack, retain it, deploy, move
   * it and deploy again. `SNAPSHOT` is an error.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long one deletion may take, including the wait for a deletion slot. It is more than 0 and at most 58 minutes:
   * CloudFormation gives up after an hour, and the reason must arrive before that.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cfn-customresource.html
   * @default Duration.minutes(55)
   */
  readonly timeout?: Duration;

  /**
   * Resources to delete after the jobs, such as thing groups and roles.
   *
   * @default - none
   */
  readonly deleteBefore?: IConstruct[];

  /**
   * The region of the jobs, such as `eu-west-1`. The provider's `regions` must have it.
   *
   * @default - the stack's own
   */
  readonly region?: string;

  /**
   * The role of another account to delete its jobs with. The provider's `assumableRoles` must have it.
   *
   * @default - none: jobs of the stack's own account
   */
  readonly assumeRole?: AssumedRole;

  /**
   * The provider that deletes the jobs. Changing it replaces the resource and keeps the jobs. If the `revision` changes
   * in the same update, it is ignored.
   *
   * @default - the stack's own provider
   */
  readonly provider?: IJobDeletionProvider;
}
