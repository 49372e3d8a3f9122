import type { Value } from './intrinsics';
import { fixedArguments, getAttArguments, intrinsic, isRecord, subArguments, subPlaceholder } from './intrinsics';

/** What a template value names that must be found somewhere else in the template. */
export interface References {
  /** What `Ref` names: a resource, a parameter or a pseudo parameter. */
  readonly refs: Set<string>;
  /** The resources that `Fn::GetAtt` names. */
  readonly resources: Set<string>;
}

/**
 * Collects what a value names, so that a template is refused before anything is done.
 *
 * Of `Fn::If` only the branch that holds counts: CDK names resources there that the other branch lacks.
 */
export function referencesOf(value: Value, condition: (name: string) => boolean): References {
  const found: References = { refs: new Set(), resources: new Set() };
  collect(value, condition, found);
  return found;
}

function collect(value: Value, condition: (name: string) => boolean, found: References): void {
  const inner = (part: Value): void => collect(part, condition, found);
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw new Error(`Template error: dynamic references are not available here: ${value}`);
  }
  if (Array.isArray(value)) {
    value.forEach(inner);
    return;
  }
  if (!isRecord(value)) {
    return;
  }
  const call = intrinsic(value);
  if (!call) {
    Object.values(value).forEach(inner);
    return;
  }
  switch (call.name) {
    case 'Ref':
      found.refs.add(String(call.argument));
      return;
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = getAttArguments(call.argument);
      found.resources.add(logicalId);
      inner(attribute);
      return;
    }
    case 'Fn::Sub': {
      const [text, variables] = subArguments(call.argument);
      Object.values(variables).forEach(inner);
      for (const [, literal, name] of text.matchAll(subPlaceholder)) {
        if (!literal && !Object.hasOwn(variables, name!)) {
          inner(name!.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
        }
      }
      return;
    }
    case 'Fn::If': {
      const [name, yes, no] = fixedArguments(call.name, call.argument, 3);
      inner(condition(String(name)) ? yes : no);
      return;
    }
    case 'Fn::Join':
    case 'Fn::Select':
    case 'Fn::Split':
    case 'Fn::Equals':
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
    case 'Fn::FindInMap':
    case 'Fn::Base64':
    case 'Fn::ImportValue':
    case 'Fn::GetAZs':
    case 'Fn::Cidr':
      inner(call.argument);
      return;
  }
}
