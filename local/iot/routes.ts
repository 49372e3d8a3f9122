import { invalidRequest } from './errors';
import type { Input } from './input';

/** An operation of the service model, behind the protocol. */
export interface Operation {
  /** Method and path template, as in the model: `DELETE /jobs/{jobId}`. */
  readonly route: string;
  /** The ARNs that IAM decides on, or `*` for an operation without a resource. */
  resources(input: Input): readonly string[];
  /** Does it, and gives the output shape; nothing where the model has none. */
  act(input: Input): object | undefined;
}

/** Operations by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** What a request asks for. */
export interface Match {
  readonly name: string;
  readonly operation: Operation;
  readonly labels: ReadonlyMap<string, string>;
}

/** The operation that a method and a path stand for, if it is one of these. */
export function matchRoute(operations: Operations, method: string, path: string): Match | undefined {
  const segments = path.split('/').map(decode);
  for (const [name, operation] of Object.entries(operations)) {
    const [wantedMethod, template = ''] = operation.route.split(' ');
    const labels = wantedMethod === method ? matchPath(template.split('/'), segments) : undefined;
    if (labels) {
      return { name, operation, labels };
    }
  }
  return undefined;
}

function matchPath(template: readonly string[], segments: readonly string[]): Map<string, string> | undefined {
  const labels = new Map<string, string>();
  const matches = template.every((part, index) => {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) {
      labels.set(part.slice(1, -1), segment);
      return segment !== '';
    }
    return part === segment;
  });
  return matches && template.length === segments.length ? labels : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest(`The path holds '${segment}', which is not percent-encoded UTF-8.`);
  }
}
