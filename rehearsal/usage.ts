import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** A mistake of the person at the keyboard: told without a stack trace, and exit status 2. */
export class UsageError extends Error {}

/** A number that an option takes, or an error that says which. */
export function numberOption(
  option: string,
  text: string,
  least: number,
  most: number,
  is: (value: number) => boolean = Number.isFinite,
): number {
  const value = Number(text);
  if (text.trim() === '' || !is(value) || value < least || value > most) {
    throw new Error(`${option} takes a number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

/** A file that can be written in the end, or an error now. */
export function fileOption(option: string, file: string | undefined): string | undefined {
  if (file !== undefined && !existsSync(dirname(file))) {
    throw new Error(`${option} ${file}: there is no folder ${dirname(file)}.`);
  }
  return file;
}

/**
 * Runs a command to its exit status: 0 if all is well, 1 if not, 2 for a mistake of the person at the keyboard.
 *
 * Without options, `run` prints the usage.
 */
export function runCommand<Options>(
  usage: string,
  parse: () => Options | undefined,
  run: (options: Options) => Promise<boolean>,
): void {
  let isUnderstood = false;
  const main = async (): Promise<void> => {
    const options = parse();
    isUnderstood = true;
    if (!options) {
      process.stdout.write(usage);
      return;
    }
    process.exitCode = (await run(options)) ? 0 : 1;
  };
  main().catch((error: unknown) => {
    const mistake = error instanceof UsageError;
    const hint = isUnderstood ? '' : '--help shows the options.\n';
    process.stderr.write(mistake ? `${error.message}\n${hint}` : `${(error as Error).stack}\n`);
    process.exitCode = mistake ? 2 : 1;
  });
}
