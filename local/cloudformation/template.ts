import { ServiceError } from '../api';
import type { Graph } from './graph';
import { findCircle } from './graph';
import type { Scope, Value } from './intrinsics';
import { decide, isRecord } from './intrinsics';
import { referencesOf } from './references';
import type { DeletionPolicy } from './stack';

/** A template as CDK synthesizes it, read from its JSON. */
export type TemplateBody = Readonly<Record<string, unknown>>;

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
  readonly assetDirectory: (assetHash: string) => string;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly mappings: Scope['mappings'];
  readonly conditions: ReadonlyMap<string, boolean>;
  /** Those alone whose condition holds. */
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
  readonly outputs: ReadonlyMap<string, OutputDefinition>;
  /** Which resources a resource needs to be there first. */
  readonly graph: Graph;
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
  readonly hasType: (type: string) => boolean;
}

// `Rules` stand in here too and are never evaluated: CDK's only one checks the version of the bootstrap stack, and
// the embedded AWS has none, its assets lying in the cloud assembly.
const sections = 'AWSTemplateFormatVersion Description Metadata Parameters Mappings Conditions Rules Resources Outputs';
const resourceKeys = 'Type Properties DependsOn Condition DeletionPolicy UpdateReplacePolicy Metadata';

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
  const { body } = reading;
  rejectKeys('template section', body, sections);
  const parameters = readParameters(reading);
  const mappings = section(body, 'Mappings') as Scope['mappings'];
  const conditions = decideConditions(reading, parameters, mappings);
  const condition = (name: string): boolean => {
    const decided = conditions.get(name);
    if (decided === undefined) {
      throw new Error(`Template error: unresolved condition dependency ${name}`);
    }
    return decided;
  };
  const holds = (declaration: Readonly<Record<string, Value>>): boolean =>
    declaration.Condition === undefined || condition(declaration.Condition as string);

  const declared = Object.entries(section(body, 'Resources')).map(
    ([logicalId, declaration]) => [logicalId, readRecord(logicalId, declaration)] as const,
  );
  if (declared.length === 0) {
    throw new Error('Template format error: At least one Resources member must be defined.');
  }
  const resources = new Map<string, ResourceDefinition>();
  for (const [logicalId, declaration] of declared) {
    rejectKeys(`attribute of resource ${logicalId}`, declaration, resourceKeys);
    const type = String(declaration.Type);
    if (!reading.hasType(type)) {
      throw new Error(`Template format error: Unrecognized resource types: [${type}] (resource ${logicalId})`);
    }
    if (holds(declaration)) {
      resources.set(logicalId, {
        type,
        properties: declaration.Properties ?? {},
        deletionPolicy: (declaration.DeletionPolicy as DeletionPolicy | undefined) ?? 'Delete',
        updateReplacePolicy: (declaration.UpdateReplacePolicy as DeletionPolicy | undefined) ?? 'Delete',
      });
    }
  }

  const known = (name: string): boolean => parameters.has(name) || name.startsWith('AWS::');
  const needed = (value: Value, where: string): Set<string> => {
    const references = referencesOf(value, condition);
    const names = [...references.refs].filter((name) => !known(name));
    for (const name of [...references.refs].filter((ref) => ref.startsWith('AWS::'))) {
      reading.scope.ref(name);
    }
    const dependencies = new Set([...names, ...references.resources]);
    const missing = [...dependencies].filter((name) => !resources.has(name));
    if (missing.length > 0) {
      throw new Error(`Template error: Unresolved dependencies [${missing.join(', ')}] in ${where}`);
    }
    return dependencies;
  };

  const graph = new Map<string, Set<string>>();
  for (const [logicalId, declaration] of declared.filter(([id]) => resources.has(id))) {
    const dependencies = needed(declaration.Properties, `resource ${logicalId}`);
    for (const dependency of [declaration.DependsOn ?? []].flat().map(String)) {
      if (!declared.some(([id]) => id === dependency)) {
        throw new Error(`Template error: Unresolved dependencies [${dependency}] in resource ${logicalId}`);
      }
      // On a resource whose condition does not hold, DependsOn is without effect.
      if (resources.has(dependency)) {
        dependencies.add(dependency);
      }
    }
    graph.set(logicalId, dependencies);
  }
  const circle = findCircle(graph);
  if (circle) {
    throw new Error(`Circular dependency between resources: [${circle.join(', ')}]`);
  }

  const outputs = new Map<string, OutputDefinition>();
  for (const [name, value] of Object.entries(section(body, 'Outputs'))) {
    const declaration = readRecord(name, value);
    if (holds(declaration)) {
      needed(declaration, `output ${name}`);
      const exported = declaration.Export as { readonly Name?: Value } | undefined;
      outputs.set(name, {
        value: declaration.Value,
        description: declaration.Description as string | undefined,
        exportName: exported?.Name,
      });
    }
  }
  const { assetDirectory } = reading;
  return { body, assetDirectory, parameters, mappings, conditions, resources, outputs, graph };
}

function readParameters({ body, parameters: given, ssmParameter }: TemplateReading): Map<string, Value> {
  const declared = section(body, 'Parameters');
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    throw new Error(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  return new Map(
    Object.entries(declared).map(([name, value]) => {
      const declaration = readRecord(name, value);
      const text = given[name] ?? declaration.Default;
      if (typeof text !== 'string' && typeof text !== 'number') {
        throw new Error(`Parameters: [${name}] must have values`);
      }
      return [name, parameterValue(String(declaration.Type), String(text), ssmParameter)];
    }),
  );
}

function parameterValue(type: string, text: string, ssmParameter: (name: string) => string): Value {
  if (type.startsWith('AWS::SSM::Parameter::Value<')) {
    const value = ssmParameter(text);
    return type.includes('List') ? value.split(',') : value;
  }
  return type === 'CommaDelimitedList' || type.startsWith('List<') ? text.split(',').map((item) => item.trim()) : text;
}

function decideConditions(
  { body, scope }: TemplateReading,
  parameters: ReadonlyMap<string, Value>,
  mappings: Scope['mappings'],
): Map<string, boolean> {
  const declared = section(body, 'Conditions');
  const decided = new Map<string, boolean>();
  const conditionScope = (path: readonly string[]): Scope => ({
    ...scope,
    mappings,
    ref: (name) => (parameters.has(name) ? parameters.get(name) : scope.ref(name)),
    attribute: (logicalId) => {
      throw new Error(`Template error: resource ${logicalId} cannot be used in a condition`);
    },
    condition: (name) => {
      const known = decided.get(name);
      if (known !== undefined) {
        return known;
      }
      if (!Object.hasOwn(declared, name)) {
        throw new Error(`Template error: unresolved condition dependency ${name}`);
      }
      if (path.includes(name)) {
        throw new Error(`Circular dependency between conditions: [${path.join(', ')}]`);
      }
      const result = decide(declared[name], conditionScope([...path, name]));
      decided.set(name, result);
      return result;
    },
  });
  Object.keys(declared).forEach((name) => conditionScope([]).condition(name));
  return decided;
}

function section(body: TemplateBody, name: string): Readonly<Record<string, Value>> {
  return readRecord(name, body[name] ?? {});
}

function readRecord(name: string, value: Value): Readonly<Record<string, Value>> {
  if (!isRecord(value)) {
    throw new Error(`Template format error: ${name} is not an object`);
  }
  return value;
}

function rejectKeys(what: string, value: Readonly<Record<string, Value>>, allowed: string): void {
  const unknown = Object.keys(value).find((key) => !allowed.split(' ').includes(key));
  if (unknown !== undefined) {
    throw new Error(`Template format error: unknown ${what}: ${unknown}`);
  }
}
