import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { parseRoleArn } from './assumed-role';
import type { JobDeletionProviderProps } from './job-deletion-provider-props';

/** A provider that is there already. */
interface ExistingProvider extends Construct {
  readonly jobIdPatterns: string[];
  readonly regions: string[];
  readonly assumableRoles: string[];
  readonly _props: JobDeletionProviderProps;
  readonly _madeBy: string;
}

/**
 * Compares each prop that somebody asks for with what the provider was made with.
 *
 * @throws if one is another: the error names it, and who made the provider
 */
export function assertSameProps(scope: Construct, provider: ExistingProvider, asked: JobDeletionProviderProps): void {
  const made: JobDeletionProviderProps = {
    ...provider._props,
    jobIdPatterns: provider.jobIdPatterns,
    regions: provider.regions,
    assumableRoles: provider.assumableRoles,
  };
  for (const [name, value] of Object.entries(asked)) {
    const existing: unknown = made[name as keyof JobDeletionProviderProps];
    if (value !== undefined && !isSame(scope, value, existing)) {
      const by = provider._madeBy === provider.node.path ? 'itself' : provider._madeBy;
      throw new Error(
        `${scope.node.path}: the stack's JobDeletionProvider was made by ${by} with another ${name}: give the same props ` +
          'wherever it is asked for, or configure it once, before the others ask for it without props.',
      );
    }
  }
}

/** Lists have no order: those of texts are sets, and security groups are too. */
function isSame(scope: Construct, one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return [one.every((each) => hasSame(scope, other, each)), other.every((each) => hasSame(scope, one, each))].every(
      Boolean,
    );
  }
  if (typeof one === 'string' && typeof other === 'string') {
    return one === other || (roleOf(scope, one) !== undefined && roleOf(scope, one) === roleOf(scope, other));
  }
  if (!isPlain(one) || !isPlain(other)) {
    return one === other;
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(scope, one[key], other[key]));
}

function hasSame(scope: Construct, list: readonly unknown[], value: unknown): boolean {
  return list.some((each) => isSame(scope, each, value));
}

function roleOf(scope: Construct, text: string): string | undefined {
  return Token.isUnresolved(text) || text.startsWith('arn:') ? parseRoleArn(scope, text)?.id : undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Construct.isConstruct(value);
}
