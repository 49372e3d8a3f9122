import { createHash } from 'node:crypto';
import { type CfnResource, ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct, type IConstruct } from 'constructs';
import { parseRoleArn } from './assumed-role';
import { idOf, referencedJob } from './declared-job';
import type { DeleteJobRequest } from './delete-job-input';
import type { DeletionOptions } from './deletion-options';
import { checkId, deleteAfter, deleteBefore, deletionResource, otherRegion } from './deletion-resource';
import type { IJobDeletionProvider } from './job-deletion-provider-props';
import { accompany, checkCompanion, type JobCompanionOptions } from './job-companion';
import { register } from './job-register';
import { isDynamicReference, isLiteral } from './literal';
import { assertTypes } from './prop-types';
import { checkCovers } from './provider-use';

/**
 * Which job to delete with the stack, and how.
 */
export interface JobDeletionProps extends DeleteJobRequest, DeletionOptions {}

/**
 * Deletes an AWS IoT job when the stack is deleted, or when an update replaces or removes this resource. It waits until
 * the job is gone. Creating it deletes nothing, and neither does a rollback.
 *
 * A literal `jobId` makes the logical id, so renaming or moving the construct changes nothing. Naming the same job twice
 * in a stack is an error. With a token, the path makes the logical id, as usual in CDK. A job that another resource of the
 * stack still manages is kept.
 *
 * Its `Ref` is the job id, or the job's ARN if the job is in another region or account.
 *
 * For a job that the stack declares as `AWS::IoT::Job`, use `JobDeletion.forJob`.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html
 *
 * @exampleMetadata fixture=library
 * @example
 * new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true });
 */
@propertyInjectable
export class JobDeletion extends Construct {
  /** Names this class to property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-iot-job-deletion.JobDeletion';

  /**
   * Makes the companion of a job that the stack declares as `AWS::IoT::Job`.
   *
   * CloudFormation deletes such a job without `force`, which fails while the job is active. The companion deletes the job
   * first, and only if the job has its tag, `cdk-iot-job-deletion:auto-delete`. An update that removes only the companion
   * also removes the tag, and keeps the job.
   *
   * CloudFormation creates the provider, then the job, then the companion. If a creation stops before the companion,
   * CloudFormation deletes the job itself. An update can't change a job's targets or document in place: change the job id
   * with them.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iot-job.html
   * @param scope the scope of the companion, in the stack of the job
   * @param id the companion's id
   * @param job a `CfnJob`, or any `CfnResource` of the type `AWS::IoT::Job`
   * @param options how the job is deleted: `force`, `cancelFirst` or both
   * @throws if `job` is not a job of the same stack or has a companion already, or if neither `force` nor `cancelFirst` is given
   */
  public static forJob(scope: Construct, id: string, job: CfnResource, options: JobCompanionOptions): JobDeletion {
    checkCompanion([scope.node.path, id].filter(Boolean).join('/'), Stack.of(scope), job, options);
    const { force, cancelFirst, timeout, deleteOnRollback = true, provider } = options;
    const jobId = idOf(job);
    // eslint-disable-next-line cdk/no-variable-construct-id, cdk/require-passing-this -- both are the caller's
    const companion = new JobDeletion(scope, id, { jobId, force, cancelFirst, timeout, deleteOnRollback, provider });
    accompany(companion, job);
    companion.deleteBefore(...(options.deleteBefore ?? []));
    return companion;
  }

  /** The id of the job: the `jobId` prop, also if it is a token. */
  public readonly jobId: string;

  /** The ARN of the job, in its region and account. */
  public readonly jobArn: string;

  /** @internal */
  public readonly _resource: CfnResource;

  /** @internal */
  public readonly _provider: IJobDeletionProvider;

  /**
   * @param scope where to make it, in the stack that deletes the job
   * @param id the construct's id
   * @param props which job to delete, and how
   * @throws if a literal value is not what AWS IoT or CloudFormation allows, if the provider may not touch the job, or
   * if the stack deletes the same job already: the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobDeletionProps) {
    super(scope, id);
    assertTypes(this.node.path, { props }, { props: 'an object' });
    assertTypes(this.node.path, props, { jobId: 'a string' });
    const { jobId, assumeRole } = props;
    this.checkJobId(jobId);
    const { resource, provider, ofProvider } = deletionResource(
      this,
      'Custom::IoTJobDeletion',
      { JobId: jobId },
      props,
    );
    this._resource = resource;
    this._provider = provider;

    const region = otherRegion(this, props.region);
    const account = assumeRole && this.otherAccount(assumeRole.roleArn);
    this.jobId = jobId;
    this.jobArn = Stack.of(this).formatArn({ service: 'iot', region, account, resource: 'job', resourceName: jobId });
    if (isLiteral(jobId)) {
      checkCovers(this, provider, jobId);
      const identity = [jobId, region ?? '', account ?? ''] as const;
      if (identity.every(isLiteral) && register(this, identity)) {
        resource.overrideLogicalId(logicalId(jobId, [...identity, ofProvider]));
      }
    }
    this.deleteBefore(...(props.deleteBefore ?? []));
  }

  /**
   * Deletes the job before these resources. CloudFormation deletes in reverse of creation, so it also creates these
   * resources first.
   *
   * @param scopes the resources, or constructs that contain them
   * @throws if one is not a construct, or is the stack that has this one; the synthesis fails if they depend on each other
   */
  public deleteBefore(...scopes: IConstruct[]): void {
    deleteBefore(this, scopes);
  }

  /**
   * Deletes the job after these resources. CloudFormation then also creates these resources later.
   *
   * @param scopes the resources, or constructs that contain them
   * @throws if one is not a construct, or is the stack that has this one; the synthesis fails if they depend on each other
   */
  public deleteAfter(...scopes: IConstruct[]): void {
    deleteAfter(this, scopes);
  }

  private checkJobId(jobId: string): void {
    const job = referencedJob(jobId);
    if (job) {
      const attribute = 'a reference to an AWS::IoT::Job is its ARN';
      throw new Error(
        `${this.node.path}: jobId is a reference to ${job.node.path}, and ${attribute}: use JobDeletion.forJob(), which ` +
          'takes the job itself.',
      );
    }
    checkId(this, 'jobId', jobId);
  }

  /** The account of a role, if it is not the stack's own. */
  private otherAccount(roleArn: string): string | undefined {
    const role = parseRoleArn(this, roleArn);
    if (role) {
      return role.account === Stack.of(this).account ? undefined : role.account;
    }
    if (isDynamicReference(roleArn)) {
      const message = `${this.node.path}: jobArn is not known: the account of the role is in a dynamic reference.`;
      return Lazy.string({ produce: () => failed(message) });
    }
    return isLiteral(roleArn) ? undefined : Stack.of(this).splitArn(roleArn, ArnFormat.SLASH_RESOURCE_NAME).account;
  }
}

function failed(message: string): never {
  throw new Error(message);
}

/**
 * If the logical id came from the construct's path, renaming a construct or swapping two job ids would make
 * CloudFormation create the "new" resource and then, in clean-up, delete the job that the stack still claims
 * (aws-cdk #21036).
 */
function logicalId(jobId: string, identity: readonly string[]): string {
  const hash = createHash('sha256').update(identity.join(' ').trim()).digest('hex').slice(0, 8).toUpperCase();
  return `JobDeletion${jobId.replace(/[^a-zA-Z0-9]/g, '')}${hash}`;
}
