/** AWS's own model of a service, as far as requests are checked by it: what `generate.ts` keeps. */
export interface ServiceModel {
  readonly protocol: 'json' | 'query' | 'rest-json';
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** An operation, the shape of its input, and the errors that it may answer besides those of every service. */
export interface OperationModel {
  readonly method: string;
  /** With labels in braces, such as `/jobs/{jobId}`. */
  readonly path: string;
  readonly input?: string;
  readonly errors: readonly string[];
}

/** What a value must be. */
export type Shape = StructureShape | ListShape | MapShape | StringShape | NumberShape | { type: 'boolean' | 'blob' };

export interface StructureShape {
  readonly type: 'structure';
  readonly required?: readonly string[];
  readonly members: Readonly<Record<string, Member>>;
  /** The member that is the whole body. */
  readonly payload?: string;
}

/** A part of a structure, and where the wire carries it when that is not the body. */
export interface Member {
  readonly shape: string;
  readonly location?: 'header' | 'querystring' | 'uri';
  readonly locationName?: string;
}

export interface ListShape extends Bounds {
  readonly type: 'list';
  readonly member: { readonly shape: string };
}

export interface MapShape extends Bounds {
  readonly type: 'map';
  readonly key: { readonly shape: string };
  readonly value: { readonly shape: string };
}

export interface StringShape extends Bounds {
  readonly type: 'string';
  /** The whole text must match it. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface NumberShape extends Bounds {
  readonly type: 'double' | 'integer' | 'long';
}

/** The least and the most: of a number itself, or of how long a text, a list or a map is. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** The shape of a name that the model itself uses. */
export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) {
    throw new Error(`The service model has no shape ${name}: add an operation that uses it to generate.ts.`);
  }
  return shape;
}
