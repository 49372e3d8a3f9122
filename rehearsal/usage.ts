import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { jsonDocument } from './document';
import { Interrupted, interruptibly } from './interruption';
import { emptyResult } from './result';
import { exitCodeOf, type Verdict } from './verdict';
import { version } from './version';

/** A mistake of the person at the keyboard: told without a stack trace. */
export class UsageError extends Error {}

/** Runs a parser: what it throws is a mistake of the person at the keyboard. */
export function parsing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(oneLine(withoutPiece((error as Error).message)), { cause: error });
  }
}

/** A parser's message without the piece of the file that it shows below. */
function withoutPiece(message: string): string {
  return message.split('\n\n')[0]!.replace(/:?\s*$/, '');
}

/** A message in one line, whatever lines it has. */
export function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}

/** Whether a document is asked for, even by a command line that can't be parsed, such as `--json=true`. */
export function asksForJson(args: readonly string[]): boolean {
  return args.some((argument) => /^--json(=|$)/.test(argument));
}

/** What a command line asks for instead of the command itself. */
export type Information = 'help' | 'version';

/** A command of this package. */
export interface Command<Options> {
  /** As the JSON document names it. */
  readonly name: string;
  /** What `--help` prints. */
  readonly usage: string;
  readonly parse: (args: string[]) => Options | Information;
  readonly run: (options: Options, signal: AbortSignal) => Promise<Verdict>;
}

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

/** @throws UsageError for an endpoint that is no URL */
export function requireUrl(name: string, text: string | undefined, example = 'http://localhost:4600'): void {
  if (text !== undefined && !(/^https?:/.test(text) && URL.canParse(text))) {
    throw new UsageError(`${name} takes a URL such as ${example}, not "${text}".`);
  }
}

/** A file that can be written in the end, or an error now. */
export function fileOption(option: string, file: string | undefined): string | undefined {
  if (file === undefined) {
    return file;
  }
  if (!isFolder(dirname(file))) {
    throw new Error(`${option} ${file}: there is no folder ${dirname(file)}.`);
  }
  if (file === '' || isFolder(file)) {
    throw new Error(`${option} takes a file, not the folder "${file}".`);
  }
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new Error(`${option} ${file} can't be written: ${(error as Error).message}`, { cause: error });
  }
  return file;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Runs a command to its exit status. Whatever happens, `--json` prints one document: also for a wrong option, for a
 * crash, and for Ctrl-C.
 */
export async function runCommand<Options>(
  { name, usage, parse, run }: Command<Options>,
  args: string[] = process.argv.slice(2),
): Promise<void> {
  let isUnderstood = false;
  const json = asksForJson(args);
  const end = (verdict: Verdict, reason: string, exitCode: number): void => {
    if (json) {
      process.stdout.write(jsonDocument(name, emptyResult(verdict, reason)));
    }
    process.exitCode = exitCode;
  };
  try {
    const options = parse(args);
    isUnderstood = true;
    if (options === 'help' || options === 'version') {
      process.stdout.write(options === 'help' ? usage : `${version()}\n`);
      return;
    }
    process.exitCode = exitCodeOf(await interruptibly((signal) => run(options, signal)));
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write(`\nINTERRUPTED: ${error.message}\n`);
      end('INTERRUPTED', error.message, error.exitCode);
      // What was interrupted may still hold connections.
      process.stdout.write('', () => process.exit());
      return;
    }
    const isMistake = error instanceof UsageError;
    const hint = isUnderstood ? '' : '--help shows the options.\n';
    const { message, stack = message } = error as Error;
    process.stderr.write(isMistake ? `ERROR: ${message}\n${hint}` : `ERROR: ${stack}\n`);
    end('ERROR', message, exitCodeOf('ERROR'));
  }
}
