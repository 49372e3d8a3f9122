import fc from 'fast-check';
import {
  type ServiceModel,
  type Shape,
  shapeOf,
  type StringShape,
  type StructureShape,
} from '../../../local/service-model/service-model';

/** An input that breaks one constraint of the model, and which. */
export interface BrokenInput {
  readonly what: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Make = (random: () => string) => unknown;
interface Break {
  readonly what: string;
  readonly make: Make;
}

/** Texts of which each pattern of the models takes one. */
const SOUND = ['a', 'A', '1', '{}', 'arn:aws:iot:us-east-1:123456789012:thing/a', '123456', '$LATEST'];
/** Texts of which each pattern refuses one. */
const UNSOUND = ['a b', 'a/b', '\u0000', 'ü', '\u{1F69A}', '<>', '*', '\u0007', 'a\nb'];
/** No list or map is made longer, so that no body is larger than what the services take. */
const LARGEST = 3_000;
const DEEPEST = 5;

/** The breaks of an operation's input: each makes one that the model forbids, all else being right. */
export function brokenInputs(
  model: ServiceModel,
  operation: string,
  /** Whether the wire carries types: texts of the AWS Query protocol have none. */
  isTyped: boolean,
): fc.Arbitrary<BrokenInput> | undefined {
  const { input: name } = model.operations[operation]!;
  const shape = name === undefined ? undefined : (shapeOf(model, name) as StructureShape);
  const breaks = shape ? new Breaker(model, isTyped).ofStructure(shape, '', 0) : [];
  if (breaks.length === 0) {
    return undefined;
  }
  return fc
    .tuple(fc.constantFrom(...breaks), fc.string({ unit: 'grapheme', maxLength: 20 }))
    .map(([{ what, make }, text]) => ({ what, input: make(() => text) as BrokenInput['input'] }));
}

/** What an operation requires, and nothing that the model forbids. */
export function soundInput(model: ServiceModel, operation: string): Readonly<Record<string, unknown>> {
  const { input: name } = model.operations[operation]!;
  return name === undefined ? {} : new Breaker(model, true).soundStructure(shapeOf(model, name) as StructureShape, 0);
}

class Breaker {
  constructor(
    private readonly model: ServiceModel,
    private readonly isTyped: boolean,
  ) {}

  ofStructure(shape: StructureShape, path: string, depth: number): Break[] {
    const sound = this.soundStructure(shape, depth);
    return Object.entries(shape.members).flatMap(([name, member]): Break[] => {
      const at = `${path}.${name}`;
      const inPath = member.location === 'uri';
      const breaks = this.of(member.shape, at, depth + 1)
        // What is not there is another path, and a header is text alone.
        .filter(
          ({ what }) =>
            !(inPath && / is too short$/.test(what)) && !(member.location && / is of another type$/.test(what)),
        )
        .map(({ what, make }) => ({ what, make: (random: () => string) => ({ ...sound, [name]: make(random) }) }));
      const isNeeded = shape.required?.includes(name) && !inPath && name !== shape.payload;
      return isNeeded
        ? [...breaks, { what: `${at} is missing`, make: () => ({ ...sound, [name]: undefined }) }]
        : breaks;
    });
  }

  private of(shapeName: string, path: string, depth: number): Break[] {
    const shape = shapeOf(this.model, shapeName);
    const mistyped: Break[] =
      this.isTyped && shape.type !== 'blob'
        ? [{ what: `${path} is of another type`, make: (random) => otherType(shape, random()) }]
        : [];
    if (depth > DEEPEST) {
      return mistyped;
    }
    switch (shape.type) {
      case 'structure':
        return [...mistyped, ...this.ofStructure(shape, path, depth)];
      case 'list': {
        const item = this.sound(shape.member.shape, depth);
        const inside = this.of(shape.member.shape, `${path}[]`, depth + 1);
        return [
          ...mistyped,
          ...this.sizes(shape, path, (size) => Array<unknown>(size).fill(item)),
          ...inside.map(({ what, make }) => ({ what, make: (random: () => string) => [item, make(random)] })),
        ];
      }
      case 'map': {
        const value = this.sound(shape.value.shape, depth);
        const keyShape = shapeOf(this.model, shape.key.shape) as StringShape;
        return [
          ...mistyped,
          ...this.sizes(shape, path, (size) =>
            Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, value])),
          ),
          ...this.ofString(keyShape, `${path}{key}`).map(({ what, make }) => ({
            what,
            make: (random: () => string) => ({ [String(make(random))]: value }),
          })),
          ...this.of(shape.value.shape, `${path}{}`, depth + 1).map(({ what, make }) => ({
            what,
            make: (random: () => string) => ({ a: make(random) }),
          })),
        ];
      }
      case 'string':
        return [...mistyped, ...this.ofString(shape, path)];
      case 'integer':
      case 'long':
      case 'double': {
        const { min, max } = shape;
        return [
          ...mistyped,
          ...(min === undefined ? [] : [{ what: `${path} is too small`, make: () => min - 1 }]),
          ...(max === undefined ? [] : [{ what: `${path} is too large`, make: () => max + 1 }]),
          ...(shape.type === 'double' ? [] : [{ what: `${path} is no integer`, make: () => 1.5 }]),
        ];
      }
      case 'boolean':
      case 'blob':
        return mistyped;
      default:
        return shape satisfies never;
    }
  }

  private ofString(shape: StringShape, path: string): Break[] {
    const { min = 0, max, pattern, enum: values } = shape;
    const base = this.soundText(shape);
    const unsound = pattern === undefined ? [] : UNSOUND.filter((text) => !wholly(pattern, text));
    return [
      ...(values
        ? [{ what: `${path} is none of the values`, make: (random: () => string) => `NONE-${random()}` }]
        : []),
      ...(min > 0 ? [{ what: `${path} is too short`, make: () => base.slice(0, min - 1) }] : []),
      ...(max === undefined ? [] : [{ what: `${path} is too long`, make: () => base.padEnd(max + 1, base || 'a') }]),
      ...unsound.map((text) => ({ what: `${path} does not match`, make: () => text })),
    ];
  }

  private sizes(
    { min = 0, max = LARGEST }: { min?: number; max?: number },
    path: string,
    ofSize: (size: number) => unknown,
  ): Break[] {
    return [
      ...(min > 0 && this.isTyped ? [{ what: `${path} has too few`, make: () => ofSize(min - 1) }] : []),
      ...(max < LARGEST ? [{ what: `${path} has too many`, make: () => ofSize(max + 1) }] : []),
    ];
  }

  private sound(shapeName: string, depth: number): unknown {
    const shape = shapeOf(this.model, shapeName);
    switch (shape.type) {
      case 'structure':
        return this.soundStructure(shape, depth);
      case 'list':
        return Array.from({ length: shape.min ?? 0 }, () => this.sound(shape.member.shape, depth + 1));
      case 'map':
        return {};
      case 'string':
        return this.soundText(shape);
      case 'integer':
      case 'long':
      case 'double':
        return Math.max(1, shape.min ?? 1);
      case 'boolean':
        return true;
      case 'blob':
        return '{}';
      default:
        return shape satisfies never;
    }
  }

  soundStructure({ members, required = [] }: StructureShape, depth: number): Record<string, unknown> {
    return Object.fromEntries(required.map((name) => [name, this.sound(members[name]!.shape, depth + 1)]));
  }

  private soundText({ min = 0, max = Infinity, pattern, enum: values }: StringShape): string {
    const candidates = values ?? SOUND.flatMap((text) => [text, text.padEnd(min, text)]);
    const found = candidates.find(
      (text) => text.length >= min && text.length <= max && (pattern === undefined || wholly(pattern, text)),
    );
    if (found === undefined) {
      throw new Error(`No sound text is known for ${pattern}.`);
    }
    return found;
  }
}

function otherType({ type }: Shape, text: string): unknown {
  switch (type) {
    case 'structure':
    case 'map':
      return [text];
    case 'list':
      return { a: text };
    case 'string':
      return text.length % 2 === 0 ? text.length : { text };
    default:
      return `no-${text}`;
  }
}

function wholly(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(text);
}
