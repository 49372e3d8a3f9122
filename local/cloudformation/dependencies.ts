import { findCircle, type Graph } from './graph';
import { isRecord, type Value } from './intrinsic-call';
import { type Collecting, referencesOf } from './references';

/** What a template declares, as far as it decides what depends on what. */
export interface Declarations extends Collecting {
  /** The section of resources. */
  readonly declared: Readonly<Record<string, Value>>;
  /** The resources whose condition holds, with what is looked into. */
  readonly resources: ReadonlyMap<string, { readonly properties: Value }>;
  /** The outputs whose condition holds. */
  readonly outputs: ReadonlyMap<string, { readonly value: Value; readonly exportName?: Value }>;
  readonly parameters: { has(name: string): boolean };
  /** Throws for a pseudo parameter that is none. */
  readonly pseudoParameter: (name: string) => unknown;
  /** A macro, which does not run here, may add what the template does not declare. */
  readonly hasMacro: boolean;
}

/**
 * Which resources a resource needs.
 *
 * @throws for what a resource or an output names and the template does not have, and for circles, in CloudFormation's words
 */
export function dependencyGraph(declarations: Declarations): Graph {
  const { declared, hasMacro, outputs, resources } = declarations;
  const graph = new Map<string, Set<string>>();
  for (const [logicalId, { properties }] of resources) {
    const dependencies = needed(properties, `resource ${logicalId}`, declarations);
    const definition = declared[logicalId];
    const { DependsOn = [] } = isRecord(definition) ? definition : {};
    for (const dependency of [DependsOn].flat().map(String)) {
      if (!Object.hasOwn(declared, dependency) && !hasMacro) {
        throw unresolved([dependency], `resource ${logicalId}`);
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
  outputs.forEach(({ value, exportName }, name) => needed([value, exportName], `output ${name}`, declarations));
  return graph;
}

function needed(value: Value, where: string, declarations: Declarations): Set<string> {
  const { hasMacro, parameters, pseudoParameter, resources } = declarations;
  const references = referencesOf(value, declarations);
  const pseudo = [...references.refs].filter((name) => name.startsWith('AWS::'));
  pseudo.forEach(pseudoParameter);
  const names = [...references.refs].filter((name) => !parameters.has(name) && !pseudo.includes(name));
  const dependencies = new Set([...names, ...references.resources]);
  const missing = [...dependencies].filter((name) => !resources.has(name));
  if (missing.length > 0 && !hasMacro) {
    throw unresolved(missing, where);
  }
  missing.forEach((name) => dependencies.delete(name));
  return dependencies;
}

/** CloudFormation's words, and where it is, which it does not say. */
function unresolved(names: readonly string[], where: string): Error {
  const block = where.startsWith('output') ? 'Outputs' : 'Resources';
  return new Error(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the template (${where})`,
  );
}
