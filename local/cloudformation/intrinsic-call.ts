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

/** An intrinsic function call, taken apart. */
export interface Intrinsic {
  readonly name: IntrinsicName;
  readonly argument: Value;
}

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

/** The name of the function that a value calls, known here or not. */
export function functionName(value: Value): string | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith('Fn::')) ?? (keys.length === 1 ? keys[0] : undefined);
  return name === 'Ref' || name?.startsWith('Fn::') ? name : undefined;
}

/** Whether a function is known here. */
export function isKnown(name: string): name is IntrinsicName {
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
