import {
  type Intrinsic,
  type Value,
  fixedArguments,
  getAttArguments,
  intrinsic,
  isRecord,
  subArguments,
  subPlaceholder,
} from './intrinsic-call';

/** What a template value names that must be found somewhere else in the template. */
export interface References {
  /** What `Ref` names: a resource, a parameter or a pseudo parameter. */
  readonly refs: Set<string>;
  /** The resources that `Fn::GetAtt` names. */
  readonly resources: Set<string>;
}

/** How references are collected. */
export interface Collecting {
  /** Whether a branch of `Fn::If` counts. */
  readonly takes: (condition: string, branch: boolean) => boolean;
  /** Looks into a function that is unknown or has malformed arguments, instead of refusing it. */
  readonly lenient: boolean;
}

/**
 * Collects what a value names, so that a template is refused before anything is done.
 *
 * What a resource depends on is in the branch of `Fn::If` that holds: CDK names resources there that the other branch lacks.
 */
export function referencesOf(value: Value, collecting: Collecting): References {
  const found: References = { refs: new Set(), resources: new Set() };
  collect(value, collecting, found);
  return found;
}

function collect(value: Value, collecting: Collecting, found: References): void {
  const inner = (part: Value): void => collect(part, collecting, found);
  if (Array.isArray(value)) {
    value.forEach(inner);
    return;
  }
  if (!isRecord(value)) {
    return;
  }
  const call = apart(value, collecting);
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
      inner(
        [true, false].filter((branch) => collecting.takes(String(name), branch)).map((branch) => (branch ? yes : no)),
      );
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
    case 'Fn::GetStackOutput':
    case 'Fn::Length':
    case 'Fn::ToJsonString':
      inner(call.argument);
      return;
  }
}

/** The call, if its arguments can be read; without one its parts are looked into. */
function apart(value: Value, { lenient }: Collecting): Intrinsic | undefined {
  try {
    const call = intrinsic(value);
    switch (call?.name) {
      case 'Fn::GetAtt':
        getAttArguments(call.argument);
        return call;
      case 'Fn::Sub':
        subArguments(call.argument);
        return call;
      case 'Fn::If':
        fixedArguments(call.name, call.argument, 3);
        return call;
      default:
        return call;
    }
  } catch (error) {
    if (lenient) {
      return undefined;
    }
    throw error;
  }
}
