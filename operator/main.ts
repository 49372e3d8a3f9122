import { runOperatorCommand } from './command';
import { type Console, processConsole } from './console';
import { deleteJob } from './delete-job/command';
import { plan } from './plan/command';
import { sweep } from './sweep/command';

/** The commands of the operator. */
export type OperatorVerb = 'delete-job' | 'plan' | 'sweep';

/** Runs a command of the operator, to its exit status. @param args without the verb */
export async function runOperator(
  verb: OperatorVerb,
  args: string[],
  console: Console = processConsole,
): Promise<number> {
  switch (verb) {
    case 'delete-job':
      return runOperatorCommand(deleteJob, args, console);
    case 'plan':
      return runOperatorCommand(plan, args, console);
    case 'sweep':
      return runOperatorCommand(sweep, args, console);
    default:
      return verb satisfies never;
  }
}
