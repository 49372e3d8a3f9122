import { ServiceError } from '../api';

/** AssumeRole's parameters. */
export interface AssumeRoleInput {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly externalId?: string;
  readonly durationSeconds: number;
}

const parameterNames = ['Action', 'Version', 'RoleArn', 'RoleSessionName', 'ExternalId', 'DurationSeconds'];

/** Fails as STS does on parameters that break the service model's constraints. */
export function readAssumeRole(parameters: URLSearchParams): AssumeRoleInput {
  for (const name of parameters.keys()) {
    if (!parameterNames.includes(name)) {
      // A session policy that is ignored would be a session that may do too much.
      throw validationError(`The embedded STS knows no ${name} of AssumeRole, only ${parameterNames.join(', ')}.`);
    }
  }
  const durationSeconds = parameters.get('DurationSeconds') ?? '3600';
  if (!/^\d+$/.test(durationSeconds) || Number(durationSeconds) < 900 || Number(durationSeconds) > 43_200) {
    throw invalid(durationSeconds, 'durationSeconds', 'a number from 900 to 43200');
  }
  return {
    roleArn: required(parameters, 'RoleArn', /^arn:[^:]+:iam::\d{12}:role\/[^]+$/, 'the ARN of a role'),
    roleSessionName: required(
      parameters,
      'RoleSessionName',
      /^[\w+=,.@-]{2,64}$/,
      '2 to 64 characters of [a-zA-Z0-9_+=,.@-]',
    ),
    externalId: optional(
      parameters,
      'ExternalId',
      /^[\w+=,.@:/-]{2,1224}$/,
      '2 to 1224 characters of [a-zA-Z0-9_+=,.@:/-]',
    ),
    durationSeconds: Number(durationSeconds),
  };
}

/** `ValidationError`: the parameters cannot be meant. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', 400, message);
}

function required(parameters: URLSearchParams, name: string, pattern: RegExp, says: string): string {
  const value = optional(parameters, name, pattern, says);
  if (value === undefined) {
    throw validationError(`1 validation error detected: Value null at '${memberOf(name)}' must not be null.`);
  }
  return value;
}

function optional(parameters: URLSearchParams, name: string, pattern: RegExp, says: string): string | undefined {
  const value = parameters.get(name) ?? undefined;
  if (value !== undefined && !pattern.test(value)) {
    throw invalid(value, memberOf(name), says);
  }
  return value;
}

function invalid(value: string, member: string, says: string): ServiceError {
  return validationError(`1 validation error detected: Value '${value}' at '${member}' must be ${says}.`);
}

function memberOf(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
