import { parseArgs } from 'node:util';
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

Exit status: 0 if every job was deleted, but those that are denied; 1 if not; 2 for wrong options.
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

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      memory: { type: 'boolean', default: false },
      most: { type: 'string', default: 'Infinity' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const isChosen = ({ matches, name, strangers }: LargeAccount): boolean =>
    name.includes(values.only) && strangers + matches <= Number(values.most);
  const tables = [];
  let isGood = true;
  for (const accounts of [largeAccounts, growth]) {
    const measured: Measured[] = [];
    for (const account of accounts.filter(isChosen)) {
      process.stderr.write(`${account.name}: ${account.matches} of ${account.strangers + account.matches} jobs\n`);
      measured.push(await measure(account, values.memory));
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
    process.stderr.write(`${String(error.stack)}\n\n${USAGE}`);
    process.exitCode = 2;
  },
);
