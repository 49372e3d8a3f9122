import { Annotations, type Duration, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';

/**
 * Reports a value that is not what it must be: an error that names the construct.
 *
 * On the first run of an app that looks something up, values are CDK's dummies, and an error would end the run before
 * the CLI learns what to look up (aws-cdk #8604). So the error is only noted then. The next run has the real values.
 */
export function reject(scope: IConstruct, message: string): void {
  if (!hasMissingContext(scope)) {
    throw new Error(`${scope.node.path}: ${message}`);
  }
  Annotations.of(scope).addError(message);
}

/** CDK has no public way to ask, and a stack may have been given a value that another one looks up. */
function hasMissingContext(scope: IConstruct): boolean {
  return scope.node.root.node.findAll().some((construct) => {
    const { _missingContext: missing } = construct as { readonly _missingContext?: unknown };
    return Stack.isStack(construct) && Array.isArray(missing) && missing.length > 0;
  });
}

/** What the value of a prop may be, in the words of an error. Each allows what is known only at deployment. */
const TYPES = {
  'a string': (value: unknown) => typeof value === 'string',
  'a boolean': (value: unknown) => typeof value === 'boolean',
  'a number': (value: unknown) => typeof value === 'number',
  'an object': (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'a list of strings': (value: unknown) => isListOf(value, (each) => typeof each === 'string'),
  'a list of constructs': (value: unknown) => isListOf(value, (each) => Construct.isConstruct(each)),
  'a Duration': (value: unknown) => typeof (value as Partial<Duration> | null)?.toSeconds === 'function',
} as const;

/** The types of props: `?` stands behind those that may be left out. */
export type PropTypes = Readonly<Record<string, keyof typeof TYPES | `${keyof typeof TYPES}?`>>;

/**
 * Checks the types of what a JavaScript user gives, whom no compiler has told.
 *
 * @param where what the error begins with: a construct's path, or a method
 * @throws if something is missing or has another type: the error names it, its value and the rule
 */
export function assertTypes(where: string, values: object, types: PropTypes): void {
  for (const [name, typeOrOptional] of Object.entries(types)) {
    const isOptional = typeOrOptional.endsWith('?');
    const type = (isOptional ? typeOrOptional.slice(0, -1) : typeOrOptional) as keyof typeof TYPES;
    const value: unknown = (values as Readonly<Record<string, unknown>>)[name];
    const isRight = value === undefined ? isOptional : Token.isUnresolved(value) || TYPES[type](value);
    if (!isRight) {
      throw new Error(`${where}: ${name} must be ${type}, but is ${printed(value)}.`);
    }
  }
}

/** A value as an error shows it. */
export function printed(value: unknown): string {
  if (Construct.isConstruct(value)) {
    return `the construct ${value.node.path}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(printed).join(', ')}]`;
  }
  switch (typeof value) {
    case 'function':
      return 'a function';
    case 'object':
      return printedObject(value);
    case 'string':
      return JSON.stringify(value);
    default:
      return String(value);
  }
}

function printedObject(value: object | null): string {
  if (value === null) {
    return 'null';
  }
  const keys = Object.keys(value);
  return value.constructor !== Object ? 'an object' : keys.length === 0 ? '{}' : `{ ${keys.join(', ')} }`;
}

function isListOf(value: unknown, isRight: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isRight);
}
