import type { ServiceModel } from './service-model';

/** The operation that a request of the REST-JSON protocol asks for. */
export interface Route {
  readonly operation: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** The operation of a model that a method and a path stand for. A label that is no UTF-8 is an empty text. */
export function matchRoute(model: ServiceModel, method: string, path: string): Route | undefined {
  const segments = path.split('/').map(decode);
  const matches = Object.entries(model.operations).flatMap(([operation, { method: wanted, path: template }]) => {
    const labels = wanted === method ? matchPath(template.split('/'), segments) : undefined;
    return labels ? [{ operation, labels }] : [];
  });
  // `/thing-groups/addThingToThingGroup` is no thing group.
  return matches.sort((one, other) => one.labels.size - other.labels.size)[0];
}

function matchPath(template: readonly string[], segments: readonly string[]): Map<string, string> | undefined {
  if (template.length !== segments.length) {
    return undefined;
  }
  const labels = new Map<string, string>();
  const matches = template.every((part, index) => {
    const segment = segments[index]!;
    const [, label] = /^\{(.+)\}$/.exec(part) ?? [];
    if (label !== undefined) {
      labels.set(label, segment);
    }
    return label !== undefined || part === segment;
  });
  return matches ? labels : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
