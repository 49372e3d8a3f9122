import { cidrBlocks } from './cidr';
import { hasHole } from './holes';
import { fixedArguments, type IntrinsicName, isRecord, malformed, type Value } from './intrinsic-call';
import { noValue, type Scope, type StackOutputReference } from './scope';

/** The functions that only need their arguments' values; the others look at the template around them. */
export type ValueFunctionName = Exclude<
  IntrinsicName,
  'Ref' | 'Fn::GetAtt' | 'Fn::Sub' | 'Fn::If' | 'Fn::And' | 'Fn::Or' | 'Fn::Not'
>;

/** A call of such a function, its arguments resolved. */
export interface ValueFunction {
  readonly name: ValueFunctionName;
  readonly argument: Value;
}

/** What a function gives; throws where it can't be told. */
export function compute({ name, argument }: ValueFunction, scope: Scope): Value {
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

/** Whether a value is a text, or becomes one. */
export function isScalar(value: Value): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A value as a text; throws for one that is none. */
export function text(value: Value): string {
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

function texts(name: IntrinsicName, values: Value): readonly string[] {
  if (!Array.isArray(values) || values.some((value) => typeof value === 'object')) {
    throw malformed(name, values);
  }
  return values.map(String);
}
