import type { Account } from '../account';
import type { Scope, Value } from './intrinsics';
import { noValue } from './intrinsics';
import type { ResourceContext, ResourceType } from './resource-type';
import type { Properties, Stack } from './stack';
import type { Template } from './template';

/** What every operation on a stack needs of the account around it. */
export interface Environment {
  readonly account: Account;
  /** Throws for a type that is not known. */
  resourceType(type: string): ResourceType;
  /** The value that some stack exports by this name. */
  importValue(exportName: string): string;
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
  return {
    account: environment.account,
    mappings: template.mappings,
    condition: (name) => template.conditions.get(name) ?? false,
    importValue: (name) => environment.importValue(name),
    ref: (name) => {
      const resource = stack.resources.get(name);
      if (resource && template.resources.has(name)) {
        return resource.physicalId;
      }
      return template.parameters.has(name)
        ? template.parameters.get(name)
        : pseudoParameter(name, environment.account, stack.name, stack.id);
    },
    attribute: (logicalId, attribute) => {
      const resource = stack.resources.get(logicalId);
      const value = resource?.attributes[String(attribute)];
      if (value !== undefined) {
        return value;
      }
      throw new Error(
        resource?.type.startsWith('Custom::') || resource?.type === 'AWS::CloudFormation::CustomResource'
          ? `CustomResource attribute error: Vendor response doesn't contain ${String(attribute)} attribute in object ${stack.id}|${logicalId}`
          : `Requested attribute ${String(attribute)} does not exist in schema for ${resource?.type ?? logicalId}`,
      );
    },
  };
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
