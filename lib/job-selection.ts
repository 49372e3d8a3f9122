import { Token } from 'aws-cdk-lib';
import type { aws_iot as iot } from 'aws-cdk-lib/interfaces';
import { checkFilter, type JobFilter, mismatch } from './job-filter';
import { ID_RULE, isValidId, MAX_IDS } from './job-id';
import { assertTypes } from './prop-types';
import { readThingGroup, type ThingGroup } from './thing-group';

/**
 * Selects the jobs that a `JobSweep` deletes.
 */
export class JobSelection {
  /**
   * Selects these jobs. Missing jobs count as deleted. A newer job that gets one of the ids during the deletion is kept.
   *
   * @param jobIds at most 100 ids, 1 to 64 characters of `[a-zA-Z0-9_-]` each
   * @throws if there is none, if there are more than 100, or if one is not what AWS IoT allows
   */
  public static ids(jobIds: string[]): JobSelection {
    const where = 'JobSelection.ids';
    assertTypes(where, { jobIds }, { jobIds: 'a list of strings' });
    if (Token.isUnresolved(jobIds)) {
      return new JobSelection({ jobIds });
    }
    const distinct = [...new Set(jobIds)];
    if (distinct.length === 0) {
      throw new Error(`${where}: the list is empty: name at least one job.`);
    }
    if (distinct.length > MAX_IDS) {
      throw new Error(
        `${where}: the list has ${distinct.length} ids, and one selection may have ${MAX_IDS}: split it among several ` +
          'JobSweeps, or select the jobs by prefix: JobSelection.matching({ jobIdPrefix }).',
      );
    }
    const doubts = distinct.flatMap((jobId) => mismatch(where, 'job id', jobId, isValidId, ID_RULE));
    return new JobSelection({ jobIds: distinct }, doubts);
  }

  /**
   * Selects the jobs that match at the time of the deletion, including jobs that appear during it.
   *
   * @param filter at least one filter; a job must match all of them
   * @throws if there is no filter at all, if a key is not a filter, or if a value is not what AWS IoT allows
   */
  public static matching(filter: JobFilter): JobSelection {
    const where = 'JobSelection.matching';
    const doubts = checkFilter(where, filter);
    if (Object.values(filter).every((value) => value === undefined)) {
      throw new Error(`${where}: a selection without a filter would match every job: give at least one filter.`);
    }
    return new JobSelection({ ...filter }, doubts);
  }

  /**
   * Selects the jobs that target a thing group. If the group is a construct of the app, it is deleted after the jobs.
   *
   * @param thingGroup the thing group: a `CfnThingGroup`, or one that is imported
   * @param filter further filters
   * @throws if the group has no name, or if the filter is not what `matching` takes
   */
  public static targeting(thingGroup: iot.IThingGroupRef, filter: JobFilter = {}): JobSelection {
    const where = 'JobSelection.targeting';
    const group = readThingGroup(where, thingGroup);
    const given = checkFilter(where, filter);
    if (filter.thingGroupName !== undefined) {
      throw new Error(`${where}: the filter has a thingGroupName too: a job is selected by one thing group.`);
    }
    const selected = { ...filter, thingGroupName: group.name };
    return new JobSelection(selected, [...given, ...checkFilter(where, { thingGroupName: group.name })], group);
  }

  private constructor(
    /**
     * A list of job ids, or a filter.
     *
     * @internal
     */
    public readonly _selected: JobFilter & { readonly jobIds?: string[] },
    /**
     * What is wrong with values that may be dummies of a lookup.
     *
     * @internal
     */
    public readonly _doubts: readonly string[] = [],
    /**
     * The thing group that the jobs target.
     *
     * @internal
     */
    public readonly _thingGroup?: ThingGroup,
  ) {}
}
