import { type ApiRequest, ServiceError } from '../api';
import { queryParameters } from '../query-protocol';
import { structureOfParameters } from './query-input';
import { parseScalar } from './scalar';
import { type ServiceModel, type StructureShape, shapeOf } from './service-model';
import { check } from './validate';

/** How a service says what is wrong with a request. */
export interface InputErrors {
  /** The code for a request that cannot be read at all, such as a number in the place of a text. */
  readonly malformed: string;
  /** The code for one that breaks a constraint of the model. */
  readonly invalid: string;
}

/** A request's type, once it is known that what the model requires is there. */
export type Validated<Request> = {
  [Name in keyof Request]: object extends Pick<Request, Name> ? Request[Name] : NonNullable<Request[Name]>;
};

/** No more violations than these are told: a list of a thousand bad members has a thousand. */
const mostTold = 10;

/**
 * Reads the input of an operation from the wire, in the protocol of its service, and checks it by AWS's own model.
 * Throws a {@link ServiceError} in the service's words when the model forbids it.
 */
export function readInput<Request extends object>(
  model: ServiceModel,
  operation: string,
  request: Pick<ApiRequest, 'body' | 'headers' | 'query'>,
  errors: InputErrors,
  labels: ReadonlyMap<string, string> = new Map(),
): Validated<Request> {
  const shapeName = model.operations[operation]?.input;
  const shape = shapeName === undefined ? undefined : shapeOf(model, shapeName);
  if (shapeName === undefined || shape?.type !== 'structure') {
    return {} as Validated<Request>;
  }
  return checkInput(model, shapeName, wireInput(model, shape, request, errors, labels), errors);
}

/** Checks an input that did not come over the wire. */
export function checkInput<Value>(
  model: ServiceModel,
  shapeName: string,
  input: unknown,
  { malformed, invalid }: InputErrors,
  path = '',
): Value {
  const { value, violations, isMistyped } = check(model, shapeName, input, path);
  if (violations.length > 0) {
    const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: `;
    throw new ServiceError(isMistyped ? malformed : invalid, 400, count + violations.slice(0, mostTold).join('; '));
  }
  return value as Value;
}

function wireInput(
  model: ServiceModel,
  shape: StructureShape,
  request: Pick<ApiRequest, 'body' | 'headers' | 'query'>,
  errors: InputErrors,
  labels: ReadonlyMap<string, string>,
): unknown {
  switch (model.protocol) {
    case 'query':
      return structureOfParameters(model, shape, queryParameters(request));
    case 'json':
      return parseBody(request.body, errors);
    case 'rest-json':
      return restInput(model, shape, request, errors, labels);
    default:
      return model.protocol satisfies never;
  }
}

/** Labels of the path, query parameters, headers, and the rest in the body. */
function restInput(
  model: ServiceModel,
  shape: StructureShape,
  { body, headers, query }: Pick<ApiRequest, 'body' | 'headers' | 'query'>,
  errors: InputErrors,
  labels: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const members = Object.entries(shape.members);
  const inBody = members.filter(([name, { location }]) => location === undefined && name !== shape.payload);
  const parsed = inBody.length > 0 ? parseBody(body, errors) : {};
  const outside = members.flatMap(([name, { shape: shapeName, location, locationName = name }]) => {
    switch (location) {
      case 'uri':
        return [[name, labels.get(locationName)]];
      case 'querystring':
        return [[name, parseScalar(model, shapeName, query.get(locationName) ?? undefined)]];
      case 'header':
        return [[name, parseScalar(model, shapeName, headers[locationName.toLowerCase()])]];
      case undefined:
        return name === shape.payload ? [[name, body]] : [];
      default:
        return location satisfies never;
    }
  });
  const carried = inBody.map(([name, { locationName = name }]) => [name, ownMember(parsed, locationName)]);
  return Object.fromEntries([...carried, ...outside]) as Record<string, unknown>;
}

function parseBody(body: string, { malformed }: InputErrors): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = body === '' ? {} : JSON.parse(body);
  } catch {
    // Said below, as for any other JSON that is no request.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ServiceError(malformed, 400, 'The body of the request is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

function ownMember(structure: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(structure, name) ? structure[name] : undefined;
}
