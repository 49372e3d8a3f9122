import { hasHole } from './holes';
import { isRecord, type Value } from './intrinsic-call';
import { resolve } from './intrinsics';
import type { Scope } from './scope';

/**
 * Why a template's rules refuse its parameters, if they do: the description of the first assertion that does not hold.
 *
 * An assertion about what only an account knows, such as CDK's about the version of the bootstrap stack, refuses nothing.
 */
export function refusalOfRules(rules: Readonly<Record<string, Value>>, scope: Scope): string | undefined {
  for (const [name, rule] of Object.entries(rules)) {
    const { RuleCondition, Assertions } = isRecord(rule) ? rule : {};
    const applies = RuleCondition === undefined || holds(RuleCondition, scope) === true;
    const all: readonly Value[] = Array.isArray(Assertions) ? Assertions : [];
    const broken = applies ? all.find((each) => isBroken(each, scope)) : undefined;
    if (broken !== undefined) {
      const { AssertDescription } = broken as Readonly<Record<string, Value>>;
      // AWS's documentation does not show the message: that the description is in it is a guess.
      return `Template error: rule ${name}: ${typeof AssertDescription === 'string' ? AssertDescription : 'an assertion failed'}`;
    }
  }
  return undefined;
}

function isBroken(assertion: Value, scope: Scope): boolean {
  return isRecord(assertion) && holds(assertion.Assert, scope) === false;
}

/** Whether a rule's condition holds; undefined where only the account knows. */
function holds(condition: Value, scope: Scope): boolean | undefined {
  const [name, argument]: readonly [string?, Value?] = isRecord(condition) ? (Object.entries(condition)[0] ?? []) : [];
  const operands = Array.isArray(argument) ? (argument as Value[]) : [];
  switch (name) {
    case 'Fn::And': {
      const all = operands.map((operand) => holds(operand, scope));
      return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
    }
    case 'Fn::Or': {
      const all = operands.map((operand) => holds(operand, scope));
      return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
    }
    case 'Fn::Not': {
      const inner = holds(operands[0], scope);
      return inner === undefined ? undefined : !inner;
    }
    case 'Fn::Equals':
      return compared(operands, scope, ([left], [right]) => left === right);
    case 'Fn::Contains':
      return compared(operands, scope, (list, [value]) => list.includes(value!));
    case 'Fn::EachMemberEquals':
      return compared(operands, scope, (list, [value]) => list.every((item) => item === value));
    case 'Fn::EachMemberIn':
      return compared(operands, scope, (list, others) => list.every((item) => others.includes(item)));
    default:
      // `Fn::RefAll`, `Fn::ValueOf` and `Fn::ValueOfAll` ask for what an account has.
      return undefined;
  }
}

function compared(
  [one, other]: readonly Value[],
  scope: Scope,
  compare: (one: readonly string[], other: readonly string[]) => boolean,
): boolean | undefined {
  if (asksTheAccount([one, other])) {
    return undefined;
  }
  const [left, right] = [resolve(one, scope), resolve(other, scope)];
  const texts = (value: Value): string[] => [value].flat().map(String);
  return hasHole([left, right]) ? undefined : compare(texts(left), texts(right));
}

function asksTheAccount(value: Value): boolean {
  return /"Fn::(RefAll|ValueOf|ValueOfAll)"/.test(JSON.stringify(value) ?? '');
}
