import { randomBytes } from 'node:crypto';
import type { LocalAccounts } from '../accounts';
import { type ApiRequest, type ApiResponse, ServiceError, type Service } from '../api';
import { accessDenied, type Caller, type PolicyDocument } from '../iam/iam';
import { queryErrorResponse, queryParameters, queryResponse } from '../query-protocol';
import type { XmlContent } from '../xml';
import { readAssumeRole, validationError } from './assume-role-input';

const xmlNamespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const action = 'sts:AssumeRole';
/** The longest session of a role that another role assumes. */
const longestChainedSession = 3_600;
const trustsNobody: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** AWS STS: temporary credentials of the roles of all accounts. */
export class Sts implements Service {
  readonly signingName = 'sts';
  readonly furtherRegions: readonly string[];

  constructor(private readonly accounts: LocalAccounts) {
    this.furtherRegions = accounts.furtherRegions;
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    const parameters = queryParameters(request);
    const operation = parameters.get('Action') ?? '';
    try {
      const result = await this.answer(operation, parameters, request.accessKeyId);
      return queryResponse(operation, result, request.requestId, xmlNamespace);
    } catch (error) {
      if (error instanceof ServiceError) {
        return queryErrorResponse(error, request.requestId, xmlNamespace);
      }
      throw error;
    }
  }

  private answer(operation: string, parameters: URLSearchParams, accessKeyId: string): Promise<XmlContent> {
    switch (operation) {
      case 'AssumeRole':
        return this.assumeRole(parameters, accessKeyId);
      case 'GetCallerIdentity':
        return this.callerIdentity(accessKeyId);
      default:
        throw new ServiceError(
          'InvalidAction',
          400,
          `The embedded STS answers AssumeRole and GetCallerIdentity, not '${operation}'.`,
        );
    }
  }

  /** The caller's policies must allow it, and the role's trust policy too: across accounts as within one. */
  private async assumeRole(parameters: URLSearchParams, accessKeyId: string): Promise<XmlContent> {
    const { roleArn, roleSessionName, externalId, durationSeconds } = readAssumeRole(parameters);
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

  /** Nobody needs a permission to learn who they are. */
  private async callerIdentity(accessKeyId: string): Promise<XmlContent> {
    const { iam, accountId } = this.accounts.ofCaller(accessKeyId);
    await iam.authorise(accessKeyId, 'sts:GetCallerIdentity', '*');
    return { Arn: this.callerArn(accessKeyId), UserId: accessKeyId, Account: accountId };
  }

  private caller(accessKeyId: string): Caller | undefined {
    return this.accounts.home.iam.caller(accessKeyId);
  }

  private callerArn(accessKeyId: string): string {
    return this.caller(accessKeyId)?.arn ?? `arn:aws:iam::${this.accounts.home.accountId}:root`;
  }
}
