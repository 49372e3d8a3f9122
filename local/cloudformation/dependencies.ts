import { findCircle, type Graph } from './graph';
import { isRecord, type Value } from './intrinsic-call';
import { referencesOf, type References } from './references';
import { PSEUDO_PARAMETERS } from './scope';
import type { TemplateBody } from './template-body';
import { section } from './template-format';

/** What a template declares, as far as it decides what depends on what. */
export interface Declarations {
  readonly body: TemplateBody;
  /** The resources whose condition holds, with what is looked into. */
  readonly resources: ReadonlyMap<string, { readonly properties: Value }>;
  /** The outputs whose condition holds. */
  readonly outputs: ReadonlyMap<string, { readonly value: Value; readonly exportName?: Value }>;
  /** Undefined where it can't be known: then neither branch of `Fn::If` counts. */
  readonly condition: (name: string) => boolean | undefined;
  readonly lenient: boolean;
  /** A macro, which does not run here, may add what the template does not declare. */
  readonly hasMacro: boolean;
}

/**
 * Checks that what resources and outputs name is declared, whatever the conditions. A guess: ValidateTemplate finds it
 * without knowing a parameter, so CloudFormation looks into the branches that are not taken, too.
 *
 * @throws in CloudFormation's words
 */
export function requireDeclared(body: TemplateBody, lenient: boolean): void {
  const resources = section(body, 'Resources');
  const parameters = section(body, 'Parameters');
  const require = (value: Value, where: string): void => {
    const references = referencesOf(value, { takes: () => true, lenient });
    const unknown = namesIn(references).filter(
      (name) => !Object.hasOwn(resources, name) && !Object.hasOwn(parameters, name),
    );
    if (unknown.length > 0) {
      throw unresolved(unknown, where);
    }
    const missing = [...references.resources].find((name) => !Object.hasOwn(resources, name));
    if (missing !== undefined) {
      throw new Error(`Template error: instance of Fn::GetAtt references undefined resource ${missing} (${where})`);
    }
  };
  for (const [logicalId, definition] of Object.entries(resources)) {
    const { DependsOn = [], Properties } = isRecord(definition) ? definition : {};
    require([Properties, ...[DependsOn].flat().map((name) => ({ Ref: name }))], `resource ${logicalId}`);
  }
  for (const [name, definition] of Object.entries(section(body, 'Outputs'))) {
    const { Value, Export } = isRecord(definition) ? definition : {};
    require([Value, Export], `output ${name}`);
  }
}

/**
 * Which resources a resource needs.
 *
 * @throws for what a resource or an output names and the stack does not have, and for circles, in CloudFormation's words
 */
export function dependencyGraph(declarations: Declarations): Graph {
  const { body, outputs, resources } = declarations;
  const declared = section(body, 'Resources');
  const graph = new Map<string, Set<string>>();
  for (const [logicalId, { properties }] of resources) {
    const dependencies = needed(properties, `resource ${logicalId}`, declarations);
    const definition = declared[logicalId];
    const { DependsOn = [] } = isRecord(definition) ? definition : {};
    // On a resource whose condition does not hold, DependsOn is without effect.
    const there = [DependsOn]
      .flat()
      .map(String)
      .filter((name) => resources.has(name));
    there.forEach((name) => dependencies.add(name));
    graph.set(logicalId, dependencies);
  }
  const circle = findCircle(graph);
  if (circle) {
    throw new Error(`Circular dependency between resources: [${circle.join(', ')}]`);
  }
  outputs.forEach(({ value, exportName }, name) => needed([value, exportName], `output ${name}`, declarations));
  return graph;
}

function needed(value: Value, where: string, declarations: Declarations): Set<string> {
  const { body, condition, hasMacro, lenient, resources } = declarations;
  const parameters = section(body, 'Parameters');
  const references = referencesOf(value, { takes: (name, branch) => condition(name) === branch, lenient });
  const names = namesIn(references).filter((name) => !Object.hasOwn(parameters, name));
  const dependencies = new Set([...names, ...references.resources]);
  const missing = [...dependencies].filter((name) => !resources.has(name));
  if (missing.length > 0 && !hasMacro) {
    throw unresolved(missing, where);
  }
  missing.forEach((name) => dependencies.delete(name));
  return dependencies;
}

function namesIn({ refs }: References): readonly string[] {
  return [...refs].filter((name) => !PSEUDO_PARAMETERS.has(name));
}

/** CloudFormation's words, and where it is, which it does not say. */
function unresolved(names: readonly string[], where: string): Error {
  const block = where.startsWith('output') ? 'Outputs' : 'Resources';
  return new Error(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the template (${where})`,
  );
}
