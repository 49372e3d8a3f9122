import { parseArgs } from 'node:util';

/** What is to be measured. */
export interface Options {
  readonly jobs: readonly number[];
  readonly deletionSeconds: readonly number[];
  readonly runs: number;
  /** The contenders that take part, by their names. */
  readonly only: readonly string[];
  /** Whether everything is measured: only then the results are kept. */
  readonly isWhole: boolean;
}

/** A wrong option: told with the usage, and exit status 2. */
export class UsageError extends Error {}

const DEFAULTS = { jobs: '1,10,50,100,250', 'deletion-time': '2,10', runs: '3' };

/** What `--help` prints. */
export function usage(contenders: readonly string[]): string {
  return `Usage: npm run bench -- [options]

Deletes N jobs on the embedded AWS in several ways, one after the other, and measures them
against the best that AWS IoT allows: 10 deletions at a time, ceil(N/10) × D. Also one job
that takes 5 seconds to delete, the handlers' load time, and what synth costs.

  --jobs N,…                how many jobs (${DEFAULTS.jobs})
  --deletion-time SECONDS,… how long AWS IoT takes to delete one: D (${DEFAULTS['deletion-time']})
  --runs N                  how often each is measured; the table shows medians (${DEFAULTS.runs})
  --only TEXT               only the contenders whose name contains this; may be repeated:
${contenders.map((name) => `                            ${name}\n`).join('')}  --help                    this text

Without options it also rewrites bench/results.json, bench/wall-time.svg and the figures of docs/choosing.md
and docs/measured.md.
Exit status: 0 if everything was measured, 2 for wrong options.
`;
}

/** Reads the command line; nothing for `--help`. */
export function parseOptions(args: string[], contenders: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        jobs: { type: 'string', default: DEFAULTS.jobs },
        'deletion-time': { type: 'string', default: DEFAULTS['deletion-time'] },
        runs: { type: 'string', default: DEFAULTS.runs },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      return undefined;
    }
    return {
      jobs: numbers('--jobs', values.jobs, 1000, Number.isInteger),
      deletionSeconds: numbers('--deletion-time', values['deletion-time'], 600, Number.isFinite),
      runs: number('--runs', values.runs, 100, Number.isInteger),
      isWhole: args.length === 0,
      only: chosen(values.only ?? [''], contenders),
    };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function chosen(texts: readonly string[], contenders: readonly string[]): string[] {
  const unknown = texts.find((text) => !contenders.some((name) => name.includes(text)));
  if (unknown !== undefined) {
    throw new Error(`--only: no contender's name contains "${unknown}": ${contenders.join('; ')}.`);
  }
  return contenders.filter((name) => texts.some((text) => name.includes(text)));
}

function numbers(option: string, list: string, most: number, is: (value: number) => boolean): number[] {
  return list.split(',').map((text) => number(option, text, most, is));
}

function number(option: string, text: string, most: number, is: (value: number) => boolean): number {
  const value = Number(text);
  if (!is(value) || value <= 0 || value > most) {
    throw new Error(`${option} takes numbers above 0 and up to ${most}, not "${text}".`);
  }
  return value;
}
