import { logTo } from '../lambda/words/log';
import { Interrupted, interruptibly, unlessAborted } from '../rehearsal/interruption';
import { asksForJson, type Information } from '../rehearsal/usage';
import { version } from '../rehearsal/version';
import { type Account, type AccountOptions, openAccount } from './account';
import type { Console } from './console';
import { operatorDocument, type OperatorResult, type OperatorVerdict } from './document';
import { Progress } from './progress';
import { sentence, unusable } from './sentence';

/** What the options of every command have. */
export interface OperatorOptions extends AccountOptions {
  readonly json: boolean;
}

/** A command that works on deployed stacks or real jobs. */
export interface OperatorCommand<Options extends OperatorOptions> {
  readonly name: string;
  readonly usage: string;
  readonly parse: (args: string[]) => Options | Information | { readonly print: string };
  readonly run: (options: Options, session: Session) => Promise<OperatorResult>;
}

/** What a running command works with. */
export interface Session {
  readonly account: Account;
  readonly console: Console;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Tells what to say where the command is interrupted. */
  readonly onInterrupt: (result: () => OperatorResult) => void;
}

/** Runs a command to its exit status. With `--json` it prints one document, whatever happens. */
export async function runOperatorCommand<Options extends OperatorOptions>(
  { name, usage, parse, run }: OperatorCommand<Options>,
  args: string[],
  console: Console,
  interruptible: typeof interruptibly = interruptibly,
): Promise<number> {
  const json = asksForJson(args);
  const progress = new Progress(console);
  let account: Account | undefined;
  const end = (result: OperatorResult, exitCode: number, hint = ''): number => {
    const { reason, text, verdict } = result;
    progress.end();
    if (json) {
      console.stdout.write(operatorDocument(name, result, account));
    }
    if (!json && text !== undefined) {
      console.stdout.write(text);
    } else if (reason !== '') {
      console.stderr.write(`${verdict === 'OK' ? '' : `${verdict}: `}${reason}\n${hint}`);
    }
    return exitCode;
  };
  let options: Options | undefined;
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
    const work = async (signal: AbortSignal): Promise<OperatorResult> => {
      account = await openAccount(parsed, console);
      const { arn, home } = account;
      progress.line(`Account ${home.account}, region ${home.region}, as ${arn}`);
      return run(parsed, { account, console, progress, signal, onInterrupt: (told) => (interrupted = told) });
    };
    const result = await interruptible((signal) => unlessAborted(work(signal), signal));
    return end(result, exitCodeOf(result.verdict));
  } catch (error) {
    if (error instanceof Interrupted) {
      // The terminal has shown ^C, behind a question perhaps.
      console.stderr.write(console.stderr.isTTY ? '\n' : '');
      return end(interrupted(), error.exitCode);
    }
    const isOpening = options !== undefined && account === undefined;
    const reason =
      sentence(error, options ?? {}) ?? (isOpening ? unusable(error) : ((error as Error).stack ?? String(error)));
    return end({ verdict: 'ERROR', reason }, 2, options ? '' : '--help shows the options.\n');
  } finally {
    account?.close();
  }
}

function exitCodeOf(verdict: OperatorVerdict): number {
  switch (verdict) {
    case 'OK':
      return 0;
    case 'FAIL':
      return 1;
    case 'UNKNOWN':
    case 'ERROR':
      return 2;
    case 'INTERRUPTED':
      return 130;
    default:
      return verdict satisfies never;
  }
}
