import { type CfnResource, type Duration, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { reject } from './bad-input';
import { COMPANION_TAG, conditionOf, faultsOf, isDeclaredJob, tag } from './declared-job';
import type { IJobDeletionProvider } from './job-deletion-provider-props';
import { assertKeys, assertTypes, printed } from './prop-types';

/**
 * How the companion of a declared job deletes it. At least one of `force` and `cancelFirst` is required.
 */
export interface JobCompanionOptions {
  /**
   * Delete the job even while it is active (`IN_PROGRESS` or `SCHEDULED`).
   *
   * A device that is executing the job can then neither read it nor report on it. Be sure that your devices recover
   * from that.
   *
   * @default false
   */
  readonly force?: boolean;

  /**
   * Cancel the job before deleting it, so that its devices are told. Cancelling uses the same `force`. Without `force`,
   * executions in progress may finish first, within the `timeout`.
   *
   * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CancelJob.html
   * @default false
   */
  readonly cancelFirst?: boolean;

  /**
   * How long the deletion may take, including the wait for a deletion slot. It is more than 0 and at most 58 minutes.
   *
   * @default Duration.minutes(55)
   */
  readonly timeout?: Duration;

  /**
   * Resources to delete after the job, such as thing groups and roles.
   *
   * @default - none
   */
  readonly deleteBefore?: IConstruct[];

  /**
   * Delete the job also when a failed create or update is rolled back and removes it. If false, CloudFormation alone
   * deletes the job, and fails if the job is active.
   *
   * @default true
   */
  readonly deleteOnRollback?: boolean;

  /**
   * The provider that deletes the job.
   *
   * @default - the stack's own provider
   */
  readonly provider?: IJobDeletionProvider;
}

const TYPES = {
  force: 'a boolean?',
  cancelFirst: 'a boolean?',
  timeout: 'a Duration?',
  deleteBefore: 'a list of constructs?',
  deleteOnRollback: 'a boolean?',
  provider: 'a JobDeletionProvider?',
} as const;

/**
 * Checks what a companion is made of.
 *
 * @param path the companion's path, which the error begins with
 * @throws if the job is not an `AWS::IoT::Job` of the stack, if it has a companion already, or if
 * neither `force` nor `cancelFirst` is given
 */
export function checkCompanion(path: string, stack: Stack, job: CfnResource, options: JobCompanionOptions): void {
  if (!isDeclaredJob(job)) {
    throw new Error(
      `${path}: the job must be a CfnJob, or another CfnResource of type AWS::IoT::Job, but is ${printed(job)}. ` +
        'For a job that no stack declares, use new JobDeletion() with its jobId.',
    );
  }
  if (Stack.of(job) !== stack) {
    throw new Error(`${path}: the job ${job.node.path} is in another stack: make its companion there.`);
  }
  const companion = companionOf(job);
  if (companion) {
    throw new Error(`${path}: the job ${job.node.path} has a companion already, at ${companion.node.path}.`);
  }
  assertTypes(path, { options }, { options: 'an object' });
  // A removalPolicy or a region that is silently ignored would delete a job that its owner wants to keep.
  assertKeys(path, 'option', options, TYPES);
  assertTypes(path, options, TYPES);
  if (!options.force && !options.cancelFirst) {
    throw new Error(
      `${path}: give force, cancelFirst or both: AWS IoT refuses to delete an active job without force. With force, devices ` +
        'that execute it can no longer report. cancelFirst cancels it first, and waits for its devices.',
    );
  }
}

const COMPANION = Symbol.for('cdk-iot-job-deletion.companion');

/** The companion of a declared job, if it has one. Whichever copy of this package made it. */
export function companionOf(job: CfnResource): IConstruct | undefined {
  return (job as { readonly [COMPANION]?: IConstruct })[COMPANION];
}

/** What becomes a companion. */
interface Companion extends IConstruct {
  readonly jobId: string;
  readonly _resource: CfnResource;
  readonly _provider: IJobDeletionProvider;
}

/**
 * Makes a deletion the companion of a declared job. The job starts only when it can be torn down, and the companion is
 * deleted first: it leaves no job for CloudFormation, which can't delete an active one.
 *
 * @throws if the job's tags are known only at deployment
 */
export function accompany(deletion: Companion, job: CfnResource): void {
  const { _resource: resource, _provider: provider } = deletion;
  Object.defineProperty(job, COMPANION, { value: deletion });
  if (!tag(job)) {
    reject(
      deletion,
      `the Tags of the job ${job.node.path} are a token: write them as a list, so that the companion can add its tag.`,
    );
  }
  resource.addPropertyOverride('DeclaredJob', {
    LogicalId: job.logicalId,
    TagKey: COMPANION_TAG.key,
    TagValue: COMPANION_TAG.value,
  });
  resource.addOverride('Condition', conditionOf(job));
  job.node.addDependency(provider);
  resource.node.addDependency(job);
  deletion.node.addValidation({ validate: () => faultsOf(job, deletion.jobId) });
}
