import { derivedHole, hasHole } from './holes';
import {
  fixedArguments,
  functionName,
  getAttArguments,
  type Intrinsic,
  intrinsic,
  type IntrinsicName,
  isKnown,
  isRecord,
  malformed,
  subArguments,
  subPlaceholder,
  type Value,
} from './intrinsic-call';
import { noValue, type Scope } from './scope';
import { compute, isScalar } from './value-functions';

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
