import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AssumedRole } from './assumed-role';
import type { IJobDeletionProvider } from './job-deletion-provider-props';

/**
 * How jobs are deleted, be it one or many.
 */
export interface DeletionOptions {
  /**
   * Cancel a job (with the same `force`) before it is deleted, so that its devices are told instead of being cut off.
   * Without `force`, executions that are already in progress may come to their end first, within the `timeout`.
   *
   * @default false
   */
  readonly cancelFirst?: boolean;

  /**
   * Any value of yours. Changing it to another one deletes the jobs *during* that stack update, and the resource stays:
   * for job ids that are used again. It is an order, so a later rollback does not undo it. Giving one for the first
   * time to a resource that had none is such a change; creating the resource with one is not, nor is removing it. If
   * the jobs that are selected change in the same update, that alone counts.
   *
   * @default - jobs are deleted only when the resource goes
   */
  readonly revision?: string;

  /**
   * When a failed create or update rolls this resource away, delete its jobs too.
   *
   * @default false - a rollback keeps them
   */
  readonly deleteOnRollback?: boolean;

  /**
   * `RETAIN` keeps the jobs when the resource goes: also the way to move one to another stack: retain, deploy, move,
   * deploy. `SNAPSHOT` is an error.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long one deletion may take, waiting for the account's 10 deletion slots included: more than 0, at most 58
   * minutes. CloudFormation gives up after an hour, and the reason must reach it before.
   *
   * @default Duration.minutes(55)
   */
  readonly timeout?: Duration;

  /**
   * What may be deleted only when the jobs are gone: the thing groups they target, roles they use…
   *
   * @default - nothing waits for them
   */
  readonly deleteBefore?: IConstruct[];

  /**
   * The region of the jobs: the stack's own, or one of the provider's `regions`.
   *
   * @default - the stack's own
   */
  readonly region?: string;

  /**
   * Deletes jobs of another account, as a role of that account: one of the provider's `assumableRoles`.
   *
   * @default - jobs of the stack's own account, as the handler's own role
   */
  readonly assumeRole?: AssumedRole;

  /**
   * Who deletes the jobs. Another provider is another resource, which takes the job over: an update keeps the job, and a
   * `revision` that is changed in the same update is ignored.
   *
   * @default - the stack's own, shared by all in it
   */
  readonly provider?: IJobDeletionProvider;
}
