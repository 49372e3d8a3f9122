import { parseArgs } from 'node:util';
import { UsageError } from '../options';
import { markdownTable } from '../table';
import { growth, type LargeAccount, largeAccounts } from './cases';
import { type Measured, measure } from './measure';

const USAGE = `Usage: npm run bench:large -- [options]

Deletes a stack whose JobSweep selects few of many jobs, on the embedded AWS, in virtual time: first
the accounts that were once too large, then how calls grow with strangers' jobs and with those that
match. It takes about ten minutes, most of them for 300,000 jobs.

  --only TEXT  only what is selected by this: names, prefix, tags, thing group
  --most N     only accounts of at most so many jobs
  --memory     in real time, with the handler in a process of its own, for the most memory that it has
  --help       this text

Exit status: 0 if every job was deleted, but those that are denied; 1 if not, or if it broke; 2 for wrong options.
`;

const COLUMNS = [
  'selected by',
  'strangers',
  'matches',
  'calls to find',
  'ListJobs',
  'DescribeJob',
  'ListTags',
  'DeleteJob',
  'invocations',
  'Lambda',
  'wall time',
  '× bound',
  'left',
  'memory',
];

interface Options {
  readonly isChosen: (account: LargeAccount) => boolean;
  readonly memory: boolean;
}

/** Reads the command line; nothing for `--help`. */
function parseOptions(args: string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', default: '' },
        memory: { type: 'boolean', default: false },
        most: { type: 'string', default: 'Infinity' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const isChosen = ({ matches, name, strangers }: LargeAccount): boolean =>
      name.includes(values.only) && strangers + matches <= Number(values.most);
    if (![...largeAccounts, ...growth].some(isChosen)) {
      throw new Error(`No account is chosen by --only "${values.only}" and --most ${values.most}.`);
    }
    return values.help ? undefined : { isChosen, memory: values.memory };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { isChosen, memory } = options;
  const tables = [];
  let isGood = true;
  for (const accounts of [largeAccounts, growth]) {
    const measured: Measured[] = [];
    for (const account of accounts.filter(isChosen)) {
      process.stderr.write(`${account.name}: ${account.matches} of ${account.strangers + account.matches} jobs\n`);
      measured.push(await measure(account, memory));
    }
    isGood &&= measured.every(({ account, left }) => left === (account.denied === undefined ? 0 : 1));
    tables.push(markdownTable(COLUMNS, measured.map(cells)));
  }
  process.stdout.write(`${tables.join('\n\n')}\n`);
  return isGood ? 0 : 1;
}

function cells(measured: Measured): string[] {
  const { account, calls, callsToFind, invocations, lambdaSeconds, left, megabytes, ratio, wallSeconds } = measured;
  const { denied, matches, name, strangers } = account;
  const counts = ['ListJobs', 'DescribeJob', 'ListTagsForResource', 'DeleteJob'].map(
    (operation) => calls[operation] ?? 0,
  );
  return [
    denied === undefined ? name : `${name}, one denied`,
    ...[strangers, matches, callsToFind, ...counts, invocations].map(String),
    `${lambdaSeconds.toFixed(1)} s`,
    `${wallSeconds.toFixed(1)} s`,
    ratio.toFixed(2),
    String(left),
    megabytes === undefined ? '' : `${Math.round(megabytes)} MB`,
  ];
}

main().then(
  (status) => (process.exitCode = status),
  (error: Error) => {
    const wrong = error instanceof UsageError;
    process.stderr.write(`${wrong ? `${error.message}\n\n${USAGE}` : String(error.stack)}\n`);
    process.exitCode = wrong ? 2 : 1;
  },
);
