import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct, type IConstruct } from 'constructs';
import { parseRoleArn } from './assumed-role';
import { assertTypes, printed, reject } from './bad-input';
import type { DeletionOptions } from './deletion-options';
import { deleteAfter, deleteBefore, deletionResource } from './deletion-resource';
import { JobStatus } from './job-filter';
import type { JobSelection } from './job-selection';
import { isLiteral } from './literal';
import { deletionMetric } from './metrics';
import { checkCovers, checkCoversPrefix } from './provider-use';
import type { ThingGroup } from './thing-group';

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
   * If a filter selects more jobs than that when the sweep begins, it fails and deletes none: at least 1. It does not
   * apply to jobs that are selected by id.
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
@propertyInjectable
export class JobSweep extends Construct {
  /** Names this class to property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-iot-job-deletion.JobSweep';

  /** What the handler's metrics of this sweep are found by. */
  private readonly dimensions: Readonly<Record<string, string>>;

  /**
   * @throws if a literal value is not what AWS IoT or CloudFormation allows, or if the provider may not touch the jobs:
   * the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobSweepProps) {
    super(scope, id);
    assertTypes(this.node.path, { props }, { props: 'an object' });
    assertTypes(this.node.path, props, { maxJobs: 'a number?' });
    const { jobs, maxJobs = 1000 } = props;
    const selected = this.selected(jobs);
    const namespaceId = this.oneNamespace(selected.namespaceId, props.namespaceId);
    if (!Token.isUnresolved(maxJobs) && !(Number.isInteger(maxJobs) && maxJobs >= 1)) {
      reject(this, `maxJobs must be a whole number, at least 1, but is ${maxJobs}.`);
    }
    if (props.cancelFirst && selected.statuses && !selected.statuses.includes(JobStatus.CANCELED)) {
      reject(
        this,
        `cancelFirst changes the status by which the jobs are selected (${selected.statuses.join(', ')}): ` +
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
      MaxJobs: selected.jobIds ? undefined : maxJobs,
    };
    const { provider, resource } = deletionResource(this, 'Custom::IoTJobSweep', selection, props, namespaceId);
    this.dimensions = { StackName: Stack.of(this).stackName, LogicalId: resource.logicalId };
    if (!Token.isUnresolved(selected.jobIds)) {
      selected.jobIds?.forEach((jobId) => checkCovers(this, provider, jobId));
    }
    if (selected.jobIdPrefix !== undefined) {
      checkCoversPrefix(this, provider, selected.jobIdPrefix);
    }
    if (jobs._thingGroup) {
      this.placeThingGroup(jobs._thingGroup, props);
    }
    this.deleteBefore(...(props.deleteBefore ?? []));
  }

  /**
   * Delete the jobs before these: they go only when the jobs are gone. (CloudFormation deletes in reverse of creation,
   * so they are also created before.)
   */
  public deleteBefore(...scopes: IConstruct[]): void {
    deleteBefore(this, scopes);
  }

  /**
   * Delete the jobs after these: they go first. (So they are also created after.)
   */
  public deleteAfter(...scopes: IConstruct[]): void {
    deleteAfter(this, scopes);
  }

  /**
   * How many deletions of this sweep failed. CloudFormation has the reason of each in the events of the stack.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  public metricFailedDeletions(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('FailedDeletions', this.dimensions, props);
  }

  /**
   * How many jobs this sweep deleted.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  public metricJobsDeleted(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('JobsDeleted', this.dimensions, props);
  }

  /**
   * How many jobs this sweep found and kept, because somebody else has them: another resource of the stack, or AWS itself.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  public metricJobsKept(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('JobsKept', this.dimensions, props);
  }

  /**
   * How long deletions of this sweep took, from CloudFormation's request to the answer, in milliseconds.
   *
   * @param props how the metric is shown; the average of five minutes by default
   */
  public metricDeletionTime(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('DeletionTime', this.dimensions, props);
  }

  /**
   * How long jobs of this sweep waited for one of the account's 10 deletion slots, in milliseconds.
   *
   * @param props how the metric is shown; the maximum of five minutes by default
   */
  public metricWaitForSlot(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('WaitForSlot', this.dimensions, props);
  }

  /** What a selection selects. The constructs of another copy of this package are as good. */
  private selected(jobs: JobSelection): JobSelection['_selected'] {
    const { _selected: selected, _doubts: doubts } = (jobs ?? {}) as Partial<JobSelection>;
    if (!selected || !doubts) {
      const rule = 'a JobSelection, such as JobSelection.matching({ jobIdPrefix })';
      throw new Error(`${this.node.path}: jobs must be ${rule}, but is ${printed(jobs)}.`);
    }
    doubts.forEach((doubt) => reject(this, doubt));
    return selected;
  }

  private oneNamespace(ofSelection: string | undefined, given: string | undefined): string | undefined {
    if (ofSelection !== undefined && given !== undefined && ofSelection !== given) {
      reject(this, `namespaceId "${given}" is not that of the selection, "${ofSelection}": give it once.`);
    }
    return ofSelection ?? given;
  }

  /** A group is the target of jobs in its own region and account, and goes after them if it is the app's. */
  private placeThingGroup(group: ThingGroup, { region, assumeRole }: JobSweepProps): void {
    const stack = Stack.of(this);
    const account = assumeRole ? parseRoleArn(this, assumeRole.roleArn)?.account : stack.account;
    this.compare('region', group.region, region ?? stack.region);
    this.compare('account', group.account, account);
    if (group.construct?.node.root === this.node.root) {
      this.deleteBefore(group.construct);
    }
  }

  private compare(what: 'region' | 'account', ofGroup: string | undefined, ofJobs: string | undefined): void {
    if (
      ofGroup !== undefined &&
      ofJobs !== undefined &&
      isLiteral(ofGroup) &&
      isLiteral(ofJobs) &&
      ofGroup !== ofJobs
    ) {
      reject(this, `the thing group is in the ${what} ${ofGroup}, and its jobs are looked for in ${ofJobs}.`);
    }
  }
}
