import { Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { DeletionOptions } from './deletion-options';
import { deletionResource } from './deletion-resource';
import { type JobSelection, JobStatus } from './job-selection';

/**
 * Which jobs go with the stack, and how.
 */
export interface JobSweepProps extends DeletionOptions {
  /**
   * Which jobs: by what they are, by the thing group that they target, or by name.
   */
  readonly jobs: JobSelection;

  /**
   * Delete jobs even while they are active (`IN_PROGRESS` or `SCHEDULED`).
   *
   * A device that is executing a job then can neither read it nor report on it any more: be sure that your devices
   * recover from that. Without it, an active job that is selected fails the sweep, when the others are gone.
   *
   * @default false
   */
  readonly force?: boolean;

  /**
   * The namespace of customer-managed jobs: 1 to 64 characters of `[a-zA-Z0-9_-]`. Of jobs that are selected by what
   * they are, it selects those in the namespace. Of jobs that are named, one in another namespace fails the sweep.
   *
   * @default - the namespace of the selection; of any other job the one that AWS IoT reports for it
   */
  readonly namespaceId?: string;

  /**
   * If more jobs than that are selected when the sweep begins, it fails and deletes none: at least 1.
   *
   * @default 1000
   */
  readonly maxJobs?: number;
}

/**
 * Deletes every selected AWS IoT job when the stack is deleted, or when an update replaces or removes this resource, and
 * waits until they are gone: as many at a time as AWS IoT allows, and as others leave. Creating it deletes nothing;
 * neither does a rollback.
 *
 * Another selection is another resource: what was selected before, and is no more, is deleted in the update's clean-up.
 * What another resource of the stack still has is left alone, so that a construct can be renamed or moved.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html
 *
 * @exampleMetadata fixture=library
 * @example
 * declare const thingGroup: iot.CfnThingGroup;
 * new JobSweep(this, 'Sweep', { jobs: JobSelection.targeting(thingGroup), force: true });
 */
export class JobSweep extends Construct {
  /**
   * @throws if a literal value is not what AWS IoT or CloudFormation allows, or if the provider may not touch the jobs:
   * the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobSweepProps) {
    super(scope, id);
    const { jobs, maxJobs = 1000 } = props;
    const selected = jobs._selected;
    const namespaceId = this.oneNamespace(selected.namespaceId, props.namespaceId);
    if (!Token.isUnresolved(maxJobs) && !(Number.isInteger(maxJobs) && maxJobs >= 1)) {
      throw new Error(`${this.node.path}: maxJobs must be a whole number, at least 1, but is ${maxJobs}.`);
    }
    if (props.cancelFirst && selected.statuses && !selected.statuses.includes(JobStatus.CANCELED)) {
      throw new Error(
        `${this.node.path}: cancelFirst changes the status by which the jobs are selected (${selected.statuses.join(', ')}): ` +
          'select CANCELED too, or leave statuses out.',
      );
    }
    const selection = {
      JobIds: selected.jobIds,
      JobIdPrefix: selected.jobIdPrefix,
      ThingGroupName: selected.thingGroupName,
      TargetSelection: selected.targetSelection,
      Statuses: selected.statuses,
      Tags: selected.tags,
      MaxJobs: maxJobs,
    };
    const { provider } = deletionResource(this, 'Custom::IoTJobSweep', selection, props, namespaceId);
    if (!Token.isUnresolved(selected.jobIds)) {
      selected.jobIds
        ?.filter((jobId) => !Token.isUnresolved(jobId))
        .forEach((jobId) => provider._assertCovers(jobId, this));
    }
    if (selected.jobIdPrefix !== undefined && !Token.isUnresolved(selected.jobIdPrefix)) {
      provider._assertCoversPrefix(selected.jobIdPrefix, this);
    }
    this.deleteBefore(...jobs._targets, ...(props.deleteBefore ?? []));
  }

  /**
   * Delete the jobs before these: they go only when the jobs are gone. (CloudFormation deletes in reverse of creation,
   * so they are also created before.)
   */
  public deleteBefore(...scopes: IConstruct[]): void {
    this.node.addDependency(...scopes);
  }

  /**
   * Delete the jobs after these: they go first. (So they are also created after.)
   */
  public deleteAfter(...scopes: IConstruct[]): void {
    for (const scope of scopes) {
      scope.node.addDependency(this);
    }
  }

  private oneNamespace(ofSelection: string | undefined, given: string | undefined): string | undefined {
    if (ofSelection !== undefined && given !== undefined && ofSelection !== given) {
      throw new Error(
        `${this.node.path}: namespaceId "${given}" is not that of the selection, "${ofSelection}": give it once.`,
      );
    }
    return ofSelection ?? given;
  }
}
