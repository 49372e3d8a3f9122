import type { Account } from '../account';
import { cidrBlocks } from './cidr';

/** A template value before or after its intrinsics are resolved. */
export type Value = unknown;

/** Every intrinsic function that templates may use here. */
export const intrinsicNames = [
  'Ref',
  'Fn::GetAtt',
  'Fn::Join',
  'Fn::Sub',
  'Fn::Select',
  'Fn::Split',
  'Fn::If',
  'Fn::Equals',
  'Fn::And',
  'Fn::Or',
  'Fn::Not',
  'Fn::FindInMap',
  'Fn::Base64',
  'Fn::ImportValue',
  'Fn::GetAZs',
  'Fn::Cidr',
] as const;

/** The name of an intrinsic function that is known here. */
export type IntrinsicName = (typeof intrinsicNames)[number];

/** An intrinsic function call, taken apart. */
export interface Intrinsic {
  readonly name: IntrinsicName;
  readonly argument: Value;
}

/** Where intrinsics find what they name. */
export interface Scope {
  readonly account: Account;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Value>>>>>>;
  /** A resource's physical id, a parameter's or a pseudo parameter's value. */
  ref(name: string): Value;
  attribute(logicalId: string, attribute: string): Value;
  condition(name: string): boolean;
  importValue(exportName: string): Value;
}

/** The value of `AWS::NoValue`: whatever holds it is left out. */
export const noValue = Symbol('AWS::NoValue');

/** Whether a value is an object with keys. */
export function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes an intrinsic function call apart; throws for a function that does not exist here, naming it. */
export function intrinsic(value: Value): Intrinsic | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith('Fn::')) ?? (keys.length === 1 ? keys[0] : undefined);
  if (name === undefined || (name !== 'Ref' && !name.startsWith('Fn::'))) {
    return undefined;
  }
  if (!(intrinsicNames as readonly string[]).includes(name)) {
    throw new Error(`Template error: unknown intrinsic function ${name}`);
  }
  if (keys.length > 1) {
    throw new Error(`Template error: ${name} has other keys beside it: ${keys.join(', ')}`);
  }
  return { name: name as IntrinsicName, argument: value[name] };
}

/** `Fn::GetAtt` in either of its forms. */
export function getAttArguments(argument: Value): readonly [string, Value] {
  if (typeof argument === 'string' && argument.includes('.')) {
    return [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)];
  }
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string') {
    return [argument[0], argument[1]];
  }
  throw malformed('Fn::GetAtt', argument);
}

/** `Fn::Sub` in either of its forms: the text and its own variables. */
export function subArguments(argument: Value): readonly [string, Readonly<Record<string, Value>>] {
  if (typeof argument === 'string') {
    return [argument, {}];
  }
  if (Array.isArray(argument) && typeof argument[0] === 'string' && isRecord(argument[1])) {
    return [argument[0], argument[1]];
  }
  throw malformed('Fn::Sub', argument);
}

/** `${name}` in a `Fn::Sub` text; `${!name}` is a literal `${name}`. */
export const subPlaceholder = /\$\{(!?)([^}]*)\}/g;

/** An error about a function's arguments. */
export function malformed(name: string, argument: Value): Error {
  return new Error(`Template error: ${name} has malformed arguments: ${JSON.stringify(argument)}`);
}

/** The arguments of a function that takes a fixed number of them. */
export function fixedArguments(name: string, argument: Value, count: number): readonly Value[] {
  if (!Array.isArray(argument) || argument.length !== count) {
    throw malformed(name, argument);
  }
  return argument as Value[];
}

/** Resolves every intrinsic inside a value. */
export function resolve(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== noValue);
  }
  const call = intrinsic(value);
  if (call) {
    return evaluate(call, scope);
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== noValue));
  }
  return value;
}

/** Resolves a value that must come out as a text. */
export function resolveText(value: Value, scope: Scope): string {
  const resolved = resolve(value, scope);
  if (typeof resolved === 'string' || typeof resolved === 'number' || typeof resolved === 'boolean') {
    return String(resolved);
  }
  throw new Error(`Template error: ${JSON.stringify(value)} does not resolve to a string`);
}

/** Decides a condition: one of the condition functions, or another condition by name. */
export function decide(value: Value, scope: Scope): boolean {
  if (isRecord(value) && typeof value.Condition === 'string') {
    return scope.condition(value.Condition);
  }
  const resolved = resolve(value, scope);
  if (typeof resolved !== 'boolean') {
    throw new Error(`Template error: ${JSON.stringify(value)} is not a condition`);
  }
  return resolved;
}

function evaluate({ name, argument }: Intrinsic, scope: Scope): Value {
  switch (name) {
    case 'Ref':
      return scope.ref(String(argument));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = getAttArguments(argument);
      return scope.attribute(logicalId, resolveText(attribute, scope));
    }
    case 'Fn::Join': {
      const [separator, values] = fixedArguments(name, argument, 2);
      return texts(name, resolve(values, scope)).join(String(separator));
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Select': {
      const [index, values] = fixedArguments(name, argument, 2);
      const items = resolve(values, scope);
      const item: Value = Array.isArray(items) ? items[Number(resolveText(index, scope))] : undefined;
      if (item === undefined) {
        throw new Error(`Template error: Fn::Select cannot select nonexistent value at index ${JSON.stringify(index)}`);
      }
      return item;
    }
    case 'Fn::Split': {
      const [separator, text] = fixedArguments(name, argument, 2);
      return resolveText(text, scope).split(String(separator));
    }
    case 'Fn::If': {
      const [condition, yes, no] = fixedArguments(name, argument, 3);
      return resolve(scope.condition(String(condition)) ? yes : no, scope);
    }
    case 'Fn::Equals': {
      const [left, right] = fixedArguments(name, argument, 2);
      return JSON.stringify(resolve(left, scope)) === JSON.stringify(resolve(right, scope));
    }
    case 'Fn::And':
      return conditions(name, argument).every((condition) => decide(condition, scope));
    case 'Fn::Or':
      return conditions(name, argument).some((condition) => decide(condition, scope));
    case 'Fn::Not':
      return !decide(fixedArguments(name, argument, 1)[0], scope);
    case 'Fn::FindInMap': {
      const [map, first, second] = fixedArguments(name, argument, 3).map((key) => resolveText(key, scope));
      const found = scope.mappings[map!]?.[first!]?.[second!];
      if (found === undefined) {
        throw new Error(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
      }
      return found;
    }
    case 'Fn::Base64':
      return Buffer.from(resolveText(argument, scope)).toString('base64');
    case 'Fn::ImportValue':
      return scope.importValue(resolveText(argument, scope));
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => `${resolveText(argument, scope) || scope.account.region}${zone}`);
    case 'Fn::Cidr': {
      const [block, count, hostBits] = fixedArguments(name, argument, 3).map((each) => resolveText(each, scope));
      return cidrBlocks(block!, Number(count), Number(hostBits));
    }
  }
}

function substitute(argument: Value, scope: Scope): string {
  const [text, variables] = subArguments(argument);
  return text.replace(subPlaceholder, (_, literal: string, name: string) => {
    if (literal) {
      return `\${${name}}`;
    }
    if (Object.hasOwn(variables, name)) {
      return resolveText(variables[name], scope);
    }
    return resolveText(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }, scope);
  });
}

function conditions(name: IntrinsicName, argument: Value): readonly Value[] {
  if (!Array.isArray(argument)) {
    throw malformed(name, argument);
  }
  return argument;
}

function texts(name: IntrinsicName, values: Value): readonly string[] {
  if (!Array.isArray(values) || values.some((value) => typeof value === 'object')) {
    throw malformed(name, values);
  }
  return values.map(String);
}
