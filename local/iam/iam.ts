import { randomBytes } from 'node:crypto';
import { ServiceError } from '../api';
import { type Clock, systemClock } from '../clock';

/** An IAM policy document, as a template holds it once its intrinsics are resolved. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Record<string, unknown>[];
}

/** One call to be decided on. */
export interface AuthorisationRequest {
  /** The role that calls, or its session. */
  readonly principalArn: string;
  /** The IAM action, such as `iot:DeleteJob`. */
  readonly action: string;
  /** The ARN that the action is on, or `*` for an action without a resource type. */
  readonly resource: string;
  /** The account that the resource is in. */
  readonly accountId: string;
  /** Every identity policy that the role has at this moment. */
  readonly identityPolicies: readonly PolicyDocument[];
  /** The role's permissions boundary, if it has one. */
  readonly permissionsBoundary?: PolicyDocument;
  /** The policy of the resource itself, such as a role's trust policy or a KMS key's. */
  readonly resourcePolicy?: PolicyDocument;
  /** What conditions can be about, such as `sts:ExternalId`. */
  readonly contextKeys?: Readonly<Record<string, string>>;
}

/** Decides whether IAM allows a call. The embedded AWS takes one as a parameter and has none of its own. */
export type Authoriser = (request: AuthorisationRequest) => Promise<boolean>;

export interface Role {
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly accessKeyId: string;
  /** Identity policies by name: inline ones, and those that AWS::IAM::Policy attaches. */
  readonly policies: Map<string, PolicyDocument>;
  /** The managed policy that bounds it, as it is at the moment of each call. */
  permissionsBoundary?: { readonly document: PolicyDocument };
  /** Who may assume the role. Without one, nobody but the embedded AWS's own services. */
  trustPolicy?: PolicyDocument;
}

/** What a role can be given when it is made. */
export interface RoleSettings {
  /** Part of its ARN, such as `/service-role/`; `/` if it is not given. */
  readonly path?: string;
  readonly trustPolicy?: PolicyDocument;
  /** Identity policies by name. */
  readonly policies?: Readonly<Record<string, PolicyDocument>>;
}

/** Whose credentials sign calls: a role, or a session of one. */
export interface Caller {
  readonly role: Role;
  readonly accountId: string;
  readonly arn: string;
  /** When the credentials are over, in milliseconds since the epoch. Those of services are renewed all the time. */
  readonly expiresAt?: number;
}

/** A session of a role that somebody assumed. */
export interface Session extends Caller {
  readonly accessKeyId: string;
  readonly expiresAt: number;
}

/**
 * The roles of an account, and what they may do at this moment.
 *
 * A caller whose access key belongs to no role is the person at the keyboard, who may do everything.
 */
export class Iam {
  /** Resources' own policies by ARN. */
  readonly resourcePolicies = new Map<string, PolicyDocument>();
  private readonly roles = new Map<string, Role>();

  constructor(
    readonly accountId: string,
    private readonly authoriser?: Authoriser,
    private readonly clock: Clock = systemClock,
    private readonly callers = new Map<string, Caller>(),
  ) {}

  /** The IAM of another account. Each knows the callers of all: a role of another account is no person at a keyboard. */
  ofAccount(accountId: string): Iam {
    return new Iam(accountId, this.authoriser, this.clock, this.callers);
  }

  createRole(roleName: string, { path = '/', trustPolicy, policies = {} }: RoleSettings = {}): Role {
    if (this.roles.has(roleName)) {
      throw new ServiceError('EntityAlreadyExists', 409, `Role with name ${roleName} already exists.`);
    }
    const role: Role = {
      arn: `arn:aws:iam::${this.accountId}:role${path}${roleName}`,
      roleName,
      roleId: uniqueId('AROA'),
      accessKeyId: uniqueId('ASIA'),
      policies: new Map(Object.entries(policies)),
      trustPolicy,
    };
    this.roles.set(roleName, role);
    this.callers.set(role.accessKeyId, { role, accountId: this.accountId, arn: role.arn });
    return role;
  }

  /** Credentials outlive their role, but may do nothing any more. */
  deleteRole(roleName: string): void {
    this.roles.get(roleName)?.policies.clear();
    this.roles.delete(roleName);
  }

  hasRole(roleName: string): boolean {
    return this.roles.has(roleName);
  }

  role(roleName: string): Role {
    const role = this.roles.get(roleName);
    if (!role) {
      throw new ServiceError('NoSuchEntity', 404, `The role with name ${roleName} cannot be found.`);
    }
    return role;
  }

  roleByArn(arn: string): Role {
    return this.role(arn.slice(arn.lastIndexOf('/') + 1));
  }

  /** The role with exactly this ARN, if it is one of this account. */
  findRole(arn: string): Role | undefined {
    return [...this.roles.values()].find((role) => role.arn === arn);
  }

  /** Makes temporary credentials of a role. Whether somebody may have them, STS decides. */
  createSession(role: Role, sessionName: string, seconds: number): Session {
    const session: Session = {
      role,
      accountId: this.accountId,
      arn: `arn:aws:sts::${this.accountId}:assumed-role/${role.roleName}/${sessionName}`,
      accessKeyId: uniqueId('ASIA'),
      expiresAt: this.clock.now() + seconds * 1000,
    };
    this.callers.set(session.accessKeyId, session);
    return session;
  }

  /** The role whose credentials signed a call; none for the person at the keyboard. */
  caller(accessKeyId: string): Caller | undefined {
    return this.callers.get(accessKeyId);
  }

  /** Throws what every service answers to credentials whose time is over. */
  requireNotExpired(accessKeyId: string): void {
    const expiresAt = this.caller(accessKeyId)?.expiresAt;
    if (expiresAt !== undefined && expiresAt <= this.clock.now()) {
      throw new ServiceError('ExpiredTokenException', 403, 'The security token included in the request is expired');
    }
  }

  /** Throws the service's own AccessDenied when the caller's policies, as they are now, do not allow the call. */
  async authorise(
    accessKeyId: string,
    action: string,
    resource: string,
    more: Pick<AuthorisationRequest, 'resourcePolicy' | 'contextKeys'> = {},
  ): Promise<void> {
    this.requireNotExpired(accessKeyId);
    const caller = this.caller(accessKeyId);
    if (!caller) {
      return;
    }
    if (!(await this.allows(caller.role, action, resource, { principalArn: caller.arn, ...more }))) {
      throw accessDenied(caller.arn, action, resource);
    }
  }

  /** Whether a role's policies, as they are now, allow a call. */
  async allows(
    role: Role,
    action: string,
    resource: string,
    more: Partial<Pick<AuthorisationRequest, 'principalArn' | 'resourcePolicy' | 'contextKeys'>> = {},
  ): Promise<boolean> {
    if (!this.authoriser) {
      return true;
    }
    return this.authoriser({
      principalArn: role.arn,
      action,
      resource,
      accountId: this.accountId,
      identityPolicies: [...role.policies.values()],
      permissionsBoundary: role.permissionsBoundary?.document,
      resourcePolicy: this.resourcePolicies.get(resource),
      ...more,
      contextKeys: { ...requestedRegion(resource), ...more.contextKeys },
    });
  }
}

/** Where a call is sent: what it is on is there. Of an action on `*` it is not known here. */
function requestedRegion(resource: string): Readonly<Record<string, string>> {
  const region = resource.split(':')[3];
  return region ? { 'aws:RequestedRegion': region } : {};
}

/** What a service answers to a call that IAM does not allow. */
export function accessDenied(callerArn: string, action: string, resource: string): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    403,
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}`,
  );
}

/** Twenty characters, of which the first four say what it is the id of. */
function uniqueId(prefix: string): string {
  return `${prefix}${randomBytes(8).toString('hex').toUpperCase()}`;
}
