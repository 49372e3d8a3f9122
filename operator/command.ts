import { logTo } from '../lambda/words/log';
import { Interrupted, interruptibly, unlessAborted } from '../rehearsal/interruption';
import type { Information } from '../rehearsal/usage';
import { version } from '../rehearsal/version';
import type { AccountOptions } from './account';
import type { Console } from './console';
import { operatorDocument, type OperatorResult, type OperatorVerdict } from './document';
import { sentence } from './sentence';

/** A command that deletes jobs. */
export interface OperatorCommand<Options extends AccountOptions & { readonly json: boolean }> {
  readonly name: string;
  readonly usage: string;
  readonly parse: (args: string[]) => Options | Information | { readonly print: string };
  readonly run: (options: Options, session: Session) => Promise<OperatorResult>;
}

/** What a running command works with. */
export interface Session {
  readonly console: Console;
  readonly signal: AbortSignal;
  /** Tells what to say where the command is interrupted. */
  readonly onInterrupt: (result: () => OperatorResult) => void;
}

/** Runs a command to its exit status. With `--json` it prints one document, whatever happens. */
export async function runOperatorCommand<Options extends AccountOptions & { readonly json: boolean }>(
  { name, usage, parse, run }: OperatorCommand<Options>,
  args: string[],
  console: Console,
  interruptible: typeof interruptibly = interruptibly,
): Promise<number> {
  const json = args.includes('--json');
  const end = (result: OperatorResult, exitCode: number): number => {
    if (json) {
      console.stdout.write(operatorDocument(name, result));
    }
    if (result.reason !== '') {
      console.stderr.write(result.verdict === 'OK' ? `${result.reason}\n` : `${result.verdict}: ${result.reason}\n`);
    }
    return exitCode;
  };
  let options: AccountOptions = {};
  let interrupted = (): OperatorResult => ({ verdict: 'INTERRUPTED', reason: 'Nothing was deleted.' });
  try {
    const parsed = parse(args);
    if (parsed === 'help' || parsed === 'version') {
      console.stdout.write(parsed === 'help' ? usage : `${version()}\n`);
      return 0;
    }
    if ('print' in parsed) {
      console.stdout.write(parsed.print);
      return 0;
    }
    options = parsed;
    // The handler's log is for Lambda.
    logTo(() => undefined);
    const result = await interruptible((signal) => {
      const session: Session = { console, signal, onInterrupt: (told) => (interrupted = told) };
      return unlessAborted(run(parsed, session), signal);
    });
    return end(result, exitCodeOf(result.verdict));
  } catch (error) {
    if (error instanceof Interrupted) {
      return end(interrupted(), error.exitCode);
    }
    const reason = sentence(error, options) ?? (error as Error).stack ?? String(error);
    return end({ verdict: 'ERROR', reason }, 2);
  }
}

function exitCodeOf(verdict: OperatorVerdict): number {
  switch (verdict) {
    case 'OK':
      return 0;
    case 'FAIL':
      return 1;
    case 'ERROR':
      return 2;
    case 'INTERRUPTED':
      return 130;
    default:
      return verdict satisfies never;
  }
}
