import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { reject } from './bad-input';
import { isLiteral } from './literal';
import { assertTypes } from './prop-types';

/**
 * A role of another account that deletes that account's jobs.
 */
export interface AssumedRole {
  /**
   * The ARN of the role, one of the provider's `assumableRoles`. Its trust policy must allow the handler's role. It needs
   * `iot:DescribeJob`, `iot:DeleteJob` and `iot:ListJobs`. `cancelFirst` also needs `iot:CancelJob`. A selection by tags
   * also needs `iot:ListTagsForResource`.
   */
  readonly roleArn: string;

  /**
   * The external id that the role's trust policy requires: 2 to 1,224 characters of `[\w+=,.@:/-]`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
   * @default - none
   */
  readonly externalId?: string;

  /**
   * The name of the session in the other account's CloudTrail: 2 to 64 characters of `[\w+=,.@-]`.
   *
   * @default 'cdk-iot-job-deletion'
   */
  readonly sessionName?: string;
}

/** Reports whatever of a role STS or IAM would refuse. */
export function checkAssumedRole(scope: Construct, role: AssumedRole): void {
  // A role of this app has a roleArn, too.
  if (!Construct.isConstruct(role)) {
    assertTypes(scope.node.path, { assumeRole: role }, { assumeRole: 'an object' });
  }
  const types = { roleArn: 'a string', externalId: 'a string?', sessionName: 'a string?' } as const;
  assertTypes(`${scope.node.path}: assumeRole`, role, types);
  const { roleArn, externalId, sessionName } = role;
  if (isLiteral(roleArn) && !parseRoleArn(scope, roleArn)) {
    reject(scope, `assumeRole: roleArn "${roleArn}" is not ${ROLE_ARN_RULE}.`);
  }
  if (externalId !== undefined && isLiteral(externalId) && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    reject(
      scope,
      'assumeRole: externalId is not what STS allows: 2 to 1,224 characters of A-Z, a-z, 0-9 and _+=,.@:/-.',
    );
  }
  if (sessionName !== undefined && isLiteral(sessionName) && !/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    reject(
      scope,
      `assumeRole: sessionName "${sessionName}" is not what STS allows: 2 to 64 characters of A-Z, a-z, 0-9 and _+=,.@-.`,
    );
  }
}

/** What an ARN of a role must be where it is known at synth. */
export const ROLE_ARN_RULE = 'the ARN of a role such as arn:aws:iam::222222222222:role/jobs';

/** A role as its ARN names it. Whatever the partition is, it is the only one that the stack can reach. */
export interface Role {
  readonly account: string;
  /** `ACCOUNT:role/PATH/NAME`. */
  readonly id: string;
}

/**
 * Reads the ARN of a role, as far as it is known at synth: one that is spelt out, or the `roleArn` of a role that is
 * imported, or that has a name and is in another account. There only the partition is a token.
 *
 * @returns undefined if it is no such ARN
 */
export function parseRoleArn(scope: Construct, roleArn: string): Role | undefined {
  const [, account, path] =
    /^arn:[^:]+:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(withPartition(Stack.of(scope).resolve(roleArn))) ?? [];
  return account === undefined ? undefined : { account, id: `${account}:role/${path}` };
}

/** The text of a token whose only unknown part is the partition. */
function withPartition(resolved: unknown): string {
  if (typeof resolved === 'string') {
    return resolved;
  }
  const { 'Fn::Join': join } = (resolved ?? {}) as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] };
  const [delimiter, parts] = join ?? ['', []];
  return parts
    .map((part) => ((part as { Ref?: string }).Ref === 'AWS::Partition' ? 'aws' : String(part)))
    .join(delimiter);
}
