import { isDeepStrictEqual } from 'node:util';
import { type Template, validationError } from './template';

/** A logical id keeps its type for life. */
export function requireSameTypes(before: Template, after: Template): void {
  const changed = [...after.resources].filter(([logicalId, { type }]) => {
    const was = before.resources.get(logicalId);
    return was && was.type !== type;
  });
  if (changed.length > 0) {
    const ids = changed.map(([logicalId]) => logicalId).join(', ');
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${ids}]`,
    );
  }
}

/** Whether there is nothing to update. */
export function isSame(before: Template, after: Template): boolean {
  const essence = ({ resources, outputs, parameters, mappings, graph }: Template): unknown => [
    resources,
    outputs,
    parameters,
    mappings,
    graph,
  ];
  return isDeepStrictEqual(essence(before), essence(after));
}
