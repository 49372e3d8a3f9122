import { createHash } from 'node:crypto';
import { type CfnResource, CustomResource, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { DeleteJobRequest } from './delete-job-input';
import { JobDeletionProvider } from './job-deletion-provider';
import { ID_RULE, isValidId } from './job-id';

/**
 * Which job goes with the stack, and how.
 */
export interface JobDeletionProps extends DeleteJobRequest {
  /**
   * Cancel the job (with the same `force`) before it is deleted, so that its devices are told instead of being cut
   * off. Without `force`, executions that are already in progress may come to their end first, within the `timeout`.
   *
   * @default false
   */
  readonly cancelFirst?: boolean;

  /**
   * Any value of yours. Changing it to another one deletes the job *during* that stack update, and the resource stays:
   * for a job id that is used again. It is an order, so a later rollback does not undo it. Giving one for the first
   * time to a resource that had none is such a change; creating the resource with one is not, nor is removing it. If
   * `jobId` changes in the same update, that alone counts.
   *
   * @default - the job is deleted only when the resource goes
   */
  readonly revision?: string;

  /**
   * When a failed create or update rolls this resource away, delete the job too.
   *
   * @default false - a rollback keeps the job
   */
  readonly deleteOnRollback?: boolean;

  /**
   * `RETAIN` keeps the job when the resource goes. Also the way to move a resource whose `jobId` is a token within an
   * app, or any resource to another stack: retain, deploy, move, deploy. `SNAPSHOT` is an error.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long one deletion may take, waiting for one of the account's 10 deletion slots included: more than 0, at most
   * 58 minutes. CloudFormation gives up after an hour, and the reason must reach it before.
   *
   * @default Duration.minutes(55)
   */
  readonly timeout?: Duration;

  /**
   * What may be deleted only when the job is gone: the thing groups it targets, roles it uses…
   *
   * @default - nothing waits for the job
   */
  readonly deleteBefore?: IConstruct[];

  /**
   * Who deletes the job.
   *
   * @default - the stack's own provider, `JobDeletionProvider.getOrCreate(this)`
   */
  readonly provider?: JobDeletionProvider;
}

const MAX_TIMEOUT = Duration.minutes(58);

/**
 * Deletes an AWS IoT job when the stack is deleted, or when an update replaces or removes this resource, and waits
 * until the job is gone. Creating it deletes nothing; neither does a rollback.
 *
 * The resource's identity is the job: a literal `jobId` gives the logical id, so renaming or moving the construct
 * changes nothing, and the same job twice in a stack is an error. Where `jobId` is a token the path decides, as usual
 * in CDK: there, a rename deletes the job (see `removalPolicy`).
 *
 * Its `Ref` is the job id.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html
 *
 * @example
 * new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true });
 */
export class JobDeletion extends Construct {
  /** The id of the job. */
  public readonly jobId: string;

  /** The ARN of the job, in the stack's account and region. */
  public readonly jobArn: string;

  /**
   * @throws if a literal value is not what AWS IoT or CloudFormation allows, if the provider may not touch the job, or
   * if the stack deletes the same job already: the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobDeletionProps) {
    super(scope, id);
    this.assertId('jobId', props.jobId);
    if (props.namespaceId !== undefined) {
      this.assertId('namespaceId', props.namespaceId);
    }
    if (props.removalPolicy === RemovalPolicy.SNAPSHOT) {
      throw new Error(
        `${this.node.path}: removalPolicy SNAPSHOT: AWS IoT has no snapshots of jobs; DESTROY or RETAIN.`,
      );
    }
    const timeoutSeconds = this.validTimeout(props.timeout ?? Duration.minutes(55));

    this.jobId = props.jobId;
    this.jobArn = Stack.of(this).formatArn({ service: 'iot', resource: 'job', resourceName: props.jobId });

    const provider = props.provider ?? JobDeletionProvider.getOrCreate(this);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::IoTJobDeletion',
      serviceToken: provider.serviceToken,
      // Longer than the deletion's own timeout, so that the handler's reason comes first.
      serviceTimeout: Duration.seconds(Math.min(3600, Math.max(300, timeoutSeconds + 120))),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      // Everything with its value, so that a later release's defaults change nothing that is deployed.
      properties: {
        JobId: props.jobId,
        Force: props.force ?? false,
        NamespaceId: props.namespaceId,
        CancelFirst: props.cancelFirst ?? false,
        Revision: props.revision,
        DeleteOnRollback: props.deleteOnRollback ?? false,
        TimeoutSeconds: timeoutSeconds,
      },
    });
    resource.node.addDependency(provider._policy);
    if (!Token.isUnresolved(props.jobId)) {
      provider._assertCovers(props.jobId, this);
      claim(this);
      (resource.node.defaultChild as CfnResource).overrideLogicalId(logicalId(props.jobId));
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

  private assertId(name: string, value: string): void {
    if (!Token.isUnresolved(value) && !isValidId(value)) {
      throw new Error(`${this.node.path}: ${name} "${value}" is not what AWS IoT allows: ${ID_RULE}.`);
    }
  }

  private validTimeout(timeout: Duration): number {
    const seconds = timeout.toSeconds({ integral: false });
    if (seconds <= 0 || seconds > MAX_TIMEOUT.toSeconds()) {
      throw new Error(
        `${this.node.path}: timeout ${timeout.toHumanString()} is out of range: more than 0, at most 58 minutes, ` +
          'because CloudFormation gives up after an hour and the reason must reach it before.',
      );
    }
    return Math.ceil(seconds);
  }
}

const claims = new WeakMap<Stack, Map<string, JobDeletion>>();

/** Two resources for one job would delete each other's job: the one that is removed takes it from the other. */
function claim(deletion: JobDeletion): void {
  const stack = Stack.of(deletion);
  const claimed = claims.get(stack) ?? new Map<string, JobDeletion>();
  claims.set(stack, claimed);
  const other = claimed.get(deletion.jobId);
  if (other) {
    throw new Error(
      `${deletion.node.path}: the stack already deletes the job "${deletion.jobId}", at ${other.node.path}: ` +
        'one JobDeletion for each job.',
    );
  }
  claimed.set(deletion.jobId, deletion);
}

/**
 * If the logical id came from the construct's path, renaming a construct or swapping two job ids would make
 * CloudFormation create the "new" resource and then, in clean-up, delete the job that the stack still claims
 * (aws-cdk #21036).
 */
function logicalId(jobId: string): string {
  const hash = createHash('sha256').update(jobId).digest('hex').slice(0, 8).toUpperCase();
  return `JobDeletion${jobId.replace(/[^a-zA-Z0-9]/g, '')}${hash}`;
}
