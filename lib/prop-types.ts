import { type Duration, Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * What the value of a prop may be, in the words of an error. CDK encodes what is known only at deployment in each type of
 * its own: a text as a string, a list as a list with one string. Flags and numbers have to come from texts, such as those
 * of a parameter, so they may be any token.
 */
const TYPES = {
  'a string': (value: unknown) => typeof value === 'string' && !isListToken([value]),
  'a boolean': (value: unknown) => typeof value === 'boolean' || isScalarToken(value),
  'a number': (value: unknown) => typeof value === 'number' || isScalarToken(value),
  'a JobDeletionProvider': (value: unknown) => Construct.isConstruct(value),
  'an object': (value: unknown) => isObject(value) && !Construct.isConstruct(value),
  'a list of strings': (value: unknown) => isListOf(value, (each) => typeof each === 'string'),
  'a list of constructs': (value: unknown) => isListOf(value, (each) => Construct.isConstruct(each)),
  'a Duration': (value: unknown) =>
    has<Pick<Duration, 'toSeconds' | 'isUnresolved'>>(value, { toSeconds: 'function', isUnresolved: 'function' }),
  'an ILogGroup': (value: unknown) => has<ILogGroup>(value, { logGroupArn: 'string' }),
  'an IVpc': (value: unknown) => has<IVpc>(value, { vpcId: 'string', selectSubnets: 'function' }),
  'an IRole': (value: unknown) => has<IRole>(value, { roleArn: 'string', attachInlinePolicy: 'function' }),
  'an IKey': (value: unknown) => has<IKey>(value, { keyArn: 'string', grantDecrypt: 'function' }),
  'a list of ISecurityGroups': (value: unknown) =>
    isListOf(value, (each) => has<ISecurityGroup>(each, { securityGroupId: 'string', connections: 'object' })),
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
    const isRight = value === undefined ? isOptional : TYPES[type](value);
    if (!isRight) {
      throw new Error(`${where}: ${name} must be ${type}, but is ${printed(value)}.`);
    }
  }
}

/** Checks that an object has no key but those of its types. @throws Error that names it */
export function assertKeys(where: string, what: string, values: object, types: PropTypes): void {
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(types, key));
  if (unknown !== undefined) {
    throw new Error(
      `${where}: unknown ${what} "${unknown}": ${what === 'option' ? 'an' : 'a'} ${what} is one of ${Object.keys(types).join(', ')}.`,
    );
  }
}

/** A value as an error shows it. */
export function printed(value: unknown): string {
  if (Construct.isConstruct(value)) {
    return `the construct ${value.node.path}`;
  }
  if (Token.isUnresolved(value) || isListToken([value])) {
    return 'a token';
  }
  if (Array.isArray(value)) {
    return `[${Array.from(value, printed).join(', ')}]`;
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
  return Object.getPrototypeOf(value) !== Object.prototype
    ? 'an object'
    : keys.length === 0
      ? '{}'
      : `{ ${keys.join(', ')} }`;
}

/** An object that can have props: no list, date, map and so on. */
function isObject(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]' && !isScalarToken(value);
}

/** What CDK resolves later, to one value. A stack can resolve, too, and so looks like a token. */
function isScalarToken(value: unknown): boolean {
  return Token.isUnresolved(value) && !Array.isArray(value) && !Construct.isConstruct(value);
}

/** A list that CDK resolves later is a list with one text, which is no value of its own. */
function isListToken(value: readonly unknown[]): boolean {
  return Token.isUnresolved(value);
}

/** Holes in a list count as undefined. */
function isListOf(value: unknown, isRight: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && Array.from(value).every(isRight);
}

/** Whether something has these members: copies of aws-cdk-lib share no classes. */
function has<T>(value: unknown, members: { readonly [K in keyof T]?: 'string' | 'function' | 'object' }): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members as Readonly<Record<string, string>>).every(
      ([name, type]) => typeof (value as Record<string, unknown>)[name] === type,
    )
  );
}
