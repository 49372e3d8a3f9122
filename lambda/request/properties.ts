import { ID_RULE, isValidId } from '../../lib/job-id';
import { isValidThingGroup, THING_GROUP_RULE } from '../../lib/thing-group-name';
import type { AssumedRole, Place } from '../aws/place';
import { LIFE } from '../search/lists';
import { type JobFilter, type Selection, TARGET_SELECTIONS } from '../search/selection';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';

/** What a `Custom::IoTJobDeletion` or a `Custom::IoTJobSweep` asks for. */
export interface Properties {
  readonly selection: Selection;
  readonly place: Place;
  readonly force: boolean;
  readonly namespaceId?: string;
  readonly cancelFirst: boolean;
  readonly revision?: string;
  readonly deleteOnRollback: boolean;
  readonly timeoutSeconds: number;
  readonly maxJobs: number;
  readonly declaredJob?: DeclaredJob;
}

/** The `AWS::IoT::Job` of the same stack that a deletion is the companion of, and the tag by which it knows the job. */
export interface DeclaredJob {
  readonly logicalId: string;
  readonly tag: { readonly key: string; readonly value: string };
}

/** CloudFormation ends a custom resource after an hour; 58 minutes leave the reason time to get there. */
const LONGEST_TIMEOUT = 3480;

/** How long a deletion may take where the properties can't say. */
export const DEFAULT_TIMEOUT = 3300;

/** A list longer than this does not fit into a physical id. */
const MOST_NAMES = 100;

/** The only format of properties that there has been. */
const FORMAT = '1';

const KNOWN: ReadonlySet<string> = new Set([
  // CloudFormation's own.
  'ServiceToken',
  'ServiceTimeout',
  'Format',
  'JobId',
  'JobIds',
  'JobIdPrefix',
  'ThingGroupName',
  'TargetSelection',
  'Statuses',
  'Tags',
  'MaxJobs',
  'Force',
  'NamespaceId',
  'CancelFirst',
  'Revision',
  'DeleteOnRollback',
  'TimeoutSeconds',
  'Region',
  'AssumeRole',
  'DeclaredJob',
]);

type Sent = Readonly<Record<string, unknown>>;

/**
 * Reads the properties of a resource, as CloudFormation sends them: every scalar a string.
 *
 * A format or a property that is not known belongs to a newer release: it is refused, because what is not understood may
 * narrow the selection.
 *
 * @throws Failure that names the property, its value and the rule
 */
export function parseProperties(resourceType: string, sent: Sent): Properties {
  const { Format = FORMAT } = sent;
  if (Format !== FORMAT) {
    throw new Failure(messages.unknownFormat(Format));
  }
  const unknown = Object.keys(sent).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw new Failure(messages.unknownProperty(unknown));
  }
  const namespaceId = id('NamespaceId', sent.NamespaceId);
  return {
    selection: resourceType === 'Custom::IoTJobSweep' ? sweepSelection(sent, namespaceId) : { job: jobId(sent) },
    place: { region: text('Region', sent.Region), assumeRole: assumedRole(sent.AssumeRole) },
    force: flag('Force', sent.Force),
    namespaceId,
    cancelFirst: flag('CancelFirst', sent.CancelFirst),
    revision: text('Revision', sent.Revision),
    deleteOnRollback: flag('DeleteOnRollback', sent.DeleteOnRollback),
    timeoutSeconds: number('TimeoutSeconds', sent.TimeoutSeconds ?? DEFAULT_TIMEOUT, LONGEST_TIMEOUT),
    maxJobs: number('MaxJobs', sent.MaxJobs ?? 1000, Infinity),
    declaredJob: declaredJob(sent.DeclaredJob),
  };
}

/** How long a deletion may take, in seconds, of properties that may be of a format that is not known. */
export function timeoutIn({ TimeoutSeconds }: Sent): number {
  const seconds = Number(TimeoutSeconds ?? DEFAULT_TIMEOUT);
  return seconds > 0 && seconds <= LONGEST_TIMEOUT ? seconds : DEFAULT_TIMEOUT;
}

function jobId(sent: Sent): string {
  const given = id('JobId', sent.JobId);
  if (given === undefined) {
    throw new Failure(messages.missingJobId());
  }
  return given;
}

function sweepSelection(sent: Sent, namespaceId: string | undefined): Selection {
  const jobs = texts('JobIds', sent.JobIds);
  if (jobs) {
    jobs.forEach((job) => id('JobIds', job));
    const names = [...new Set(jobs)];
    if (names.length > MOST_NAMES) {
      throw new Failure(messages.tooManyNames(names.length, MOST_NAMES));
    }
    return { jobs: names };
  }
  const filter: JobFilter = {
    jobIdPrefix: id('JobIdPrefix', sent.JobIdPrefix),
    thingGroupName: thingGroupName(sent.ThingGroupName),
    targetSelection: oneOf('TargetSelection', sent.TargetSelection, TARGET_SELECTIONS),
    statuses: texts('Statuses', sent.Statuses)?.map((status) => oneOf('Statuses', status, LIFE)!),
    namespaceId,
    tags: tags(sent.Tags),
  };
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new Failure(messages.selectsEverything());
  }
  return { filter };
}

function assumedRole(sent: unknown): AssumedRole | undefined {
  if (sent === undefined) {
    return undefined;
  }
  const { RoleArn, ExternalId, SessionName } = record('AssumeRole', sent);
  const roleArn = text('RoleArn', RoleArn) ?? '';
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) {
    throw malformed('RoleArn', roleArn, 'the ARN of an IAM role');
  }
  return {
    roleArn,
    externalId: text('ExternalId', ExternalId),
    sessionName: text('SessionName', SessionName),
  };
}

function declaredJob(sent: unknown): DeclaredJob | undefined {
  if (sent === undefined) {
    return undefined;
  }
  const { LogicalId, TagKey, TagValue } = record('DeclaredJob', sent);
  return {
    logicalId: filled('DeclaredJob.LogicalId', LogicalId)!,
    tag: { key: filled('DeclaredJob.TagKey', TagKey)!, value: text('DeclaredJob.TagValue', TagValue) ?? '' },
  };
}

function tags(sent: unknown): Readonly<Record<string, string>> | undefined {
  if (sent === undefined) {
    return undefined;
  }
  const given = Object.entries(record('Tags', sent));
  if (given.length === 0) {
    throw malformed('Tags', sent, 'at least one tag');
  }
  return Object.fromEntries(given.map(([key, value]) => [key, text(`Tags.${key}`, value)!]));
}

function record(name: string, sent: unknown): Sent {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    throw malformed(name, sent, 'an object');
  }
  return sent as Sent;
}

function text(name: string, value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw malformed(name, value, 'a string');
  }
  return value;
}

/** An empty filter would match everything, which nobody who gives a value means. */
function filled(name: string, value: unknown): string | undefined {
  if (value === '') {
    throw malformed(name, value, 'a name');
  }
  return text(name, value);
}

/** What AWS IoT does not know would select nothing, in silence. */
function oneOf(name: string, value: unknown, known: readonly string[]): string | undefined {
  const given = text(name, value);
  if (given !== undefined && !known.includes(given)) {
    throw malformed(name, given, `one of ${known.join(', ')}`);
  }
  return given;
}

function thingGroupName(value: unknown): string | undefined {
  const given = filled('ThingGroupName', value);
  if (given !== undefined && !isValidThingGroup(given)) {
    throw malformed('ThingGroupName', given, THING_GROUP_RULE);
  }
  return given;
}

function texts(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw malformed(name, value, 'a list with at least one entry');
  }
  return value.map((each) => filled(name, each)!);
}

function id(name: string, value: unknown): string | undefined {
  const candidate = text(name, value);
  if (candidate !== undefined && !isValidId(candidate)) {
    throw malformed(name, candidate, ID_RULE);
  }
  return candidate;
}

function flag(name: string, value: unknown): boolean {
  switch (value) {
    case 'true':
      return true;
    case 'false':
    case undefined:
      return false;
    default:
      throw malformed(name, value, 'true or false');
  }
}

function number(name: string, value: unknown, most: number): number {
  const given = Number(value);
  if (!(given > 0 && given <= most)) {
    const unit = name.endsWith('Seconds') ? 'a number of seconds, more than 0' : 'a number, more than 0';
    throw malformed(name, value, most === Infinity ? unit : `${unit} and at most ${most}`);
  }
  return given;
}

function malformed(name: string, value: unknown, rule: string): Failure {
  return new Failure(messages.malformed(name, value, rule));
}
