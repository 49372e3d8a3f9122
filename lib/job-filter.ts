import { Token } from 'aws-cdk-lib';
import { ID_RULE, isValidId } from './job-id';
import { isLiteral, looksLookedUp } from './literal';
import { assertKeys, assertTypes, printed } from './prop-types';
import { isValidThingGroup, THING_GROUP_RULE } from './thing-group-name';

/**
 * The status of a job that can be selected.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_Job.html
 */
export enum JobStatus {
  /** Waits for its start time. */
  SCHEDULED = 'SCHEDULED',
  /** Devices execute it, or a continuous job waits for new things. */
  IN_PROGRESS = 'IN_PROGRESS',
  /** Every device has finished. */
  COMPLETED = 'COMPLETED',
  /** A caller or an abort criterion cancelled it. */
  CANCELED = 'CANCELED',
}

/**
 * Whether a job runs once, or also on things that join its target later.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CreateJob.html
 */
export enum TargetSelection {
  /** Runs on the things that are in the target when the job is created. */
  SNAPSHOT = 'SNAPSHOT',
  /** Runs also on things that join the target later. */
  CONTINUOUS = 'CONTINUOUS',
}

/**
 * Selects jobs by their attributes. Each filter narrows the selection; at least one is required.
 *
 * AWS IoT lists by thing group, target selection, status and namespace. The handler applies the prefix to that list at no
 * cost. Tags cost one call for each job that passes the other filters. A thing group costs one call for each `SCHEDULED`
 * job, because the list of a thing group may omit those.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_ListJobs.html
 */
export interface JobFilter {
  /**
   * The prefix of the job's id: 1 to 64 characters of `[a-zA-Z0-9_-]`. One of the provider's patterns must cover it.
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
   * Whether the job is a snapshot job or a continuous one.
   *
   * @default - both
   */
  readonly targetSelection?: TargetSelection;

  /**
   * The status of the job is one of these; give at least one. The sweep also waits for matching jobs that are already in
   * deletion.
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
   * Tags that the job has, each with this value: 1 to 50 tags. A key has 1 to 128 characters, a value at most 256.
   *
   * @see https://docs.aws.amazon.com/iot/latest/developerguide/tagging-iot.html
   * @default - any tags, or none
   */
  readonly tags?: { readonly [key: string]: string };
}

/** @see https://docs.aws.amazon.com/iot/latest/developerguide/tagging-iot.html */
const MAX_TAGS = 50;

const TYPES = {
  jobIdPrefix: 'a string?',
  thingGroupName: 'a string?',
  targetSelection: 'a string?',
  statuses: 'a list of strings?',
  namespaceId: 'a string?',
  tags: 'an object?',
} as const;

/**
 * Checks a filter. A filter that is misspelt or empty would select more jobs than its author means.
 *
 * @param where the method that was given it
 * @returns what is wrong with values that may be a lookup's dummies: only a stack can tell
 * @throws if it is not a filter: the error names the method, the key, the value and the rule
 */
export function checkFilter(where: string, filter: JobFilter): readonly string[] {
  assertTypes(where, { filter }, { filter: 'an object' });
  assertKeys(where, 'filter', filter, TYPES);
  assertTypes(where, filter, TYPES);
  const { jobIdPrefix, thingGroupName, targetSelection, statuses, namespaceId, tags } = filter;
  assertTags(where, tags);
  assertOneOf(where, 'targetSelection', Object.values(TargetSelection), targetSelection);
  if (statuses && !Token.isUnresolved(statuses)) {
    if (statuses.length === 0) {
      throw new Error(`${where}: statuses is empty: name at least one, or leave it out for any.`);
    }
    statuses.forEach((status) => assertOneOf(where, 'statuses', Object.values(JobStatus), status));
  }
  return [
    ...mismatch(where, 'jobIdPrefix', jobIdPrefix, isValidId, ID_RULE),
    ...mismatch(where, 'namespaceId', namespaceId, isValidId, ID_RULE),
    ...mismatch(where, 'thingGroupName', thingGroupName, isValidThingGroup, THING_GROUP_RULE),
  ];
}

/**
 * Checks a value of a selection, which knows no stack, and so not whether a lookup has yet to be made. Values that look
 * like CDK's dummies are left for the stack to judge.
 *
 * @returns what is wrong with such a value
 * @throws if any other value does not match
 */
export function mismatch(
  where: string,
  name: string,
  value: string | undefined,
  isValid: (value: string) => boolean,
  rule: string,
): readonly string[] {
  if (value === undefined || !isLiteral(value) || isValid(value)) {
    return [];
  }
  const message = `${where}: ${name} "${value}" is not what AWS IoT allows: ${rule}.`;
  if (looksLookedUp(value)) {
    return [message];
  }
  throw new Error(message);
}

function assertTags(where: string, tags: JobFilter['tags']): void {
  if (tags === undefined || Token.isUnresolved(tags)) {
    return;
  }
  if (Object.keys(tags).length === 0) {
    throw new Error(`${where}: tags is empty: name at least one, or leave it out for any.`);
  }
  if (Object.hasOwn(tags, '__proto__')) {
    // Without it the filter would be wider.
    throw new Error(`${where}: tags has "__proto__": CDK loses a property of that name when it writes the template.`);
  }
  const key = Object.keys(tags).find((each) => Token.isUnresolved(each) || each.length === 0 || each.length > 128);
  if (key !== undefined || Object.keys(tags).length > MAX_TAGS) {
    const rule = `a tag's key has 1 to 128 characters, known at synth, and a job has at most ${MAX_TAGS} tags`;
    throw new Error(`${where}: tags has ${key === undefined ? Object.keys(tags).length : printed(key)}: ${rule}.`);
  }
  const types = Object.fromEntries(Object.keys(tags).map((key) => [key, 'a string' as const]));
  assertTypes(`${where}: tags`, tags, types);
  const long = Object.values(tags).find((value) => isLiteral(value) && value.length > 256);
  if (long !== undefined) {
    throw new Error(`${where}: tags has a value of ${long.length} characters: AWS IoT allows 256.`);
  }
}

function assertOneOf(where: string, name: string, allowed: readonly string[], value: string | undefined): void {
  if (value !== undefined && isLiteral(value) && !allowed.includes(value)) {
    throw new Error(`${where}: ${name} has ${printed(value)}: it may have ${allowed.join(', ')}.`);
  }
}
