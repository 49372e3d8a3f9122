import { type ServiceModel, shapeOf } from '../../service-model/service-model';
import type { Properties } from '../stack';

/** An API request from a resource's properties, which are the same but for their first letters. */
export function requestOf<Request>(
  model: ServiceModel,
  shapeName: string,
  properties: Properties,
  known?: readonly string[],
): Request {
  const extraneous = known && Object.keys(properties).find((name) => !known.includes(name));
  if (extraneous !== undefined) {
    throw new Error(`Properties validation failed: extraneous key [${extraneous}] is not permitted`);
  }
  return converted(model, shapeName, properties) as Request;
}

/** Templates hold numbers and flags as texts, too. */
function converted(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = shapeOf(model, shapeName);
  switch (shape.type) {
    case 'structure': {
      const properties = asRecord(value);
      const members = Object.entries(shape.members).map(([name, member]) => {
        const given = properties?.[name.charAt(0).toUpperCase() + name.slice(1)];
        return [name, given === undefined ? undefined : converted(model, member.shape, given)];
      });
      return properties ? Object.fromEntries(members) : value;
    }
    case 'list':
      return Array.isArray(value) ? value.map((item) => converted(model, shape.member.shape, item)) : value;
    case 'map': {
      const entries = asRecord(value);
      return entries
        ? Object.fromEntries(
            Object.entries(entries).map(([key, item]) => [key, converted(model, shape.value.shape, item)]),
          )
        : value;
    }
    case 'double':
    case 'integer':
    case 'long':
      return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' || (value === 'false' ? false : value);
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'blob':
      return value;
    default:
      return shape satisfies never;
  }
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Which tags an update sets, and the keys of those that it removes. */
export function tagChanges(properties: Properties, previous: Properties): { set: Tag[]; removed: string[] } {
  const now = (properties.Tags ?? []) as Tag[];
  const before = (previous.Tags ?? []) as Tag[];
  return {
    set: now.filter(({ Key, Value }) => !before.some((tag) => tag.Key === Key && tag.Value === Value)),
    removed: before.map(({ Key }) => Key).filter((key) => !now.some(({ Key }) => Key === key)),
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
