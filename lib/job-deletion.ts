import { createHash } from 'node:crypto';
import { type CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { DeleteJobRequest } from './delete-job-input';
import type { DeletionOptions } from './deletion-options';
import { accountOf, assertId, deletionResource } from './deletion-resource';

/**
 * Which job goes with the stack, and how.
 */
export interface JobDeletionProps extends DeleteJobRequest, DeletionOptions {}

/**
 * Deletes an AWS IoT job when the stack is deleted, or when an update replaces or removes this resource, and waits
 * until the job is gone. Creating it deletes nothing; neither does a rollback.
 *
 * The resource's identity is the job: a literal `jobId` gives the logical id, so renaming or moving the construct
 * changes nothing, and the same job twice in a stack is an error. Where `jobId` is a token the path decides, as usual
 * in CDK; a job that another resource of the stack still has is left alone then.
 *
 * Its `Ref` is the job id, or with `region` or `assumeRole` the job's ARN.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html
 *
 * @exampleMetadata fixture=library
 * @example
 * new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true });
 */
export class JobDeletion extends Construct {
  /** The id of the job. */
  public readonly jobId: string;

  /** The ARN of the job, in its region and account. */
  public readonly jobArn: string;

  /**
   * @throws if a literal value is not what AWS IoT or CloudFormation allows, if the provider may not touch the job, or
   * if the stack deletes the same job already: the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobDeletionProps) {
    super(scope, id);
    const { jobId, region, assumeRole } = props;
    assertId(this, 'jobId', jobId);
    const account = assumeRole && accountOf(this, assumeRole.roleArn);
    this.jobId = jobId;
    this.jobArn = Stack.of(this).formatArn({ service: 'iot', region, account, resource: 'job', resourceName: jobId });

    const { resource, provider } = deletionResource(this, 'Custom::IoTJobDeletion', { JobId: jobId }, props);
    if (!Token.isUnresolved(jobId)) {
      provider._assertCovers(jobId, this);
      const identity = [jobId, region ?? '', account ?? ''];
      if (!identity.some((part) => Token.isUnresolved(part))) {
        claim(this, identity.join(' '));
        (resource.node.defaultChild as CfnResource).overrideLogicalId(logicalId(jobId, identity));
      }
    }
    this.deleteBefore(...(props.deleteBefore ?? []));
  }

  /**
   * Delete the job before these: they go only when the job is gone. (CloudFormation deletes in reverse of creation, so
   * they are also created before.)
   */
  public deleteBefore(...scopes: IConstruct[]): void {
    this.node.addDependency(...scopes);
  }

  /**
   * Delete the job after these: they go first. (So they are also created after.)
   */
  public deleteAfter(...scopes: IConstruct[]): void {
    for (const scope of scopes) {
      scope.node.addDependency(this);
    }
  }
}

const claims = new WeakMap<Stack, Map<string, JobDeletion>>();

/** Two resources for one job would be one too many: the job would live until both are gone. */
function claim(deletion: JobDeletion, identity: string): void {
  const stack = Stack.of(deletion);
  const claimed = claims.get(stack) ?? new Map<string, JobDeletion>();
  claims.set(stack, claimed);
  const other = claimed.get(identity);
  if (other) {
    throw new Error(
      `${deletion.node.path}: the stack already deletes the job "${deletion.jobId}", at ${other.node.path}: ` +
        'one JobDeletion for each job.',
    );
  }
  claimed.set(identity, deletion);
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
