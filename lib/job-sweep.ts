import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct, type IConstruct } from 'constructs';
import { parseRoleArn } from './assumed-role';
import { reject } from './bad-input';
import type { DeletionOptions } from './deletion-options';
import { deleteAfter, deleteBefore, deletionResource } from './deletion-resource';
import { JobStatus } from './job-filter';
import type { JobSelection } from './job-selection';
import { isLiteral, isLiteralList } from './literal';
import { deletionMetric } from './metrics';
import { assertTypes, printed } from './prop-types';
import { checkCovers, checkCoversPrefix } from './provider-use';
import type { ThingGroup } from './thing-group';

/**
 * Which jobs to delete with the stack, and how.
 */
export interface JobSweepProps extends DeletionOptions {
  /**
   * The jobs to delete: by thing group, by filter or by id.
   */
  readonly jobs: JobSelection;

  /**
   * Delete jobs even while they are active (`IN_PROGRESS` or `SCHEDULED`).
   *
   * A device that is executing a job can then neither read it nor report on it. Be sure that your devices recover
   * from that. Without `force` or `cancelFirst`, the sweep deletes the other jobs and then fails.
   *
   * @default false
   */
  readonly force?: boolean;

  /**
   * The namespace of customer-managed jobs: 1 to 64 characters of `[a-zA-Z0-9_-]`. With a filter, it narrows the
   * selection. With ids, a job in another namespace makes the sweep fail.
   *
   * @default - the namespace of the selection, else the one that AWS IoT reports
   */
  readonly namespaceId?: string;

  /**
   * If a filter selects more jobs than this, the sweep fails and deletes none. At least 1. Ids are not counted.
   *
   * @default 1000
   */
  readonly maxJobs?: number;
}

/**
 * Deletes many AWS IoT jobs when the stack is deleted, or when an update replaces or removes this resource. It waits until
 * the jobs are gone, and deletes as many at a time as AWS IoT allows. Creating it deletes nothing, and neither does a
 * rollback.
 *
 * Changing the selection replaces the resource. Jobs that are no longer selected are deleted in cleanup, after the update
 * succeeds. Jobs that another resource of the stack still manages are kept, so you can rename or move the construct.
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

  /** The dimensions of this sweep's metrics. */
  private readonly dimensions: Readonly<Record<string, string>>;

  /**
   * @param scope where to make it, in the stack that deletes the jobs
   * @param id the construct's id
   * @param props which jobs to delete, and how
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
    if (!Token.isUnresolved(maxJobs) && !(Number.isSafeInteger(maxJobs) && maxJobs >= 1)) {
      reject(this, `maxJobs must be a whole number, at least 1, but is ${maxJobs}.`);
    }
    const statuses = selected.statuses && isLiteralList(selected.statuses) ? selected.statuses : undefined;
    if (props.cancelFirst && statuses && !statuses.includes(JobStatus.CANCELED)) {
      reject(
        this,
        `cancelFirst changes the status by which the jobs are selected (${statuses.join(', ')}): ` +
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
   * Deletes the jobs before these resources. CloudFormation deletes in reverse of creation, so it also creates these
   * resources first.
   *
   * @param scopes the resources, or constructs that contain them
   * @throws if one is not a construct, or is the stack that has this one; the synthesis fails if they depend on each other
   */
  public deleteBefore(...scopes: IConstruct[]): void {
    deleteBefore(this, scopes);
  }

  /**
   * Deletes the jobs after these resources. CloudFormation then also creates these resources later.
   *
   * @param scopes the resources, or constructs that contain them
   * @throws if one is not a construct, or is the stack that has this one; the synthesis fails if they depend on each other
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
   * How many jobs this sweep found and kept, because another resource of the stack or AWS itself manages them.
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
      reject(this, `the thing group is in the ${what} ${ofGroup}, but the sweep deletes jobs in ${ofJobs}.`);
    }
  }
}
