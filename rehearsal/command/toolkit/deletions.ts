import {
  type CloudFormationClient,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Home } from '../../../lambda/aws/place';
import { isDeletion } from '../../../lambda/request/claims';
import { claimOf } from '../../../lambda/request/identity';
import { parseProperties } from '../../../lambda/request/properties';
import { jobHash } from '../../../lambda/search/job-hash';
import type { Selection } from '../../../lambda/search/selection';
import { nestedTemplates } from '../../../local';
import { pseudoParameter } from '../../../local/cloudformation/environment';
import { resolve } from '../../../local/cloudformation/intrinsics';
import type { Scope } from '../../../local/cloudformation/scope';
import { isRetained } from '../../../local/cloudformation/statuses';
import type { DeletionResult } from '../../result';
import { UsageError } from '../../usage';
import type { StackToRehearse } from '../stacks';

/** What one resource deletes when its stack goes: read as the handler reads it. */
export interface Deletion {
  /** The stack, or the one that its stack is nested in. */
  readonly stackName: string;
  readonly logicalId: string;
  readonly kind: DeletionResult['kind'];
  /** Of its jobs. */
  readonly region: string;
  readonly selection: Selection;
  readonly namespaceId?: string;
  /** Whether it deletes a job that is active. */
  readonly active: boolean;
  readonly retained: boolean;
}

/** What a template says of a resource. */
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: unknown;
}

interface Template {
  readonly Mappings?: Scope['mappings'];
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Resources?: Readonly<Record<string, Resource>>;
}

/** The properties that say which jobs, and where. */
const WHICH = 'JobId JobIds JobIdPrefix ThingGroupName TargetSelection Statuses NamespaceId Tags Region'.split(' ');

/**
 * The deletions whose jobs can be told before the stack is there.
 *
 * @throws UsageError for what could delete jobs that nobody can look at before
 */
export function declaredDeletions({ artifact, parameters }: StackToRehearse, home: Home): readonly Deletion[] {
  const { stackName } = artifact;
  const top = artifact.template as Template;
  const texts = Object.entries(top.Parameters ?? {}).filter(([, { Type }]) => Type === 'String');
  const given = new Map<string, unknown>(texts.map(([name, { Default }]) => [name, parameters[name] ?? Default]));
  given.set('AWS::StackName', stackName);
  const found: Deletion[] = [];
  for (const [template, values, retained] of [[top, given, false], ...nested(artifact.assembly, top)] as const) {
    const scope = scopeOf(template, values, home);
    for (const [logicalId, resource] of deletionsIn(template)) {
      const { AssumeRole, DeleteOnRollback = false, ...properties } = resource.Properties ?? {};
      if (AssumeRole !== undefined) {
        throw new UsageError(
          `${stackName}: ${logicalId} deletes jobs of another account, and could delete some that existed before.`,
        );
      }
      const sent = known(properties, scope);
      if (sent) {
        const { selection, place } = parseProperties(resource.Type, sent);
        found.push({
          stackName,
          logicalId,
          kind: kindOf(resource.Type),
          region: place.region ?? home.region,
          selection,
          ...manner(resource, retained),
        });
      } else if (DeleteOnRollback !== false) {
        throw new UsageError(
          `${stackName}: ${logicalId} has deleteOnRollback, and its jobs are not known before it is deployed.`,
        );
      }
    }
  }
  return found;
}

/** What a physical id selects. Of a list it has the hashes only, so the ids come from the template. */
function selectionOf(id: string, region: string, home: Home, resource: Resource | undefined): Selection | undefined {
  const claim = claimOf(id, { region }, home);
  if (claim === 'unreadable') {
    return undefined;
  }
  if (claim === undefined || !('hashes' in claim)) {
    return claim;
  }
  const { JobIds } = resource?.Properties ?? {};
  const jobs = Array.isArray(JobIds) ? JobIds.filter((each) => typeof each === 'string') : [];
  const all = claim.hashes.every((hash) => jobs.some((job) => jobHash(job) === hash));
  return all ? { jobs: jobs.filter((job) => claim.hashes.includes(jobHash(job))) } : undefined;
}

/** The properties that say which jobs, if they are known before the stack is there. */
function known(properties: Readonly<Record<string, unknown>>, scope: Scope): Record<string, unknown> | undefined {
  const which = Object.entries(properties).filter(([name]) => WHICH.includes(name));
  try {
    return resolve(Object.fromEntries(which), scope) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The deletions of a stack that is deployed, and of the stacks nested in it: their physical ids tell what they delete. */
export async function deployedDeletions(
  client: CloudFormationClient,
  stackName: string,
  home: Home,
  /** The nested stack to look at, and whether it stays when the outermost is deleted. */
  { id: nestedId, retained }: { readonly id?: string; readonly retained: boolean } = { retained: false },
): Promise<readonly Deletion[]> {
  const stack = { StackName: nestedId ?? stackName };
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, stack)) {
    resources.push(...(page.StackResourceSummaries ?? []));
  }
  const there = resources.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
  const deletions = there.filter(({ ResourceType }) => isDeletion(ResourceType));
  const inner = there.filter(({ ResourceType }) => ResourceType === 'AWS::CloudFormation::Stack');
  const found: Deletion[] = [];
  if (deletions.length + inner.length > 0) {
    const { TemplateBody } = await client.send(new GetTemplateCommand(stack));
    const template = JSON.parse(TemplateBody ?? '{}') as Template;
    for (const { LogicalResourceId: logicalId = '', PhysicalResourceId: id = '', ResourceType: type } of deletions) {
      const region = /^(?:arn:[^:]+:iot|jobs):([^:]+):/.exec(id)?.[1] ?? home.region;
      const resource = template.Resources?.[logicalId];
      const selection = selectionOf(id, region, home, resource);
      if (selection === undefined) {
        throw new Error(`Which jobs ${stackName}: ${logicalId} deletes can't be told from its physical id ${id}.`);
      }
      found.push({ stackName, logicalId, kind: kindOf(type), region, selection, ...manner(resource, retained) });
    }
    for (const { LogicalResourceId: logicalId = '', PhysicalResourceId: id } of inner) {
      if (id !== undefined) {
        const stays = retained || isRetained(template.Resources?.[logicalId]?.DeletionPolicy);
        found.push(...(await deployedDeletions(client, stackName, home, { id, retained: stays })));
      }
    }
  }
  return found;
}

function kindOf(type: string | undefined): Deletion['kind'] {
  return type === 'Custom::IoTJobSweep' ? 'JobSweep' : 'JobDeletion';
}

/** @param retained whether a stack around it is */
function manner(
  resource: Resource | undefined,
  retained: boolean,
): Pick<Deletion, 'namespaceId' | 'active' | 'retained'> {
  const { Properties: { NamespaceId, Force, CancelFirst } = {} } = resource ?? { Type: '' };
  return {
    namespaceId: typeof NamespaceId === 'string' ? NamespaceId : undefined,
    active: String(Force) === 'true' || String(CancelFirst) === 'true',
    retained: retained || isRetained(resource?.DeletionPolicy),
  };
}

function deletionsIn({ Resources = {} }: Template): readonly (readonly [string, Resource])[] {
  return Object.entries(Resources).filter(([, { Type }]) => isDeletion(Type));
}

/** The templates of nested stacks, and whether each stays. What their parameters will be is not known yet. */
function nested(
  assembly: CloudAssembly,
  { Resources = {} }: Template,
  retained = false,
): readonly (readonly [Template, ReadonlyMap<string, unknown>, boolean])[] {
  const stacks = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudFormation::Stack');
  return stacks.flatMap((stack) => {
    const { Properties = {} } = stack;
    const stays = retained || isRetained(stack.DeletionPolicy);
    let template: Template;
    try {
      template = nestedTemplates(assembly)(JSON.stringify(Properties.TemplateURL));
    } catch {
      // It is not the app's own: what it deletes is looked at when it is deployed.
      return [];
    }
    return [[template, new Map(), stays] as const, ...nested(assembly, template, stays)];
  });
}

/** What a template's intrinsics come to, as far as that is known before the stack is there. */
function scopeOf({ Mappings = {} }: Template, values: ReadonlyMap<string, unknown>, home: Home): Scope {
  const account = { accountId: home.account, region: home.region };
  const unknown = (name: string): never => {
    throw new Error(`${name} is not known yet.`);
  };
  return {
    account,
    mappings: Mappings,
    ref: (name) =>
      values.get(name) ??
      (name.startsWith('AWS::Stack') ? unknown(name) : pseudoParameter(name, account, 'unknown', 'unknown')),
    attribute: unknown,
    condition: unknown,
    importValue: unknown,
    stackOutput: ({ stackName }) => unknown(stackName),
  };
}
