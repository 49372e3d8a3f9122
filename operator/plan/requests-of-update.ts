import type { Home } from '../../lambda/aws/place';
import type { StackResource } from '../../lambda/aws/stacks';
import { isDeletion, TYPES_OF_DECLARED_JOBS } from '../../lambda/request/claims';
import { physicalId } from '../../lambda/request/identity';
import { parseProperties } from '../../lambda/request/properties';
import type { TemplateBody } from '../../local/cloudformation/template-body';
import { type DeployedStack, NESTED_STACK } from './deployed-stack';
import type { Foreseen } from './foreseen-stacks';
import { requireDependencies } from './refused-template';
import { hasJobs, type PlannedRequest, policyOf, removal, requestsOfDeletion, retainedBy } from './requests';
import { propertiesIn, type SentProperties } from './sent-properties';
import { type Declared, TemplateValues, UNKNOWN } from './template-values';

/** What an update would ask for, and what keeps it from being known. */
export interface UpdateRequests {
  readonly requests: readonly PlannedRequest[];
  /** Resources of the new template that may hold on to jobs that can't be known. */
  readonly unknownClaims: readonly string[];
  /** The values in the new template. */
  readonly values: TemplateValues;
  readonly notChecked: readonly string[];
}

/** A resource of the new template. */
interface Next {
  readonly logicalId: string;
  readonly declared: Declared;
  readonly holds: boolean | typeof UNKNOWN;
  readonly properties: SentProperties;
  /** Nothing where it is not known. */
  readonly physicalId?: string;
}

/** What CloudFormation would ask for if the stack were updated to another template. */
export function requestsOfUpdate(stack: DeployedStack, template: TemplateBody): UpdateRequests {
  const values = new TemplateValues(template, { ...stack.known, resources: unchangedResources(stack, template) });
  requireDependencies(values);
  const next = new Map(nextResources(stack, values).map((each) => [each.logicalId, each]));
  const after = [...next.values()].flatMap(({ logicalId, declared: { type }, physicalId: id }) =>
    id === undefined ? [] : [{ stackId: stack.stackId, logicalId, physicalId: id, type, status: 'UPDATE_COMPLETE' }],
  );
  const at = (status: string): Foreseen => ({
    statuses: new Map([[stack.stackId, status]]),
    resources: new Map([[stack.stackId, after]]),
  });
  const cleanUp = at('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const updating = at('UPDATE_IN_PROGRESS');
  const requests: PlannedRequest[] = [];
  const notChecked: string[] = [];
  for (const resource of stack.resources) {
    const to = next.get(resource.logicalId);
    const nested = stack.nested.get(resource.logicalId);
    if (nested) {
      if (values.declared(resource.logicalId)) {
        notChecked.push(`The update of the nested stack ${resource.logicalId}: plan it with its own template.`);
      } else {
        requests.push(...removedNested(stack, resource, nested, cleanUp));
      }
    } else if (hasJobs(resource)) {
      requests.push(changed(stack, resource, to, values, { cleanUp, updating }));
    }
  }
  for (const { logicalId, declared, properties } of next.values()) {
    const isNew = !stack.known.resources.has(logicalId);
    if (isNew && isDeletion(declared.type) && properties.unknown.length === 0) {
      const { type } = declared;
      const resource = { stackId: stack.stackId, logicalId, physicalId: '', type, status: 'CREATE_IN_PROGRESS' };
      requests.push({ stack, resource, declared, values, action: { kind: 'Create', properties, during: updating } });
    }
  }
  const unknownClaims = [...next.values()].filter((each) => each.physicalId === undefined || each.holds === UNKNOWN);
  return { requests, values, notChecked, unknownClaims: unknownClaims.map(({ logicalId }) => logicalId) };
}

function removedNested(
  stack: DeployedStack,
  resource: StackResource,
  nested: DeployedStack,
  cleanUp: Foreseen,
): readonly PlannedRequest[] {
  const policy = retainedBy(stack, resource);
  const requests = requestsOfDeletion(nested, cleanUp);
  return policy === undefined
    ? requests
    : requests.map((request) => ({ ...request, action: { kind: 'retained', policy } as const }));
}

function changed(
  stack: DeployedStack,
  resource: StackResource,
  to: Next | undefined,
  values: TemplateValues,
  { cleanUp, updating }: { readonly cleanUp: Foreseen; readonly updating: Foreseen },
): PlannedRequest {
  if (!to) {
    return removal(stack, resource, cleanUp, retainedBy(stack, resource));
  }
  const { declared, properties } = to;
  const base = { stack, resource, declared, values };
  if (to.holds === UNKNOWN || to.physicalId === undefined) {
    const reason =
      to.holds === UNKNOWN
        ? 'Its condition depends on a value that only CloudFormation can resolve.'
        : 'The selected jobs depend on a value that only CloudFormation can resolve.';
    return { ...base, action: { kind: 'unknown', reason } };
  }
  if (to.physicalId !== resource.physicalId) {
    // The policy of the new template counts.
    return removal(stack, resource, cleanUp, policyOf(declared, values, 'UpdateReplacePolicy'));
  }
  const before = stack.values.declared(resource.logicalId);
  const old = before && propertiesIn(before, stack.values);
  return !old || TYPES_OF_DECLARED_JOBS.has(resource.type) || JSON.stringify(old) === JSON.stringify(properties)
    ? { ...base, action: { kind: 'unchanged' } }
    : { ...base, action: { kind: 'Update', properties, old, during: updating } };
}

function nextResources(stack: DeployedStack, values: TemplateValues): readonly Next[] {
  return values.logicalIds.flatMap((logicalId): readonly Next[] => {
    const declared = values.declared(logicalId);
    if (!declared || !(isDeletion(declared.type) || TYPES_OF_DECLARED_JOBS.has(declared.type))) {
      return [];
    }
    const holds = values.holds(declared);
    if (holds === false) {
      return [];
    }
    const properties = propertiesIn(declared, values);
    const now = stack.resources.find((resource) => resource.logicalId === logicalId);
    return [{ logicalId, declared, holds, properties, physicalId: nextId(stack, declared, properties, now) }];
  });
}

/** The physical id that the resource will have: its old one, unless it selects other jobs. */
function nextId(
  { home, values }: DeployedStack,
  declared: Declared,
  properties: SentProperties,
  now: StackResource | undefined,
): string | undefined {
  const before = now && values.declared(now.logicalId);
  if (now && before && isSame(before.properties, declared.properties)) {
    return now.physicalId;
  }
  if (!isDeletion(declared.type)) {
    return idOfDeclaredJob(declared, properties, home);
  }
  const unknown = properties.unknown.filter((name) => !HOW.has(name));
  if (unknown.length > 0) {
    return undefined;
  }
  try {
    const { place, selection } = parseProperties(declared.type, properties.sent);
    return physicalId(
      { selection, place: place.region === home.region ? { ...place, region: undefined } : place },
      home,
    );
  } catch {
    // Its Create or Update fails, and the update with it.
    return now?.physicalId;
  }
}

/** Properties that say how jobs are deleted, not which. */
const HOW: ReadonlySet<string> = new Set([
  'Force',
  'CancelFirst',
  'DeleteOnRollback',
  'MaxJobs',
  'TimeoutSeconds',
  'Revision',
  'DeclaredJob',
  'Format',
]);

function idOfDeclaredJob({ type }: Declared, { sent }: SentProperties, home: Home): string | undefined {
  const { JobId, OtaUpdateId } = sent;
  const [id, kind] = type === 'AWS::IoT::Job' ? [JobId, 'job'] : [OtaUpdateId, 'otaupdate'];
  return typeof id === 'string' ? `arn:${home.partition}:iot:${home.region}:${home.account}:${kind}/${id}` : undefined;
}

/** What does not change keeps its physical id; another resource may get another. */
function unchangedResources(stack: DeployedStack, template: TemplateBody): DeployedStack['known']['resources'] {
  const next = template.Resources as Readonly<Record<string, unknown>> | undefined;
  const kept = [...stack.known.resources].filter(([logicalId, { type }]) => {
    const before = stack.values.declared(logicalId)?.definition;
    return type !== NESTED_STACK && isSame(before, next?.[logicalId]);
  });
  return new Map(kept);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
