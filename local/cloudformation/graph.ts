/** Which nodes must come before a node. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The same edges, the other way round: deletion goes against creation. */
export function reversed(graph: Graph): Graph {
  const result = new Map<string, Set<string>>([...graph.keys()].map((node) => [node, new Set()]));
  for (const [node, dependencies] of graph) {
    for (const dependency of dependencies) {
      result.get(dependency)?.add(node);
    }
  }
  return result;
}

/** The nodes of a circle in the graph, or undefined. */
export function findCircle(graph: Graph): string[] | undefined {
  const finished = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) {
      return path.slice(path.indexOf(node));
    }
    if (finished.has(node)) {
      return undefined;
    }
    for (const dependency of graph.get(node) ?? []) {
      const circle = visit(dependency, [...path, node]);
      if (circle) {
        return circle;
      }
    }
    finished.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle) {
      return circle;
    }
  }
  return undefined;
}

/**
 * Visits every node as soon as the nodes before it are done, the independent ones in parallel.
 *
 * Where a visit returns false, the nodes behind it are left out; the other branches go on.
 */
export async function walk(graph: Graph, visit: (node: string) => Promise<boolean>): Promise<void> {
  const visits = new Map<string, Promise<boolean>>();
  const reach = (node: string): Promise<boolean> => {
    const known = visits.get(node);
    if (known) {
      return known;
    }
    const begun = Promise.all([...(graph.get(node) ?? [])].map(reach)).then((before) =>
      before.every(Boolean) ? visit(node) : false,
    );
    visits.set(node, begun);
    return begun;
  };
  await Promise.all([...graph.keys()].map(reach));
}
