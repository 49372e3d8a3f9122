import { parseScalar } from './scalar';
import { type ServiceModel, type StructureShape, shapeOf } from './service-model';

/** Names and values of the AWS Query protocol, as the structure that they stand for: `Tags.member.1.Key`. */
export function structureOfParameters(
  model: ServiceModel,
  shape: StructureShape,
  parameters: URLSearchParams,
): Readonly<Record<string, unknown>> {
  return structure(model, shape, [...parameters]);
}

type Parameters = readonly (readonly [name: string, value: string])[];

function structure(model: ServiceModel, shape: StructureShape, parameters: Parameters): Record<string, unknown> {
  const members = Object.entries(shape.members).map(([name, member]) => {
    const mine = under(member.locationName ?? name, parameters);
    return [name, mine.length === 0 ? undefined : value(model, member.shape, mine)];
  });
  return Object.fromEntries(members) as Record<string, unknown>;
}

function value(model: ServiceModel, shapeName: string, parameters: Parameters): unknown {
  const shape = shapeOf(model, shapeName);
  const own = parameters.find(([name]) => name === '')?.[1];
  switch (shape.type) {
    case 'structure':
      return own === undefined ? structure(model, shape, parameters) : own;
    case 'list':
      // An empty list is sent as its name with nothing behind it.
      return own === undefined ? items(model, shape.member.shape, under('member', parameters)) : own || [];
    default:
      return own === undefined ? parameters : parseScalar(model, shapeName, own);
  }
}

function items(model: ServiceModel, shapeName: string, parameters: Parameters): unknown[] {
  const byIndex = new Map<number, [string, string][]>();
  for (const [name, text] of parameters) {
    const [index = '', rest = ''] = name.split(/\.(.*)/s);
    const position = /^\d{1,9}$/.test(index) ? Number(index) : 0;
    const item = byIndex.get(position) ?? [];
    item.push([rest, text]);
    byIndex.set(position, item);
  }
  return [...byIndex]
    .sort(([one], [other]) => one - other)
    .map(([, parametersOfItem]) => value(model, shapeName, parametersOfItem));
}

/** The parameters that begin with a name, without it. */
function under(prefix: string, parameters: Parameters): Parameters {
  return parameters
    .filter(([name]) => name === prefix || name.startsWith(`${prefix}.`))
    .map(([name, text]) => [name.slice(prefix.length + 1), text]);
}
