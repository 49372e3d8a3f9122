import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ID_RULE, isValidId, MAX_IDS } from './job-id';
import { isLiteral } from './literal';

/** What says which jobs, and where they are: each by the name of its property. */
export type Given = Readonly<Record<string, unknown>>;

/** Those that are ids. */
const IDS: ReadonlySet<string> = new Set(['JobId', 'JobIds', 'JobIdPrefix', 'NamespaceId']);

/**
 * What is wrong with tokens, as far as they are known once the app is synthesized. What resolves to nothing would be left
 * out of the template: a filter that falls away selects more, and a region or a role that falls away selects a namesake
 * at home.
 */
export function wrongOnceResolved(scope: Construct, given: Given): string[] {
  const stack = Stack.of(scope);
  const tokens = Object.entries(given).flatMap(([name, value]) => partsOf(name, value));
  return tokens
    .filter(([, value]) => Token.isUnresolved(value))
    .flatMap(([name, value]) => {
      const resolved: unknown = stack.resolve(value);
      return isNothing(resolved)
        ? [`${name} is a token that resolves to nothing: it must have a value.`]
        : IDS.has(name)
          ? wrongIds(name, resolved)
          : [];
    });
}

/** A token in a list, or among tags, is a token too. */
function partsOf(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (Token.isUnresolved(value) || typeof value !== 'object' || value === null) {
    return [[name, value]];
  }
  return Object.entries(value).map(([key, each]) => [Array.isArray(value) ? name : `${name}.${key}`, each] as const);
}

/** CloudFormation leaves out what is a reference to AWS::NoValue. */
function isNothing(resolved: unknown): boolean {
  return resolved === undefined || JSON.stringify(resolved) === NO_VALUE;
}

const NO_VALUE = JSON.stringify({ Ref: 'AWS::NoValue' });

function wrongIds(name: string, resolved: unknown): string[] {
  const ids = [resolved].flat();
  const wrong = ids.filter((id) => typeof id === 'string' && isLiteral(id) && !isValidId(id));
  return [
    ...wrong.map((id) => `${name} "${id as string}" is not what AWS IoT allows: ${ID_RULE}.`),
    ...(new Set(ids).size > MAX_IDS
      ? [
          `${name} has ${new Set(ids).size} ids, and one selection may have ${MAX_IDS}: split it among several JobSweeps.`,
        ]
      : []),
  ];
}
