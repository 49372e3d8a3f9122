import type { StackResource } from '../../lambda/aws/stacks';
import { isDeletion, TYPES_OF_DECLARED_JOBS } from '../../lambda/request/claims';
import { isRecord } from '../../local/cloudformation/intrinsic-call';
import { type DeployedStack, NESTED_STACK } from './deployed-stack';
import type { Foreseen } from './foreseen-stacks';
import { propertiesOf, type SentProperties } from './sent-properties';
import type { Declared, TemplateValues } from './template-values';

/** What CloudFormation would do to a resource that has jobs. */
export interface PlannedRequest {
  readonly stack: DeployedStack;
  readonly resource: StackResource;
  readonly declared: Declared;
  readonly values: TemplateValues;
  readonly action:
    | { readonly kind: 'retained'; readonly policy: string }
    /** It stays as it is. */
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'unknown'; readonly reason: string }
    | { readonly kind: 'Create' | 'Delete'; readonly properties: SentProperties; readonly during: Foreseen }
    | {
        readonly kind: 'Update';
        readonly properties: SentProperties;
        readonly old: SentProperties;
        readonly during: Foreseen;
      };
}

/** What CloudFormation would ask for if the stack were deleted, or a stack that is nested in it. */
export function requestsOfDeletion(
  stack: DeployedStack,
  during: Foreseen = { statuses: new Map(), resources: new Map() },
): readonly PlannedRequest[] {
  const statuses = new Map([...during.statuses, [stack.stackId, 'DELETE_IN_PROGRESS'] as const]);
  const foreseen = { ...during, statuses };
  return stack.resources.flatMap((resource): readonly PlannedRequest[] => {
    const nested = stack.nested.get(resource.logicalId);
    const retained = retainedBy(stack, resource);
    if (nested && resource.type === NESTED_STACK) {
      return retained === undefined ? requestsOfDeletion(nested, foreseen) : retainedAll(nested, retained);
    }
    return hasJobs(resource) ? [removal(stack, resource, foreseen, retained)] : [];
  });
}

/** What CloudFormation would ask for if it deleted one resource. */
export function removal(
  stack: DeployedStack,
  resource: StackResource,
  during: Foreseen,
  policy: string | undefined,
): PlannedRequest {
  const { values, home } = stack;
  const declared = values.declared(resource.logicalId);
  if (!declared) {
    const action = { kind: 'unknown', reason: 'The template of the stack does not have the resource.' } as const;
    return { stack, resource, declared: { type: resource.type, properties: {}, definition: {} }, values, action };
  }
  const base = { stack, resource, declared, values };
  if (policy !== undefined) {
    return { ...base, action: { kind: 'retained', policy } };
  }
  const properties = propertiesOf(declared, values, resource.physicalId, home);
  return { ...base, action: { kind: 'Delete', properties, during } };
}

/** Whether a resource has jobs, or deletes some. */
export function hasJobs({ type }: StackResource): boolean {
  return isDeletion(type) || TYPES_OF_DECLARED_JOBS.has(type);
}

/** The policy by which CloudFormation keeps a resource, if it does. */
export function retainedBy({ values }: DeployedStack, { logicalId }: StackResource): string | undefined {
  return policyOf(values.declared(logicalId), values, 'DeletionPolicy');
}

/** What a policy of a resource is, if it is one that keeps the resource. */
export function policyOf(
  declared: Declared | undefined,
  values: TemplateValues,
  attribute: 'DeletionPolicy' | 'UpdateReplacePolicy',
): string | undefined {
  const policy = values.sent(declared?.definition[attribute] ?? 'Delete');
  return policy === 'Retain' || policy === 'RetainExceptOnCreate' ? `${attribute} ${policy}` : undefined;
}

function retainedAll(stack: DeployedStack, policy: string): readonly PlannedRequest[] {
  const nothing = { statuses: new Map(), resources: new Map() };
  return stack.resources.flatMap((resource): readonly PlannedRequest[] => {
    const nested = stack.nested.get(resource.logicalId);
    return nested ? retainedAll(nested, policy) : hasJobs(resource) ? [removal(stack, resource, nothing, policy)] : [];
  });
}

/** The logical id of the declared job that a resource is the companion of. */
export function companionOf({ properties: { DeclaredJob } }: Declared): string | undefined {
  return isRecord(DeclaredJob) && typeof DeclaredJob.LogicalId === 'string' ? DeclaredJob.LogicalId : undefined;
}
