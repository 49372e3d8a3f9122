import { Token } from 'aws-cdk-lib';
import type { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import type { IConstruct } from 'constructs';
import { ID_RULE, isValidId } from './job-id';

/**
 * The status of a job that can be selected.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_Job.html
 */
export enum JobStatus {
  /** Waits for its start time. */
  SCHEDULED = 'SCHEDULED',
  /** Runs, or goes on running for things that join its target. */
  IN_PROGRESS = 'IN_PROGRESS',
  /** Every device has finished. */
  COMPLETED = 'COMPLETED',
  /** Somebody has cancelled it. */
  CANCELED = 'CANCELED',
}

/**
 * Whether a job runs once, or also on things that join its target later.
 */
export enum TargetSelection {
  /** On the things that are in the target when the job is created. */
  SNAPSHOT = 'SNAPSHOT',
  /** Also on those that join later. */
  CONTINUOUS = 'CONTINUOUS',
}

/**
 * Jobs by what they are. Each filter narrows; at least one is needed.
 *
 * AWS IoT itself lists by thing group, target selection, status and namespace. The prefix is applied to that list, which
 * costs nothing. Tags cost a call for each job that has passed the other filters; and a thing group costs one for each
 * job that is `SCHEDULED`, because the list under a thing group may leave those out.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_ListJobs.html
 */
export interface JobFilter {
  /**
   * What the job's id begins with: 1 to 64 characters of `[a-zA-Z0-9_-]`. One of the provider's patterns must cover
   * every such id.
   *
   * @default - any job id
   */
  readonly jobIdPrefix?: string;

  /**
   * The name of a thing group that the job targets: 1 to 128 characters of `[a-zA-Z0-9:_-]`.
   *
   * @default - any target
   */
  readonly thingGroupName?: string;

  /**
   * Whether the job runs once or goes on.
   *
   * @default - both
   */
  readonly targetSelection?: TargetSelection;

  /**
   * The status of the job, one of these. Jobs that are in deletion already and match otherwise are waited for.
   *
   * @default - any status
   */
  readonly statuses?: JobStatus[];

  /**
   * The namespace of customer-managed jobs: 1 to 64 characters of `[a-zA-Z0-9_-]`.
   *
   * @default - the `namespaceId` of the `JobSweep`; any namespace if it has none
   */
  readonly namespaceId?: string;

  /**
   * Tags that the job has, each with this value.
   *
   * @default - any tags, or none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * Which jobs a `JobSweep` deletes.
 */
export class JobSelection {
  /**
   * These jobs. One that is not there any more is done; and if an id is used again by a newer job while the deletion
   * runs, that one is left alone.
   *
   * @param jobIds 1 to 64 characters of `[a-zA-Z0-9_-]` each
   * @throws if there is none, or if one is not what AWS IoT allows
   */
  public static ids(jobIds: string[]): JobSelection {
    if (Token.isUnresolved(jobIds)) {
      return new JobSelection({ jobIds }, []);
    }
    if (jobIds.length === 0) {
      throw new Error('JobSelection.ids: the list is empty: name at least one job.');
    }
    jobIds.forEach((jobId) => assertMatches('ids', 'job id', jobId, isValidId, ID_RULE));
    return new JobSelection({ jobIds: [...new Set(jobIds)] }, []);
  }

  /**
   * Whatever matches when the jobs are deleted, also what appears while that goes on.
   *
   * @throws if there is no filter at all, or if a value is not what AWS IoT allows
   */
  public static matching(filter: JobFilter): JobSelection {
    const { jobIdPrefix, thingGroupName, namespaceId, statuses, tags } = filter;
    if (Object.values(filter).every((value) => value === undefined)) {
      throw new Error('JobSelection.matching: a selection without a filter would be every job: give at least one.');
    }
    if (statuses?.length === 0) {
      throw new Error('JobSelection.matching: statuses is empty: name at least one, or leave it out for any.');
    }
    if (tags && Object.keys(tags).length === 0) {
      throw new Error('JobSelection.matching: tags is empty: name at least one, or leave it out for any.');
    }
    assertMatches('matching', 'jobIdPrefix', jobIdPrefix, isValidId, ID_RULE);
    assertMatches('matching', 'namespaceId', namespaceId, isValidId, ID_RULE);
    assertMatches('matching', 'thingGroupName', thingGroupName, isValidThingGroup, THING_GROUP_RULE);
    return new JobSelection(filter, []);
  }

  /**
   * The jobs that target a thing group, which may go only when they are gone.
   *
   * @param thingGroup the thing group, in the same app
   * @param filter narrows further
   */
  public static targeting(thingGroup: CfnThingGroup, filter: JobFilter = {}): JobSelection {
    const { _selected } = JobSelection.matching({ ...filter, thingGroupName: thingGroup.ref });
    return new JobSelection(_selected, [thingGroup]);
  }

  private constructor(
    /**
     * A list of job ids, or a filter.
     *
     * @internal
     */
    public readonly _selected: JobFilter & { readonly jobIds?: string[] },
    /**
     * What may go only when the jobs are gone.
     *
     * @internal
     */
    public readonly _targets: IConstruct[],
  ) {}
}

const THING_GROUP_RULE = '1 to 128 characters of a-z, A-Z, 0-9, ":", "_" and "-"';

function isValidThingGroup(name: string): boolean {
  return /^[a-zA-Z0-9:_-]{1,128}$/.test(name);
}

function assertMatches(
  method: string,
  name: string,
  value: string | undefined,
  isValid: (value: string) => boolean,
  rule: string,
): void {
  if (value !== undefined && !Token.isUnresolved(value) && !isValid(value)) {
    throw new Error(`JobSelection.${method}: ${name} "${value}" is not what AWS IoT allows: ${rule}.`);
  }
}
