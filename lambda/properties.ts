import { ID_RULE, isValidId } from '../lib/job-id';
import { messages } from './messages';
import { UserError } from './user-error';

/** What a `Custom::IoTJobDeletion` asks for. */
export interface Properties {
  readonly jobId: string;
  readonly force: boolean;
  readonly namespaceId?: string;
  readonly cancelFirst: boolean;
  readonly revision?: string;
  readonly deleteOnRollback: boolean;
  readonly timeoutSeconds: number;
}

/**
 * Reads the properties of a resource, as CloudFormation sends them: every scalar a string.
 *
 * It must read every format that was ever deployed: a property may be absent, and then has the default of the first
 * release; one that is unknown belongs to another release and is left alone.
 *
 * @throws UserError that names the property, its value and the rule
 */
export function parseProperties(sent: Record<string, unknown>): Properties {
  const jobId = id('JobId', sent.JobId);
  if (jobId === undefined) {
    throw new UserError(messages.missingJobId());
  }
  return {
    jobId,
    force: flag('Force', sent.Force),
    namespaceId: id('NamespaceId', sent.NamespaceId),
    cancelFirst: flag('CancelFirst', sent.CancelFirst),
    revision: text('Revision', sent.Revision),
    deleteOnRollback: flag('DeleteOnRollback', sent.DeleteOnRollback),
    timeoutSeconds: seconds('TimeoutSeconds', sent.TimeoutSeconds),
  };
}

function text(name: string, value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw malformed(name, value, 'a string');
  }
  return value;
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

/** CloudFormation ends a custom resource after an hour; 58 minutes leave the reason time to get there. */
function seconds(name: string, value: unknown): number {
  const given = value === undefined ? 3300 : Number(value);
  if (!(given > 0 && given <= 3480)) {
    throw malformed(name, value, 'a number of seconds, more than 0 and at most 3480');
  }
  return given;
}

function malformed(name: string, value: unknown, rule: string): UserError {
  return new UserError(messages.malformed(name, value, rule));
}
