import { type Environment, scopeOf } from './environment';
import { intrinsic, isRecord, type Value } from './intrinsic-call';
import { resolveText } from './intrinsics';
import type { Output, Stack } from './stack';

/** Stacks that have nothing, whatever their template says. */
const EMPTY = new Set(['DELETE_COMPLETE', 'ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS']);

/** An export, as it is listed. */
export interface Export {
  readonly stackId: string;
  readonly name: string;
  readonly value: string;
}

/** The exports of an account in a region: one name, one stack. */
export class Exports {
  constructor(
    private readonly stacks: () => readonly Stack[],
    private readonly environment: Environment,
  ) {}

  /** The value that some stack exports by this name. */
  find(exportName: string): string | undefined {
    return this.exported(exportName)?.[1].value;
  }

  /** Every export, in the order of its names. */
  get all(): readonly Export[] {
    return this.stacks()
      .flatMap(({ id, outputs }) =>
        [...outputs.values()].flatMap(({ exportName: name, value }) =>
          name === undefined ? [] : [{ stackId: id, name, value }],
        ),
      )
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The names of the stacks that import an export. */
  importersOf(exportName: string): readonly string[] {
    const [exporter, output] = this.exported(exportName) ?? [];
    return exporter && output ? this.imported(exporter, [output]).flatMap(({ users }) => users) : [];
  }

  /** The first reason why a stack may not be deleted: an export of it that another stack imports. */
  refusalToDelete(stack: Stack): string | undefined {
    const [used] = this.imported(stack, [...stack.outputs.values()]);
    return used && `Delete canceled. Cannot delete export ${used.name} as it is in use by ${used.users.join(', ')}.`;
  }

  /** The first reason why a stack may not have these outputs. */
  refusalOf(stack: Stack, outputs: ReadonlyMap<string, Output>): string | undefined {
    const next = new Map([...outputs.values()].map(({ exportName, value }) => [exportName, value]));
    for (const exportName of next.keys()) {
      const owner = exportName === undefined ? undefined : this.exported(exportName)?.[0];
      if (owner && owner !== stack) {
        return `Export with name ${exportName} is already exported by stack ${owner.name}. Rule: Export names must be unique across the account per region`;
      }
    }
    const before = [...(stack.change?.outputsBefore ?? stack.outputs).values()];
    const changed = before.filter(({ exportName, value }) => next.get(exportName) !== value);
    const [used] = this.imported(stack, changed);
    const doing = next.has(used?.name) ? 'updated' : 'deleted';
    return used && `Export ${used.name} cannot be ${doing} as it is in use by ${used.users.join(', ')}`;
  }

  private exported(exportName: string): [Stack, Output] | undefined {
    return this.stacks()
      .flatMap((stack) => [...stack.outputs.values()].map((output): [Stack, Output] => [stack, output]))
      .find(([, output]) => output.exportName === exportName);
  }

  private imported(exporter: Stack, outputs: readonly Output[]): { name: string; users: string[] }[] {
    const names = outputs.flatMap(({ exportName }) => exportName ?? []);
    if (names.length === 0) {
      return [];
    }
    const importsByStack = this.stacks()
      .filter((stack) => stack !== exporter && !EMPTY.has(stack.status))
      .map((stack) => ({ stackName: stack.name, imports: this.importsOf(stack) }));
    return names
      .map((name) => ({
        name,
        users: importsByStack.filter(({ imports }) => imports.has(name)).map(({ stackName }) => stackName),
      }))
      .filter(({ users }) => users.length > 0);
  }

  /** What a stack imports by the template that is in force. */
  private importsOf(stack: Stack): ReadonlySet<string> {
    const { template } = stack;
    const scope = scopeOf(this.environment, stack, template);
    const found = new Set<string>();
    const visit = (value: Value): void => {
      if (Array.isArray(value)) {
        value.forEach(visit);
      } else if (isRecord(value)) {
        const call = quietly(() => intrinsic(value));
        if (call?.name === 'Fn::ImportValue') {
          const name = quietly(() => resolveText(call.argument, scope));
          found.add(name ?? '');
        } else if (call?.name === 'Fn::If' && Array.isArray(call.argument)) {
          const [condition, yes, no] = call.argument as Value[];
          visit(scope.condition(String(condition)) ? yes : no);
        } else {
          Object.values(value).forEach(visit);
        }
      }
    };
    template.resources.forEach(({ properties }) => visit(properties));
    template.outputs.forEach(({ value }) => visit(value));
    return found;
  }
}

function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
