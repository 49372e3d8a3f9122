import {
  type Bounds,
  type ServiceModel,
  type Shape,
  type StringShape,
  type StructureShape,
  shapeOf,
} from './service-model';

/** What a request breaks: each constraint in the service's own words. */
export type Violation = string;

/** A value as its shape has it, and what is wrong with it. */
export interface Checked {
  readonly value: unknown;
  readonly violations: readonly Violation[];
  /** Something is of another type than the shape: the services can't even read such a request. */
  readonly isMistyped: boolean;
}

type Quotable = string | number | object | null;

/** More of a value is not repeated: whoever sent it knows it. */
const longestQuote = 128;

/**
 * Reads a value as a shape of the model has it. What the shape does not know is dropped, as the services do; so nothing
 * that comes out is deeper than the model.
 */
export function check(model: ServiceModel, shapeName: string, value: unknown, path: string): Checked {
  const reader = new Reader(model);
  const read = reader.read(shapeName, value, path);
  return { value: read, violations: reader.violations, isMistyped: reader.isMistyped };
}

class Reader {
  readonly violations: Violation[] = [];
  isMistyped = false;

  constructor(private readonly model: ServiceModel) {}

  read(shapeName: string, value: unknown, path: string): unknown {
    const shape = shapeOf(this.model, shapeName);
    switch (shape.type) {
      case 'structure':
        return isRecord(value) ? this.structure(shape, value, path) : this.mistyped(shape, path);
      case 'list':
        if (!Array.isArray(value)) {
          return this.mistyped(shape, path);
        }
        this.bound(shape, value.length, value, path, 'length');
        return this.within(shape, value.length)
          ? value.map((item, index) => this.item(shape.member.shape, item, `${path}.${index + 1}.member`))
          : value;
      case 'map':
        return isRecord(value) ? this.map(shape, value, path) : this.mistyped(shape, path);
      case 'string':
        return typeof value === 'string' ? this.text(shape, value, path) : this.mistyped(shape, path);
      case 'integer':
      case 'long':
      case 'double':
        if (typeof value !== 'number' || !fits(shape.type, value)) {
          return this.mistyped(shape, path);
        }
        this.bound(shape, value, value, path, 'value');
        return value;
      case 'boolean':
        return typeof value === 'boolean' ? value : this.mistyped(shape, path);
      case 'blob':
        return value;
      default:
        return shape satisfies never;
    }
  }

  private structure(shape: StructureShape, value: Readonly<Record<string, unknown>>, path: string): object {
    const members = Object.entries(shape.members).flatMap(([name, { shape: shapeName }]) => {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      const memberPath = joined(path, name);
      if (member !== undefined && member !== null) {
        return [[name, this.read(shapeName, member, memberPath)] as const];
      }
      if (shape.required?.includes(name)) {
        this.fail(null, memberPath, 'Member must not be null');
      }
      return [];
    });
    return Object.fromEntries(members);
  }

  private map(shape: Extract<Shape, { type: 'map' }>, value: Readonly<Record<string, unknown>>, path: string): object {
    const entries = Object.entries(value);
    this.bound(shape, entries.length, value, path, 'length');
    return Object.fromEntries(
      entries.map(([key, item]) => {
        this.read(shape.key.shape, key, `${path}.key`);
        return [key, this.item(shape.value.shape, item, `${path}.${quoted(key)}.member`)];
      }),
    );
  }

  private item(shapeName: string, item: unknown, path: string): unknown {
    return item === null ? this.fail(null, path, 'Member must not be null') : this.read(shapeName, item, path);
  }

  private text(shape: StringShape, value: string, path: string): string {
    this.bound(shape, lengthOf(value, shape), value, path, 'length');
    if (shape.enum && !shape.enum.includes(value)) {
      this.fail(value, path, `Member must satisfy enum value set: [${shape.enum.join(', ')}]`);
    }
    // What is too long is refused already, and need not be searched.
    if (shape.pattern !== undefined && this.within(shape, value.length) && !wholly(shape.pattern).test(value)) {
      this.fail(value, path, `Member must satisfy regular expression pattern: ${shape.pattern}`);
    }
    return value;
  }

  private bound({ min, max }: Bounds, size: number, value: Quotable, path: string, what: 'length' | 'value'): void {
    if (min !== undefined && size < min) {
      this.fail(value, path, `Member must have ${what} greater than or equal to ${min}`);
    }
    if (max !== undefined && size > max) {
      this.fail(value, path, `Member must have ${what} less than or equal to ${max}`);
    }
  }

  private within({ max }: Bounds, size: number): boolean {
    return max === undefined || size <= 2 * max;
  }

  private mistyped({ type }: Shape, path: string): undefined {
    this.isMistyped = true;
    this.violations.push(`Value at '${path}' failed to satisfy constraint: Member must be of type ${type}`);
  }

  private fail(value: Quotable, path: string, constraint: string): undefined {
    this.violations.push(`Value ${quoted(value)} at '${path}' failed to satisfy constraint: ${constraint}`);
  }
}

function quoted(value: Quotable): string {
  if (value === null) {
    return 'null';
  }
  if (typeof value === 'object') {
    return `of ${Object.keys(value).length} members`;
  }
  const text = String(value);
  return text.length > longestQuote ? `'${text.slice(0, longestQuote)}…'` : `'${text}'`;
}

/** The services name members in lower camel case, whatever the wire does. */
function joined(path: string, name: string): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return path === '' ? member : `${path}.${member}`;
}

/** Lengths count characters, not halves of them. */
function lengthOf(value: string, { max }: Bounds): number {
  return max !== undefined && value.length > max && value.length <= 2 * max ? [...value].length : value.length;
}

function fits(type: 'double' | 'integer' | 'long', value: number): boolean {
  switch (type) {
    case 'double':
      return Number.isFinite(value);
    case 'long':
      return Number.isInteger(value);
    case 'integer':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    default:
      return type satisfies never;
  }
}

const patterns = new Map<string, RegExp>();

function wholly(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    patterns.set(pattern, (compiled = new RegExp(`^(?:${pattern})$`, 'u')));
  }
  return compiled;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
