import type { Account } from '../account';
import { cidrBlocks } from './cidr';
import { derivedHole, hasHole } from './holes';

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
  'Fn::GetStackOutput',
  'Fn::Length',
  'Fn::ToJsonString',
] as const;

/** The name of an intrinsic function that is known here. */
export type IntrinsicName = (typeof intrinsicNames)[number];

/** The functions that only need their arguments' values; the others look at the template around them. */
type ValueFunctionName = Exclude<
  IntrinsicName,
  'Ref' | 'Fn::GetAtt' | 'Fn::Sub' | 'Fn::If' | 'Fn::And' | 'Fn::Or' | 'Fn::Not'
>;

interface ValueFunction {
  readonly name: ValueFunctionName;
  readonly argument: Value;
}

/** An intrinsic function call, taken apart. */
export interface Intrinsic {
  readonly name: IntrinsicName;
  readonly argument: Value;
}

/** What `Fn::GetStackOutput` reads: an output of a stack, which may be in another region or account. */
export interface StackOutputReference {
  readonly stackName: string;
  readonly outputName: string;
  readonly region?: string;
  /** The role that may describe the stack; its account is the stack's. */
  readonly roleArn?: string;
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
  stackOutput(reference: StackOutputReference): Value;
  /** A function that is not known here; without this it is an error. */
  unknownFunction?(name: string): Value;
}

/** The value of `AWS::NoValue`: whatever holds it is left out. */
export const noValue = Symbol('AWS::NoValue');

/** Whether a value is an object with keys. */
export function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes an intrinsic function call apart; throws for a function that does not exist here, naming it. */
export function intrinsic(value: Value): Intrinsic | undefined {
  const name = functionName(value);
  if (name === undefined || !isRecord(value)) {
    return undefined;
  }
  if (!isKnown(name)) {
    throw new Error(`Template error: unknown intrinsic function ${name}`);
  }
  const keys = Object.keys(value);
  if (keys.length > 1) {
    throw new Error(`Template error: ${name} has other keys beside it: ${keys.join(', ')}`);
  }
  return { name, argument: value[name] };
}

function functionName(value: Value): string | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith('Fn::')) ?? (keys.length === 1 ? keys[0] : undefined);
  return name === 'Ref' || name?.startsWith('Fn::') ? name : undefined;
}

function isKnown(name: string): name is IntrinsicName {
  return (intrinsicNames as readonly string[]).includes(name);
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

/** Resolves every intrinsic inside a value. A function that fails because of a hole gives a hole. */
export function resolve(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== noValue);
  }
  const unknown = functionName(value);
  if (unknown !== undefined && !isKnown(unknown) && scope.unknownFunction) {
    // What else stands beside a macro, such as AWS::Include, stays.
    const rest = Object.entries(value as object).filter(([key]) => key !== unknown);
    return rest.length > 0 ? resolve(Object.fromEntries(rest), scope) : scope.unknownFunction(unknown);
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
  if (isScalar(resolved)) {
    return String(resolved);
  }
  const hole = derivedHole('Fn::Sub', resolved);
  if (hole === undefined) {
    throw new Error(`Template error: ${JSON.stringify(value)} does not resolve to a string`);
  }
  return hole;
}

function isScalar(value: Value): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function text(value: Value): string {
  if (!isScalar(value)) {
    throw new Error(`Template error: ${JSON.stringify(value)} does not resolve to a string`);
  }
  return String(value);
}

/** A text that must be known to its last character. */
function known(value: string): string {
  if (hasHole(value)) {
    throw new Error('Template error: a value that only the account knows');
  }
  return value;
}

/** Decides a condition: one of the condition functions, or another condition by name. */
export function decide(value: Value, scope: Scope): boolean {
  if (isRecord(value) && typeof value.Condition === 'string') {
    return scope.condition(value.Condition);
  }
  const resolved = resolve(value, scope);
  if (typeof resolved === 'boolean') {
    return resolved;
  }
  // A hole is not true.
  if (hasHole(resolved)) {
    return false;
  }
  throw new Error(`Template error: ${JSON.stringify(value)} is not a condition`);
}

function evaluate(call: Intrinsic, scope: Scope): Value {
  const { name, argument } = call;
  switch (name) {
    case 'Ref':
      return scope.ref(String(argument));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = getAttArguments(argument);
      return scope.attribute(logicalId, resolveText(attribute, scope));
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::If': {
      const [condition, yes, no] = fixedArguments(name, argument, 3);
      return resolve(scope.condition(String(condition)) ? yes : no, scope);
    }
    case 'Fn::And':
      return conditions(name, argument).every((condition) => decide(condition, scope));
    case 'Fn::Or':
      return conditions(name, argument).some((condition) => decide(condition, scope));
    case 'Fn::Not':
      return !decide(fixedArguments(name, argument, 1)[0], scope);
    default: {
      const resolved = resolve(argument, scope);
      try {
        return compute({ name, argument: resolved }, scope);
      } catch (error) {
        const hole = derivedHole(name, resolved);
        if (hole === undefined) {
          throw error;
        }
        return hole;
      }
    }
  }
}

/** The functions that only need their arguments' values. */
function compute({ name, argument }: ValueFunction, scope: Scope): Value {
  switch (name) {
    case 'Fn::Join': {
      const [separator, values] = fixedArguments(name, argument, 2);
      return texts(name, values).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, values] = fixedArguments(name, argument, 2);
      const item: Value = Array.isArray(values) ? values[Number(text(index))] : undefined;
      if (item === undefined) {
        throw new Error(`Template error: Fn::Select cannot select nonexistent value at index ${JSON.stringify(index)}`);
      }
      return item;
    }
    case 'Fn::Split': {
      const [separator, whole] = fixedArguments(name, argument, 2);
      return text(whole).split(String(separator));
    }
    case 'Fn::Equals': {
      const [left, right] = fixedArguments(name, argument, 2);
      return JSON.stringify(left) === JSON.stringify(right);
    }
    case 'Fn::FindInMap':
      return findInMap(argument, scope);
    case 'Fn::Base64':
      return Buffer.from(known(text(argument))).toString('base64');
    case 'Fn::ImportValue':
      return scope.importValue(known(text(argument)));
    case 'Fn::GetStackOutput':
      return scope.stackOutput(stackOutputReference(argument));
    case 'Fn::GetAZs': {
      const region = known(text(argument)) || scope.account.region;
      return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
    }
    case 'Fn::Cidr': {
      const [block, count, hostBits] = [argument].flat().map(text);
      if (block === undefined || count === undefined || (argument as readonly Value[]).length > 3) {
        throw malformed(name, argument);
      }
      return cidrBlocks(block, Number(count), hostBits === undefined ? undefined : Number(hostBits));
    }
    case 'Fn::Length':
      if (!Array.isArray(argument)) {
        throw malformed(name, argument);
      }
      return argument.length;
    case 'Fn::ToJsonString':
      return JSON.stringify(argument);
  }
}

function findInMap(argument: Value, scope: Scope): Value {
  const [map, first, second, fallback, ...more] = Array.isArray(argument) ? (argument as Value[]) : [];
  if (second === undefined || more.length > 0) {
    throw malformed('Fn::FindInMap', argument);
  }
  const [mapName, firstKey, secondKey] = [map, first, second].map((key) => known(text(key)));
  const found = scope.mappings[mapName!]?.[firstKey!]?.[secondKey!];
  if (found !== undefined) {
    return found;
  }
  if (isRecord(fallback)) {
    return fallback.DefaultValue ?? noValue;
  }
  throw new Error(`Template error: Unable to get mapping for ${mapName}::${firstKey}::${secondKey}`);
}

function stackOutputReference(argument: Value): StackOutputReference {
  if (!isRecord(argument)) {
    throw malformed('Fn::GetStackOutput', argument);
  }
  const { StackName, OutputName, Region, RoleArn } = argument;
  return {
    stackName: known(text(StackName)),
    outputName: known(text(OutputName)),
    region: Region === undefined ? undefined : known(text(Region)),
    roleArn: RoleArn === undefined ? undefined : text(RoleArn),
  };
}

function substitute(argument: Value, scope: Scope): string {
  const [whole, variables] = subArguments(argument);
  return whole.replace(subPlaceholder, (_, literal: string, name: string) => {
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
