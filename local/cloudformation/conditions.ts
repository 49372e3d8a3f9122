import { originsOf } from './holes';
import { isRecord, type Value } from './intrinsic-call';
import { decide, resolve } from './intrinsics';
import type { Scope } from './scope';

/** A condition that compares a value which only an account knows. */
export interface Uncertainty {
  readonly condition: string;
  readonly value: boolean;
  readonly from: string;
}

/** A template's conditions, decided. */
export interface Conditions {
  readonly values: ReadonlyMap<string, boolean>;
  /** Those that a hole took part in. */
  readonly uncertain: readonly Uncertainty[];
}

/** Decides every condition of a template. */
export function decideConditions(
  declared: Readonly<Record<string, Value>>,
  scope: Omit<Scope, 'condition'>,
): Conditions {
  const decided = new Map<string, boolean>();
  const uncertain: Uncertainty[] = [];
  const within = (path: readonly string[]): Scope => ({
    ...scope,
    condition: (name) => {
      const known = decided.get(name);
      if (known !== undefined) {
        return known;
      }
      if (!Object.hasOwn(declared, name)) {
        throw new Error(`Template error: unresolved condition dependency ${name}`);
      }
      if (path.includes(name)) {
        throw new Error(`Circular dependency between conditions: [${path.join(', ')}]`);
      }
      const inside = within([...path, name]);
      const value = decide(declared[name], inside);
      decided.set(name, value);
      const from = comparedHoles(declared[name], inside).join(', ');
      if (from !== '') {
        uncertain.push({ condition: name, value, from });
      }
      return value;
    },
  });
  Object.keys(declared).forEach((name) => within([]).condition(name));
  return { values: decided, uncertain };
}

/** The origins of the holes that a condition compares; those of other conditions that it names are theirs. */
function comparedHoles(value: Value, scope: Scope): readonly string[] {
  if (Array.isArray(value)) {
    return [...new Set(value.flatMap((item) => comparedHoles(item, scope)))];
  }
  if (!isRecord(value)) {
    return [];
  }
  const [name = ''] = Object.keys(value);
  if (name.startsWith('Fn::') && !['Fn::And', 'Fn::Or', 'Fn::Not'].includes(name)) {
    return originsOf(resolve(name === 'Fn::Equals' ? value[name] : value, scope));
  }
  return [...new Set(Object.values(value).flatMap((item) => comparedHoles(item, scope)))];
}
