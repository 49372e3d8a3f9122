import type { Account } from '../account';
import type { DynamicReference } from './dynamic-references';
import { arnHole, hole } from './holes';
import type { Value } from './intrinsic-call';
import { type Scope, type StackOutputReference, noValue } from './scope';
import type { ResourceContext, ResourceType } from './resource-type';
import type { Output, Properties, Stack, StackResource } from './stack';
import { isCustom, type Surroundings } from './surroundings';
import type { Template } from './template';

/** What every operation on a stack needs of the account around it. */
export interface Environment {
  readonly account: Account;
  readonly surroundings?: Surroundings;
  /** The type of a resource that can run here; undefined for one that is stubbed. */
  resourceType(type: string): ResourceType | undefined;
  /** The value that some stack exports by this name. */
  importValue(exportName: string): string;
  /** The value of an output of a stack, wherever it is. */
  stackOutput(reference: StackOutputReference): string;
  readonly dynamicReference: DynamicReference;
  /** Why a stack may not be deleted, or may not have these outputs: other stacks import what it exports. */
  refusalToDelete(stack: Stack): string | undefined;
  refusalOfOutputs(stack: Stack, outputs: ReadonlyMap<string, Output>): string | undefined;
}

/** The pseudo parameters that need no stack to exist yet are the same before and after its creation. */
export function pseudoParameter(name: string, account: Account, stackName: string, stackId: string): Value {
  switch (name) {
    case 'AWS::Region':
      return account.region;
    case 'AWS::AccountId':
      return account.accountId;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return stackId;
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::NoValue':
      return noValue;
    case 'AWS::NotificationARNs':
      return [];
    default:
      throw new Error(`Template error: unknown reference ${name}`);
  }
}

/** What intrinsics see of a stack at this moment. */
export function scopeOf(environment: Environment, stack: Stack, template: Template): Scope {
  const { account, surroundings } = environment;
  const isMacros = (name: string): boolean => template.hasMacro && !template.resources.has(name);
  return {
    account,
    mappings: template.mappings,
    condition: (name) => template.conditions.values.get(name) ?? template.hasMacro,
    importValue: (name) => environment.importValue(name),
    stackOutput: (reference) => environment.stackOutput(reference),
    unknownFunction: surroundings && ((name) => hole(`${stack.name}.${name}`)),
    ref: (name) => {
      const resource = stack.resources.get(name);
      if (resource && template.resources.has(name)) {
        return resource.stub ? hole(`${stack.name}.${name}.Ref`) : resource.physicalId;
      }
      if (template.parameters.has(name)) {
        return template.parameters.get(name);
      }
      return isMacros(name) && !name.startsWith('AWS::')
        ? hole(`${stack.name}.${name}.Ref`)
        : pseudoParameter(name, account, stack.name, stack.id);
    },
    attribute: (logicalId, attribute) => {
      const resource = stack.resources.get(logicalId);
      const value = resource?.stub ? undefined : resource?.attributes[attribute];
      if (value !== undefined) {
        return value;
      }
      if (isMacros(logicalId)) {
        return hole(`${stack.name}.${logicalId}.${attribute}`);
      }
      if (resource && surroundings && (resource.stub || !isCustom(resource.type))) {
        return unknownAttribute(resource, stack.name, attribute, account);
      }
      throw new Error(
        isCustom(resource?.type ?? '')
          ? `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${stack.id}|${logicalId}`
          : `Requested attribute ${attribute} does not exist in schema for ${resource?.type ?? logicalId}`,
      );
    },
  };
}

/** An attribute that only the account knows. Of an ARN the beginning is known. */
function unknownAttribute(
  { logicalId, type }: StackResource,
  stackName: string,
  attribute: string,
  { accountId, region }: Account,
): string {
  const origin = `${stackName}.${logicalId}.${attribute}`;
  const [, service] = type.toLowerCase().split('::');
  if (!/Arn$/.test(attribute) || service === undefined || isCustom(type) || attribute.includes('.')) {
    return hole(origin);
  }
  switch (service) {
    case 's3':
      return arnHole(service, '', '', origin);
    case 'cloudfront':
    case 'iam':
    case 'route53':
      return arnHole(service, '', accountId, origin);
    default:
      return arnHole(service, region, accountId, origin);
  }
}

/** What a resource type is told. */
export function contextOf(
  stack: Stack,
  template: Template,
  resource: { readonly logicalId: string; readonly type: string; readonly properties: Properties },
  { signal, rollback }: { readonly signal: AbortSignal; readonly rollback: boolean },
): ResourceContext {
  return {
    stackName: stack.name,
    stackId: stack.id,
    logicalId: resource.logicalId,
    type: resource.type,
    properties: resource.properties,
    assetDirectory: template.assetDirectory,
    signal,
    rollback,
  };
}
