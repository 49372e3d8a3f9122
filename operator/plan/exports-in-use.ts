import { type CloudFormationClient, ListImportsCommand } from '@aws-sdk/client-cloudformation';
import type { Calls } from '../../lambda/deletion/calls';
import { type DeployedStack, withNested } from './deployed-stack';
import { type TemplateValues, UNKNOWN } from './template-values';

/** What CloudFormation refuses the deletion of a stack for: others import what it, or a stack nested in it, exports. */
export async function exportsInUse(
  client: CloudFormationClient,
  calls: Calls,
  stack: DeployedStack,
): Promise<readonly string[]> {
  const own = withNested(stack);
  const problems: string[] = [];
  for (const name of own.flatMap(({ exports }) => [...exports.keys()])) {
    const users = await strangersImporting(client, calls, name, own);
    if (users.length > 0) {
      problems.push(
        `CloudFormation refuses to delete the stack: its export ${name} is in use by ${users.join(', ')}. ` +
          'Before that, delete those stacks, or remove the import from them.',
      );
    }
  }
  return problems;
}

/** What CloudFormation refuses an update for, and exports in use of which it can't be known. */
export interface ExportsOfUpdate {
  readonly problems: readonly string[];
  readonly notChecked: readonly string[];
}

/** The exports in use that an update to a template would remove or change, which CloudFormation refuses. */
export async function exportsOfUpdate(
  client: CloudFormationClient,
  calls: Calls,
  stack: DeployedStack,
  next: TemplateValues,
): Promise<ExportsOfUpdate> {
  const own = withNested(stack);
  const after = new Map(next.exports.map(({ name, value }) => [name, value]));
  const removedNested = [...stack.nested].filter(([logicalId]) => !next.declared(logicalId));
  const gone = removedNested.flatMap(([, nested]) => withNested(nested).flatMap(({ exports }) => [...exports.keys()]));
  const problems: string[] = [];
  const notChecked: string[] = [];
  for (const [name, value] of [...stack.exports, ...gone.map((each) => [each, undefined] as const)]) {
    const isRemoved = !after.has(name);
    const isUnknown = isRemoved ? after.has(UNKNOWN) : after.get(name) === UNKNOWN;
    const users =
      isRemoved || isUnknown || after.get(name) !== value ? await strangersImporting(client, calls, name, own) : [];
    if (users.length > 0 && isUnknown) {
      notChecked.push(`the export ${name}, which is in use by ${users.join(', ')}: its value is not known`);
    } else if (users.length > 0) {
      problems.push(
        `CloudFormation refuses the update: it ${isRemoved ? 'removes' : 'changes'} the export ${name}, which is in ` +
          `use by ${users.join(', ')}. Before that, remove the import from those stacks.`,
      );
    }
  }
  return { problems, notChecked };
}

/** The stacks, besides these, that import what is exported by this name. */
async function strangersImporting(
  client: CloudFormationClient,
  calls: Calls,
  exportName: string,
  own: readonly DeployedStack[],
): Promise<readonly string[]> {
  const all = await importersOf(client, calls, exportName);
  return all.filter((user) => !own.some((each) => each.name === user));
}

async function importersOf(client: CloudFormationClient, calls: Calls, name: string): Promise<readonly string[]> {
  const all: string[] = [];
  let token: string | undefined;
  do {
    const from = token;
    const { Imports = [], NextToken } = await calls.read('cloudformation:ListImports', () =>
      client.send(new ListImportsCommand({ ExportName: name, NextToken: from })).catch((error: unknown) => {
        if (isUnused(error)) {
          return { Imports: [], NextToken: undefined };
        }
        throw error;
      }),
    );
    all.push(...Imports);
    token = NextToken;
  } while (token !== undefined);
  return all;
}

/** For an export that nobody imports, CloudFormation answers with an error. */
function isUnused(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'ValidationError' && message.includes('is not imported by any stack');
}
