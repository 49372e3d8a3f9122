import { createInterface } from 'node:readline';
import { UsageError } from '../rehearsal/usage';
import type { Console } from './console';

/** Asks a person, on stderr; nothing where the input ends without an answer. */
async function ask(text: string, { stdin, stderr }: Console): Promise<string> {
  stderr.write(text);
  // Without an output of its own it leaves Ctrl-C to the command.
  const lines = createInterface({ input: stdin });
  const answer = await new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(undefined));
  });
  lines.close();
  if (answer === undefined) {
    // Nobody has ended the line of the question.
    stderr.write('\n');
  }
  return answer?.trim() ?? '';
}

/** Whether somebody at the keyboard says yes. */
export async function isAgreed(text: string, console: Console): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${text} (y/N) `, console));
}

/** The code of a multi-factor authentication device, which a profile with `mfa_serial` needs. */
export async function askForMfaCode(serial: string, console: Console): Promise<string> {
  if (!console.stdin.isTTY) {
    throw new UsageError(`The profile needs a code of ${serial}, and there is no terminal to ask for it.`);
  }
  return ask(`MFA code for ${serial}: `, console);
}
