import type { Iam, PolicyDocument, Role } from '../../iam/iam';
import type { ExistingResourceContext, Provisioned, ResourceContext, ResourceType } from '../resource-type';
import { NETWORK_ACTIONS } from '../../lambda/execution-role';
import { inventName, list, optionalText, requiredText } from '../resource-type';
import type { Properties } from '../stack';

const logStatement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

const networkStatement = { Effect: 'Allow', Action: NETWORK_ACTIONS, Resource: '*' };

/** AWS's own managed policies that templates may name. */
const awsManagedPolicies: ReadonlyMap<string, PolicyDocument> = new Map([
  ['service-role/AWSLambdaBasicExecutionRole', { Version: '2012-10-17', Statement: [logStatement] }],
  [
    'service-role/AWSLambdaVPCAccessExecutionRole',
    { Version: '2012-10-17', Statement: [logStatement, networkStatement] },
  ],
  ['AdministratorAccess', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
]);

/** A managed policy, and the roles that it was ever attached to. */
interface ManagedPolicy {
  document: PolicyDocument;
  readonly roles: Set<Role>;
}

/** The managed policies of the account, by ARN. */
class ManagedPolicies extends Map<string, ManagedPolicy> {
  /** Stands for those that are not known here; without it, naming one is an error. */
  unknown?: ManagedPolicy;
}

/** The IAM resource types; what they change takes effect at that moment. */
export function iamResourceTypes(
  iam: Iam,
  accountId: string,
  unknownPolicy?: PolicyDocument,
): Readonly<Record<string, ResourceType>> {
  const managed = new ManagedPolicies(
    [...awsManagedPolicies].map(([name, document]) => [
      `arn:aws:iam::aws:policy/${name}`,
      { document, roles: new Set() },
    ]),
  );
  managed.unknown = unknownPolicy && { document: unknownPolicy, roles: new Set() };
  return {
    'AWS::IAM::Role': roleType(iam, managed),
    'AWS::IAM::Policy': policyType(iam),
    'AWS::IAM::ManagedPolicy': managedPolicyType(iam, managed, accountId),
  };
}

function roleType(iam: Iam, managed: ManagedPolicies): ResourceType {
  const provisioned = (roleName: string, role: Role): Provisioned => ({
    physicalId: roleName,
    attributes: { Arn: role.arn, RoleId: role.roleId },
  });
  return {
    requiresReplacement: ['RoleName', 'Path'],
    create(context) {
      const trustPolicy = policyDocument(context.properties, 'AssumeRolePolicyDocument');
      const policies = rolePolicies(context.properties, managed);
      const boundary = permissionsBoundary(context.properties, managed);
      const roleName = optionalText(context.properties, 'RoleName') ?? inventName(context, 64);
      const role = iam.createRole(roleName, { path: optionalText(context.properties, 'Path'), trustPolicy });
      attachAll(role, policies, managed);
      role.permissionsBoundary = boundary;
      return Promise.resolve(provisioned(roleName, role));
    },
    update(context, previous) {
      const trustPolicy = policyDocument(context.properties, 'AssumeRolePolicyDocument');
      const policies = rolePolicies(context.properties, managed);
      const role = iam.role(context.physicalId);
      // What AWS::IAM::Policy has attached stays: it is not in the role's own properties.
      rolePolicyNames(previous).forEach((name) => role.policies.delete(name));
      attachAll(role, policies, managed);
      role.permissionsBoundary = permissionsBoundary(context.properties, managed);
      role.trustPolicy = trustPolicy;
      return Promise.resolve(provisioned(context.physicalId, role));
    },
    delete(context) {
      iam.deleteRole(context.physicalId);
      return Promise.resolve();
    },
  };
}

function policyType(iam: Iam): ResourceType {
  const attach = ({ properties }: ResourceContext): void => {
    const document = policyDocument(properties);
    const name = requiredText(properties, 'PolicyName');
    const roles = list<string>(properties, 'Roles').map((roleName) => iam.role(roleName));
    roles.forEach((role) => role.policies.set(name, document));
  };
  const detach = (properties: Properties): void => {
    const name = optionalText(properties, 'PolicyName') ?? '';
    list<string>(properties, 'Roles').forEach((roleName) => attempt(() => iam.role(roleName).policies.delete(name)));
  };
  return {
    create(context) {
      attach(context);
      return Promise.resolve({ physicalId: inventName(context, 64) });
    },
    update(context, previous) {
      detach(previous);
      attach(context);
      return Promise.resolve({ physicalId: context.physicalId });
    },
    delete(context) {
      detach(context.properties);
      return Promise.resolve();
    },
  };
}

function managedPolicyType(iam: Iam, managed: ManagedPolicies, accountId: string): ResourceType {
  const publish = ({ properties }: ResourceContext, arn: string, roles: readonly string[]): Promise<Provisioned> => {
    const document = policyDocument(properties);
    const policy = managed.get(arn) ?? { document, roles: new Set() };
    policy.document = document;
    managed.set(arn, policy);
    [...policy.roles].filter((role) => role.policies.has(arn)).forEach((role) => role.policies.set(arn, document));
    roles.forEach((roleName) => {
      iam.role(roleName).policies.set(arn, document);
      policy.roles.add(iam.role(roleName));
    });
    return Promise.resolve({ physicalId: arn, attributes: { PolicyArn: arn } });
  };
  const detach = (properties: Properties, arn: string): void =>
    list<string>(properties, 'Roles').forEach((roleName) => attempt(() => iam.role(roleName).policies.delete(arn)));
  return {
    requiresReplacement: ['ManagedPolicyName', 'Path', 'Description'],
    create(context) {
      const name = optionalText(context.properties, 'ManagedPolicyName') ?? inventName(context, 128);
      const path = optionalText(context.properties, 'Path') ?? '/';
      const arn = `arn:aws:iam::${accountId}:policy${path}${name}`;
      if (managed.has(arn)) {
        throw new Error(`A policy called ${name} already exists. Duplicate names are not allowed.`);
      }
      return publish(context, arn, list<string>(context.properties, 'Roles'));
    },
    update(context, previous) {
      detach(previous, context.physicalId);
      return publish(context, context.physicalId, list<string>(context.properties, 'Roles'));
    },
    delete(context: ExistingResourceContext) {
      detach(context.properties, context.physicalId);
      managed.delete(context.physicalId);
      return Promise.resolve();
    },
  };
}

/** A role's own policies: inline ones by name, managed ones by ARN. */
function rolePolicies(properties: Properties, managed: ManagedPolicies): Map<string, PolicyDocument> {
  const inline = list<Properties>(properties, 'Policies').map(
    (policy) => [requiredText(policy, 'PolicyName'), policyDocument(policy)] as const,
  );
  const named = list<string>(properties, 'ManagedPolicyArns').map(
    (arn) => [arn, managedPolicy(arn, managed).document] as const,
  );
  return new Map([...inline, ...named]);
}

function attachAll(role: Role, policies: ReadonlyMap<string, PolicyDocument>, managed: ManagedPolicies): void {
  policies.forEach((document, name) => {
    role.policies.set(name, document);
    managed.get(name)?.roles.add(role);
  });
}

function rolePolicyNames(properties: Properties): readonly string[] {
  const inline = list<Properties>(properties, 'Policies').map((policy) => requiredText(policy, 'PolicyName'));
  return [...inline, ...list<string>(properties, 'ManagedPolicyArns')];
}

function permissionsBoundary(properties: Properties, managed: ManagedPolicies): ManagedPolicy | undefined {
  const arn = optionalText(properties, 'PermissionsBoundary');
  return arn === undefined ? undefined : managedPolicy(arn, managed);
}

function managedPolicy(arn: string, managed: ManagedPolicies): ManagedPolicy {
  const policy = managed.get(arn) ?? managed.unknown;
  if (!policy) {
    throw new Error(`Policy ${arn} does not exist or is not attachable (the embedded AWS knows few of AWS's own).`);
  }
  return policy;
}

function policyDocument(properties: Properties, name = 'PolicyDocument'): PolicyDocument {
  requireProperty(properties, name);
  const document = properties[name] as { readonly Statement?: unknown };
  const statements = [document.Statement ?? []].flat() as unknown as PolicyDocument['Statement'];
  return { ...document, Statement: statements };
}

function requireProperty(properties: Properties, name: string): void {
  if (typeof properties[name] !== 'object' || properties[name] === null) {
    throw new Error(`Property validation failure: required key [${name}] not found.`);
  }
}

/** A role that is gone already took its policies with it. */
function attempt(detachment: () => void): void {
  try {
    detachment();
  } catch {
    return;
  }
}
