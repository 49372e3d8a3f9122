import { type ServiceModel, shapeOf } from './service-model';

/** A number or flag that the wire carries as text. What is none stays text, for the model to refuse. */
export function parseScalar(model: ServiceModel, shapeName: string, text: string | undefined): unknown {
  if (text === undefined) {
    return undefined;
  }
  switch (shapeOf(model, shapeName).type) {
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'double':
    case 'integer':
    case 'long':
      return /^[+-]?\d{1,20}(\.\d{1,20})?$/.test(text) ? Number(text) : text;
    default:
      return text;
  }
}
