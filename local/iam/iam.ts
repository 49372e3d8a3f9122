import { randomBytes } from 'node:crypto';
import { ServiceError } from '../api';

/** An IAM policy document, as a template holds it once its intrinsics are resolved. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Record<string, unknown>[];
}

/** One call to be decided on. */
export interface AuthorisationRequest {
  /** The role that calls. */
  readonly principalArn: string;
  /** The IAM action, such as `iot:DeleteJob`. */
  readonly action: string;
  /** The ARN that the action is on, or `*` for an action without a resource type. */
  readonly resource: string;
  /** Every identity policy that the role has at this moment. */
  readonly identityPolicies: readonly PolicyDocument[];
  /** The role's permissions boundary, if it has one. */
  readonly permissionsBoundary?: PolicyDocument;
  /** The resource's own policy, if it has one: a KMS key's. */
  readonly resourcePolicy?: PolicyDocument;
}

/** Decides whether IAM allows a call. The embedded AWS takes one as a parameter and has none of its own. */
export type Authoriser = (request: AuthorisationRequest) => Promise<boolean>;

export interface Role {
  readonly arn: string;
  readonly accessKeyId: string;
  /** Identity policies by name: inline ones, and those that AWS::IAM::Policy attaches. */
  readonly policies: Map<string, PolicyDocument>;
  /** The managed policy that bounds it, as it is at the moment of each call. */
  permissionsBoundary?: { readonly document: PolicyDocument };
}

/**
 * The roles of the account, and what they may do at this moment.
 *
 * A caller whose access key belongs to no role is the person at the keyboard, who may do everything.
 */
export class Iam {
  /** Resources' own policies by ARN. */
  readonly resourcePolicies = new Map<string, PolicyDocument>();
  private readonly roles = new Map<string, Role>();

  constructor(
    private readonly accountId: string,
    private readonly authoriser?: Authoriser,
  ) {}

  createRole(roleName: string): Role {
    if (this.roles.has(roleName)) {
      throw new ServiceError('EntityAlreadyExists', 409, `Role with name ${roleName} already exists.`);
    }
    const role: Role = {
      arn: `arn:aws:iam::${this.accountId}:role/${roleName}`,
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      policies: new Map(),
    };
    this.roles.set(roleName, role);
    return role;
  }

  deleteRole(roleName: string): void {
    this.roles.delete(roleName);
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

  /** The role whose credentials signed a call; none for the person at the keyboard. */
  caller(accessKeyId: string): Role | undefined {
    return [...this.roles.values()].find((role) => role.accessKeyId === accessKeyId);
  }

  /** Throws the service's own AccessDenied when the caller's policies, as they are now, do not allow the call. */
  async authorise(accessKeyId: string, action: string, resource: string): Promise<void> {
    const role = this.caller(accessKeyId);
    if (role && !(await this.allows(role, action, resource))) {
      throw new ServiceError(
        'AccessDeniedException',
        403,
        `User: ${role.arn} is not authorized to perform: ${action} on resource: ${resource}`,
      );
    }
  }

  /** Whether a role's policies, as they are now, allow a call. */
  async allows(role: Role, action: string, resource: string): Promise<boolean> {
    if (!this.authoriser) {
      return true;
    }
    return this.authoriser({
      principalArn: role.arn,
      action,
      resource,
      identityPolicies: [...role.policies.values()],
      permissionsBoundary: role.permissionsBoundary?.document,
      resourcePolicy: this.resourcePolicies.get(resource),
    });
  }
}
