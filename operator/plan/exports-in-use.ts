import { type CloudFormationClient, ListImportsCommand } from '@aws-sdk/client-cloudformation';
import type { Calls } from '../../lambda/deletion/calls';
import { type DeployedStack, withNested } from './deployed-stack';

/** What CloudFormation refuses the deletion of a stack for: others import what it, or a stack nested in it, exports. */
export async function exportsInUse(
  client: CloudFormationClient,
  calls: Calls,
  stack: DeployedStack,
): Promise<readonly string[]> {
  const own = withNested(stack);
  const problems: string[] = [];
  for (const name of own.flatMap(({ exports }) => exports)) {
    const all = await importersOf(client, calls, name);
    const users = all.filter((user) => !own.some((each) => each.name === user));
    if (users.length > 0) {
      problems.push(
        `CloudFormation refuses to delete the stack: its export ${name} is in use by ${users.join(', ')}. ` +
          'Before that, delete those stacks, or remove the import from them.',
      );
    }
  }
  return problems;
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
