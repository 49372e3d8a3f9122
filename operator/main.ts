import { runOperatorCommand } from './command';
import { type Console, processConsole } from './console';
import { deleteJob } from './delete-job/command';
import { sweep } from './sweep/command';

/** Runs a command that deletes jobs, to its exit status. @param args without the verb */
export async function runOperator(
  verb: 'delete-job' | 'sweep',
  args: string[],
  console: Console = processConsole,
): Promise<number> {
  switch (verb) {
    case 'delete-job':
      return runOperatorCommand(deleteJob, args, console);
    case 'sweep':
      return runOperatorCommand(sweep, args, console);
    default:
      return verb satisfies never;
  }
}
