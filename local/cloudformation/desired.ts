import { withoutDynamicReferences } from './dynamic-references';
import { type Environment, scopeOf } from './environment';
import { fit, type Fitted } from './fitting';
import { hasHole, originsOf } from './holes';
import { isRecord, type Value } from './intrinsic-call';
import { resolve } from './intrinsics';
import type { Properties, Stack } from './stack';
import type { StubbedProperty } from './stubs';
import { isOurs, type Surroundings } from './surroundings';
import type { ResourceDefinition, Template } from './template';

/** Types that hand their values on, to a template or to whoever reads the parameter: holes stay in them. */
const HANDING_ON = new Set(['AWS::CloudFormation::Stack', 'AWS::SSM::Parameter']);

/** The properties that a template wants a real resource to have. */
export async function desiredProperties(
  environment: Environment,
  stack: Stack,
  template: Template,
  { type, properties }: ResourceDefinition,
): Promise<Fitted> {
  const { account, surroundings } = environment;
  const scope = scopeOf(environment, stack, template);
  const resolved = withoutDynamicReferences(resolve(properties, scope), environment.dynamicReference) as Properties;
  if (!surroundings || HANDING_ON.has(type)) {
    return { properties: resolved, stubbed: [] };
  }
  const provider = isOurs(type) ? await providerOf(resolved, environment, surroundings) : undefined;
  const fitted = fit({ ...resolved, ...(provider && { ServiceToken: provider.value }) }, account);
  rolesIn(fitted.properties, account.accountId).forEach((arn) => surroundings.makeRole(arn));
  return provider ? { ...fitted, stubbed: [provider, ...fitted.stubbed] } : fitted;
}

/** The provider that stands in for one that is not here. */
async function providerOf(
  { ServiceToken: token }: Properties,
  { account }: Environment,
  surroundings: Surroundings,
): Promise<StubbedProperty | undefined> {
  if (typeof token !== 'string' || (!hasHole(token) && surroundings.hasFunction(token))) {
    return undefined;
  }
  const [origin] = originsOf(token);
  const failed = surroundings.stubs.resources.find(
    (stub) =>
      stub.reason !== undefined &&
      stub.account === account.accountId &&
      stub.region === account.region &&
      origin?.startsWith(`${stub.stackName}.${stub.logicalId}.`),
  );
  if (failed) {
    throw new Error(
      `ServiceToken: the function ${failed.stackName}.${failed.logicalId} does not run here: ${failed.reason}`,
    );
  }
  return { property: 'ServiceToken', value: await surroundings.standInProvider(), from: origin ?? token };
}

/** The ARNs of the roles that properties name, at whatever depth. */
function rolesIn(value: Value, accountId: string): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => rolesIn(item, accountId));
  }
  if (!isRecord(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([name, item]) => {
    if ((name === 'Role' || name === 'RoleArn') && typeof item === 'string') {
      return /^arn:[^:]+:iam::\d{12}:role\/(.*\/)?[^/]+$/.test(item) ? [item] : [];
    }
    return name === 'Roles' && Array.isArray(item)
      ? item.map((roleName) => `arn:aws:iam::${accountId}:role/${String(roleName)}`)
      : rolesIn(item, accountId);
  });
}
