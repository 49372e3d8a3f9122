import type { StackToRehearse } from './stacks';

interface Template {
  readonly Outputs?: Readonly<Record<string, { readonly Export?: { readonly Name?: unknown } }>>;
}

/**
 * What a stack imports from one that is deployed after it. Another app's export is only unknown here; one of the app's own
 * is not there yet, and CloudFormation refuses the stack.
 *
 * @throws Error that names the export, the stack that has it, and the way out
 */
export function requireExported(stack: StackToRehearse, stacks: readonly StackToRehearse[]): void {
  const later = stacks.slice(stacks.indexOf(stack) + 1);
  for (const name of importsIn(stack.artifact.template)) {
    const exporter = later.find(({ artifact }) => exportsOf(artifact.template as Template).includes(name));
    if (exporter) {
      const { displayName } = exporter.artifact;
      throw new Error(
        `No export named ${name} found. ${displayName} exports it, and is deployed later. ` +
          `In the app: let ${stack.artifact.displayName} depend on ${displayName}.`,
      );
    }
  }
}

/**
 * What is to be said where an export is in use when its stack is destroyed. Stacks are destroyed in the reverse order, so
 * the stack that uses it was deployed before the one that has it: only here, where another app's export is unknown.
 */
export function withImportOrder(reason: string, stack: string): string {
  const [, users] = /Cannot delete export \S+ as it is in use by (.+)\.$/.exec(reason) ?? [];
  return users === undefined
    ? reason
    : `${reason} It is deployed before ${stack}, so that its first deployment finds no such export. ` +
        `In the app: let ${users} depend on ${stack}.`;
}

/** The names that a template imports literally: what it composes, only CloudFormation resolves. */
function importsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Fn::ImportValue' && typeof inner === 'string' ? [inner] : importsIn(inner),
  );
}

function exportsOf({ Outputs = {} }: Template): readonly unknown[] {
  return Object.values(Outputs).flatMap(({ Export }) => Export?.Name ?? []);
}
