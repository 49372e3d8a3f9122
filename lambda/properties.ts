import { ID_RULE, isValidId } from '../lib/job-id';
import { messages } from './messages';
import { UserError } from './user-error';

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
}

/** Which jobs a resource deletes: the one of a `JobDeletion`, or those of a `JobSweep`, by name or by what they are. */
export type Selection =
  { readonly job: string } | { readonly jobs: readonly string[] } | { readonly filter: JobFilter };

/** Jobs by what they are: at least one of these, and each narrows. */
export interface JobFilter {
  readonly jobIdPrefix?: string;
  readonly thingGroupName?: string;
  readonly targetSelection?: string;
  readonly statuses?: readonly string[];
  readonly namespaceId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where jobs are, if not in the function's own region, or not in its own account. */
export interface Place {
  readonly region?: string;
  readonly assumeRole?: AssumedRole;
}

/** A role of the account in which the jobs are. */
export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
  readonly sessionName?: string;
}

type Sent = Readonly<Record<string, unknown>>;

/**
 * Reads the properties of a resource, as CloudFormation sends them: every scalar a string.
 *
 * It must read every format that was ever deployed: a property may be absent, and then has the default of the first
 * release; one that is unknown belongs to another release and is left alone.
 *
 * @throws UserError that names the property, its value and the rule
 */
export function parseProperties(resourceType: string, sent: Sent): Properties {
  const namespaceId = id('NamespaceId', sent.NamespaceId);
  return {
    selection: resourceType === 'Custom::IoTJobSweep' ? sweepSelection(sent, namespaceId) : { job: jobId(sent) },
    place: { region: text('Region', sent.Region), assumeRole: assumedRole(sent.AssumeRole) },
    force: flag('Force', sent.Force),
    namespaceId,
    cancelFirst: flag('CancelFirst', sent.CancelFirst),
    revision: text('Revision', sent.Revision),
    deleteOnRollback: flag('DeleteOnRollback', sent.DeleteOnRollback),
    // CloudFormation ends a custom resource after an hour; 58 minutes leave the reason time to get there.
    timeoutSeconds: number('TimeoutSeconds', sent.TimeoutSeconds ?? 3300, 3480),
    maxJobs: number('MaxJobs', sent.MaxJobs ?? 1000, Infinity),
  };
}

function jobId(sent: Sent): string {
  const given = id('JobId', sent.JobId);
  if (given === undefined) {
    throw new UserError(messages.missingJobId());
  }
  return given;
}

function sweepSelection(sent: Sent, namespaceId: string | undefined): Selection {
  const jobs = texts('JobIds', sent.JobIds);
  if (jobs) {
    jobs.forEach((job) => id('JobIds', job));
    return { jobs: [...new Set(jobs)] };
  }
  const filter: JobFilter = {
    jobIdPrefix: id('JobIdPrefix', sent.JobIdPrefix),
    thingGroupName: filled('ThingGroupName', sent.ThingGroupName),
    targetSelection: filled('TargetSelection', sent.TargetSelection),
    statuses: texts('Statuses', sent.Statuses),
    namespaceId,
    tags: tags(sent.Tags),
  };
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new UserError(messages.selectsEverything());
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

function malformed(name: string, value: unknown, rule: string): UserError {
  return new UserError(messages.malformed(name, value, rule));
}
