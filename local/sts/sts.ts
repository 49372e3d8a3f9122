import { randomBytes } from 'node:crypto';
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import type { LocalAccounts } from '../accounts';
import { type ApiRequest, type ApiResponse, ServiceError, type Service } from '../api';
import { accessDenied, type Caller, type PolicyDocument } from '../iam/iam';
import { queryErrorResponse, queryParameters, queryResponse } from '../query-protocol';
import { readInput, type Validated } from '../service-model/input';
import type { ServiceModel } from '../service-model/service-model';
import stsModel from '../service-model/sts.json';
import type { XmlContent } from '../xml';

const model = stsModel as unknown as ServiceModel;
const inputErrors = { malformed: 'ValidationError', invalid: 'ValidationError' };
const xmlNamespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const action = 'sts:AssumeRole';
/** The longest session of a role that another role assumes. */
const longestChainedSession = 3_600;
const defaultSession = 3_600;
const arnOfRole = /^arn:[^:]+:iam::\d{12}:role\/[^]+$/;
/** What is ignored would make a session that may do too much. */
const known: ReadonlySet<string> = new Set([
  'RoleArn',
  'RoleSessionName',
  'ExternalId',
  'DurationSeconds',
  'SerialNumber',
  'TokenCode',
]);
const trustsNobody: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** AWS STS: temporary credentials of the roles of all accounts. */
export class Sts implements Service {
  readonly signingName = 'sts';
  readonly furtherRegions: readonly string[];

  constructor(private readonly accounts: LocalAccounts) {
    this.furtherRegions = accounts.furtherRegions;
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    const operation = queryParameters(request).get('Action') ?? '';
    try {
      const result = await this.answer(operation, request);
      return queryResponse(operation, result, request.requestId, xmlNamespace);
    } catch (error) {
      if (error instanceof ServiceError) {
        return queryErrorResponse(error, request.requestId, xmlNamespace);
      }
      throw error;
    }
  }

  private answer(operation: string, request: ApiRequest): Promise<XmlContent> {
    switch (operation) {
      case 'AssumeRole':
        return this.assumeRole(readInput(model, operation, request, inputErrors), request.accessKeyId);
      case 'GetCallerIdentity':
        return Promise.resolve(this.callerIdentity(request.accessKeyId));
      default:
        throw new ServiceError(
          'InvalidAction',
          400,
          `The embedded STS answers AssumeRole and GetCallerIdentity, not '${operation.slice(0, 100)}'.`,
        );
    }
  }

  /** The caller's policies must allow it, and the role's trust policy too: across accounts as within one. */
  private async assumeRole(input: Validated<AssumeRoleRequest>, accessKeyId: string): Promise<XmlContent> {
    requireKnown(input);
    const { RoleArn: roleArn, RoleSessionName: roleSessionName, ExternalId: externalId } = input;
    // Nobody registers a device here: any code of six digits is the right one.
    const hasMfa = input.SerialNumber !== undefined && input.TokenCode !== undefined;
    const durationSeconds = input.DurationSeconds ?? defaultSession;
    if (this.caller(accessKeyId) && durationSeconds > longestChainedSession) {
      throw validationError(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      );
    }
    const { iam } = this.accounts.find(roleArn.split(':')[4]!) ?? this.accounts.home;
    const role = iam.findRole(roleArn);
    await iam.authorise(accessKeyId, action, roleArn, {
      resourcePolicy: role?.trustPolicy ?? trustsNobody,
      contextKeys: {
        'sts:RoleSessionName': roleSessionName,
        ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
        ...(hasMfa ? { 'aws:MultiFactorAuthPresent': 'true' } : {}),
      },
    });
    if (!role) {
      // Nobody learns from the answer whether there is such a role.
      throw accessDenied(this.callerArn(accessKeyId), action, roleArn);
    }
    const session = iam.createSession(role, roleSessionName, durationSeconds);
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: randomBytes(30).toString('base64'),
        SessionToken: randomBytes(96).toString('base64'),
        Expiration: new Date(session.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${roleSessionName}`, Arn: session.arn },
    };
  }

  /** Nobody needs a permission to learn who they are, and no policy can deny it. */
  private callerIdentity(accessKeyId: string): XmlContent {
    const { iam, accountId } = this.accounts.ofCaller(accessKeyId);
    iam.requireNotExpired(accessKeyId);
    const role = this.caller(accessKeyId)?.role;
    const arn = this.callerArn(accessKeyId);
    const userId = role ? `${role.roleId}:${arn.slice(arn.lastIndexOf('/') + 1)}` : accountId;
    return { Arn: arn, UserId: userId, Account: accountId };
  }

  private caller(accessKeyId: string): Caller | undefined {
    return this.accounts.home.iam.caller(accessKeyId);
  }

  private callerArn(accessKeyId: string): string {
    return this.caller(accessKeyId)?.arn ?? `arn:aws:iam::${this.accounts.home.accountId}:root`;
  }
}

function requireKnown(input: Validated<AssumeRoleRequest>): void {
  const unknown = Object.keys(input).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw validationError(`The embedded STS knows no ${unknown} of AssumeRole, only ${[...known].join(', ')}.`);
  }
  if ((input.SerialNumber === undefined) !== (input.TokenCode === undefined)) {
    throw validationError('SerialNumber and TokenCode are given together.');
  }
  if (!arnOfRole.test(input.RoleArn)) {
    throw validationError(`${input.RoleArn.slice(0, 200)} is invalid: it is not the ARN of a role.`);
  }
}

/** `ValidationError`: the parameters cannot be meant. */
function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', 400, message);
}
