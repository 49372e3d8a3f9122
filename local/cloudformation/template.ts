import { ServiceError } from '../api';
import { type Conditions, decideConditions } from './conditions';
import { dependencyGraph, requireDeclared } from './dependencies';
import type { Graph } from './graph';
import type { Value } from './intrinsic-call';
import type { Scope } from './scope';
import { resolve, resolveText } from './intrinsics';
import { refusalOfRules } from './rules';
import { LANGUAGE_EXTENSIONS, transformsOf, withoutLoops, withoutMacros } from './language-extensions';
import { readParameters } from './parameters';
import type { DeletionPolicy } from './statuses';
import type { TemplateBody } from './template-body';
import { readRecord, requireFormat, section } from './template-format';

/** A resource as the template declares it: intrinsics unresolved. */
export interface ResourceDefinition {
  readonly type: string;
  readonly properties: Value;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
}

/** An output as the template declares it. */
export interface OutputDefinition {
  readonly value: Value;
  readonly description?: string;
  readonly exportName?: Value;
}

/** A template that was found sound, with its parameters and conditions decided. */
export interface Template {
  readonly body: TemplateBody;
  /** The template after its transforms. */
  readonly processed: TemplateBody;
  readonly assetDirectory: (assetHash: string) => string;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly mappings: Scope['mappings'];
  readonly conditions: Conditions;
  /** Those alone whose condition holds. */
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
  readonly outputs: ReadonlyMap<string, OutputDefinition>;
  /** Which resources a resource needs to be there first. */
  readonly graph: Graph;
  /** A macro, which does not run here, may add what the template does not declare. */
  readonly hasMacro: boolean;
}

/** What a template is read against. */
export interface TemplateReading {
  readonly body: TemplateBody;
  /** Given values; a parameter without one takes its default. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly assetDirectory: (assetHash: string) => string;
  /** Pseudo parameters, exports and the like; it knows no resources yet. */
  readonly scope: Omit<Scope, 'mappings' | 'condition' | 'attribute'>;
  /** The value of an SSM parameter, for parameters that are read from there. */
  readonly ssmParameter: (name: string) => string;
  /** Whether what is not known here is stubbed; else it is refused. */
  readonly lenient: boolean;
  readonly hasType: (type: string) => boolean;
}

/** The resource types of which CloudFormation can keep a snapshot. */
const WITH_SNAPSHOTS: ReadonlySet<string> = new Set([
  'AWS::DocDB::DBCluster',
  'AWS::EC2::Volume',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
]);

/** The error that CloudFormation refuses a request with, before anything is done. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', 400, message);
}

/** Reads a template; throws for whatever could not work, naming it. */
export function readTemplate(reading: TemplateReading): Template {
  try {
    return read(reading);
  } catch (error) {
    throw error instanceof ServiceError
      ? error
      : validationError(error instanceof Error ? error.message : String(error));
  }
}

function read(reading: TemplateReading): Template {
  const { lenient, assetDirectory } = reading;
  const body = withoutMacros(reading.body);
  const macros = transformsOf(reading.body).filter((name) => name !== LANGUAGE_EXTENSIONS);
  if (macros.length > 0 && !lenient) {
    throw new Error(`Template format error: No transform named ${macros.join(', ')} found.`);
  }
  const parameters = readParameters({
    declared: section(body, 'Parameters'),
    given: reading.parameters,
    ssmParameter: reading.ssmParameter,
  });
  const mappings = section(body, 'Mappings') as Scope['mappings'];
  const scope: Omit<Scope, 'condition'> = {
    ...reading.scope,
    mappings,
    ref: (name) => (parameters.has(name) ? parameters.get(name) : reading.scope.ref(name)),
    attribute: (logicalId) => {
      throw new Error(`Template error: resource ${logicalId} cannot be used here`);
    },
  };
  const refusal = refusalOfRules(section(body, 'Rules'), { ...scope, condition: undecided });
  if (refusal !== undefined) {
    throw new Error(refusal);
  }
  const processed = transformsOf(body).includes(LANGUAGE_EXTENSIONS)
    ? withoutLoops(body, (items) => resolve(items, { ...scope, condition: undecided }))
    : body;
  const hasMacro = macros.length > 0;
  requireFormat(processed, { lenient, hasMacro });
  if (!hasMacro) {
    requireDeclared(processed, lenient);
  }
  const conditions = decideConditions(section(processed, 'Conditions'), scope);
  const condition = (name: string): boolean => {
    const decided = conditions.values.get(name) ?? (hasMacro ? true : undefined);
    return decided ?? undecided(name);
  };
  const resources = readResources(processed, reading, { ...scope, condition });
  const outputs = readOutputs(processed, condition);
  const graph = dependencyGraph({
    body: processed,
    resources,
    outputs,
    condition,
    lenient,
    hasMacro,
  });
  return {
    body: reading.body,
    processed,
    assetDirectory,
    parameters,
    mappings,
    conditions,
    resources,
    outputs,
    graph,
    hasMacro,
  };
}

function undecided(name: string): never {
  throw new Error(`Template error: unresolved condition dependency ${name}`);
}

function readResources(
  processed: TemplateBody,
  { hasType }: TemplateReading,
  scope: Scope,
): Map<string, ResourceDefinition> {
  const declared = Object.entries(section(processed, 'Resources'));
  const policy = (type: string, value: Value): DeletionPolicy => {
    const policies: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];
    const resolved = value === undefined ? 'Delete' : resolveText(value, scope);
    if (!policies.includes(resolved)) {
      throw new Error(`Template error: Unrecognized DeletionPolicy ${resolved}`);
    }
    if (resolved === 'Snapshot' && !WITH_SNAPSHOTS.has(type)) {
      throw new Error(`Template error: resource type ${type} does not support deletion policy Snapshot`);
    }
    return resolved as DeletionPolicy;
  };
  const resources = new Map<string, ResourceDefinition>();
  for (const [logicalId, value] of declared) {
    const declaration = readRecord(logicalId, value);
    const type = String(declaration.Type);
    if (!hasType(type)) {
      throw new Error(`Template format error: Unrecognized resource types: [${type}] (resource ${logicalId})`);
    }
    if (holds(declaration, (name) => scope.condition(name))) {
      resources.set(logicalId, {
        type,
        properties: declaration.Properties ?? {},
        deletionPolicy: policy(type, declaration.DeletionPolicy),
        updateReplacePolicy: policy(type, declaration.UpdateReplacePolicy),
      });
    }
  }
  return resources;
}

function readOutputs(processed: TemplateBody, condition: (name: string) => boolean): Map<string, OutputDefinition> {
  const outputs = new Map<string, OutputDefinition>();
  for (const [name, value] of Object.entries(section(processed, 'Outputs'))) {
    const declaration = readRecord(name, value);
    if (holds(declaration, condition)) {
      const exported = declaration.Export as { readonly Name?: Value } | undefined;
      outputs.set(name, {
        value: declaration.Value,
        description: declaration.Description as string | undefined,
        exportName: exported?.Name,
      });
    }
  }
  return outputs;
}

function holds(declaration: Readonly<Record<string, Value>>, condition: (name: string) => boolean): boolean {
  return declaration.Condition === undefined || condition(declaration.Condition as string);
}
