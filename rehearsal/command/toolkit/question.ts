import { createInterface } from 'node:readline/promises';
import type { Terminal } from '../../terminal';
import { UsageError } from '../../usage';
import type { DeployTo } from '../options';
import type { StackToRehearse } from '../stacks';
import type { Account } from './account';

/** A person's keyboard, or what stands in for it. */
export type Keyboard = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Whether it is on this machine, so that nothing there can be anybody else's. */
export function isHere({ endpoint }: DeployTo): boolean {
  return endpoint !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(endpoint.hostname);
}

/** What somebody is to agree to. */
export function question(
  account: Account,
  stacks: readonly StackToRehearse[],
  { endpoint }: DeployTo,
  thingName: string,
): string {
  return [
    `This really deploys and destroys, ${endpoint ? `at ${endpoint.href}` : 'at AWS, which may charge for it'}:`,
    `  account  ${account.home.account}`,
    ...stacks.map(({ artifact }) => `  stack    ${artifact.stackName} in ${account.homeOf(artifact).region}`),
    `  thing    ${thingName}, and jobs for it: those that the stacks delete`,
    'The rehearsal deletes the stacks, the jobs and the thing in the end.',
  ].join('\n');
}

/** @throws UsageError unless somebody at the keyboard says yes */
export async function requireYes(facts: string, terminal: Terminal, keyboard: Keyboard = process.stdin): Promise<void> {
  if (!keyboard.isTTY) {
    throw new UsageError(`${facts}\nThere is no terminal to ask. To agree, give --yes. Nothing was deployed.`);
  }
  terminal.line(facts);
  const lines = createInterface({ input: keyboard, output: process.stderr });
  // Who ends the input, with Ctrl-C or Ctrl-D, has not said yes.
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question('Continue? (y/N) '), ended]);
  lines.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new UsageError('Nothing was deployed.');
  }
}
