import { CfnResource } from 'aws-cdk-lib';

/**
 * Tells of resources that wait for each other, which CloudFormation refuses at deployment. `deleteAfter(stack)` makes them,
 * for example: the deletion's own provider is in the stack, too.
 */
export function dependencyCycles(resource: CfnResource): string[] {
  const cycle = pathBack(resource, resource, new Set());
  if (!cycle) {
    return [];
  }
  const paths = cycle.map(({ node }) => node.path).join(' → ');
  return [
    `these resources depend on each other: ${paths}. Give deleteAfter and deleteBefore only what is not needed by the ` +
      'deletion itself, and each construct to one of them.',
  ];
}

/** The way from one resource along its dependencies to another, if there is one. */
function pathBack(from: CfnResource, to: CfnResource, seen: Set<CfnResource>): CfnResource[] | undefined {
  for (const next of from.obtainDependencies()) {
    if (next === to) {
      return [from, to];
    }
    if (CfnResource.isCfnResource(next) && !seen.has(next)) {
      seen.add(next);
      const path = pathBack(next, to, seen);
      if (path) {
        return [from, ...path];
      }
    }
  }
  return undefined;
}
