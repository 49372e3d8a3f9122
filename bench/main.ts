import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { wallTimeChart } from './chart';
import { type Contender, removeAssemblies, type StackContender } from './contender';
import { contenders } from './contenders/all';
import { jobSweep } from './contenders/job-sweep';
import { awsCliVersion } from './contenders/shell-loop';
import { handlerCosts, synthCosts } from './cost';
import { GOALS } from './goals';
import { goalAccounts } from './large-accounts/cases';
import { measure } from './large-accounts/measure';
import { DOCUMENTS, withFigures } from './measured';
import { type Options, parseOptions, usage, UsageError } from './options';
import { expectedSeconds, plan } from './plan';
import { Progress } from './progress';
import type { LargeResult, Results } from './results';
import { run, type Run } from './run';
import { type Result, summarise } from './summary';
import { billTable, deletionTable, goalTable, handlerTable, synthTable } from './table';

const NAMES = contenders.map(({ name }) => name);

async function bench(options: Options): Promise<void> {
  const chosen = contenders.filter(({ name }) => options.only.includes(name));
  const cases = plan(chosen, options.jobs, options.deletionSeconds, options.runs);
  const progress = new Progress(cases.flatMap((each) => Array<number>(each.runs).fill(expectedSeconds(each))));

  const results: Result[] = [];
  for (const { contender, obstacle, runs: count, ...load } of cases) {
    const runs: Run[] = [];
    while (runs.length < count) {
      const name = `${contender.name}, N = ${load.jobs}, D = ${load.deletionSeconds} s, ${runs.length + 1} of ${count}`;
      runs.push(await progress.next(name, (onStart) => run(contender, load, onStart)));
    }
    results.push({ contender: contender.name, ...load, obstacle, runs });
  }
  const large: LargeResult[] = [];
  for (const account of chosen.includes(jobSweep) ? goalAccounts : []) {
    const { name, strangers, matches } = account;
    process.stderr.write(`a sweep by ${name}, ${matches} of ${strangers + matches} jobs\n`);
    const { callsToFind, left } = await measure(account);
    large.push({ name, strangers, matches, callsToFind, left });
  }
  process.stderr.write('load time and synth\n');
  const handlers = handlerCosts(40);
  const synth = synthCosts(
    chosen.filter(isStack).filter(({ onlyLoad }) => !onlyLoad),
    [1, 100, 400],
    5,
  );

  const machine = machineLine();
  const summaries = results.map(summarise).filter((summary) => summary !== undefined);
  const document: Results = {
    machine,
    date: new Date().toISOString(),
    versions: versions(),
    handlers,
    synth,
    summaries,
    results,
    large,
  };
  if (options.isWhole) {
    writeFileSync(join(__dirname, 'results.json'), `${JSON.stringify(document, undefined, 2)}\n`);
    for (const path of DOCUMENTS.map((name) => join(__dirname, '..', name))) {
      writeFileSync(path, withFigures(readFileSync(path, 'utf8'), document));
    }
    const shared = new Set(chosen.filter(({ onlyLoad }) => !onlyLoad).map(({ name }) => name));
    const chart = wallTimeChart(summaries.filter(({ contender }) => shared.has(contender)));
    if (chart !== undefined) {
      writeFileSync(join(__dirname, 'wall-time.svg'), chart);
    }
  } else {
    process.stderr.write('Only a part was measured: bench/results.json is left as it is.\n');
  }
  process.stdout.write(
    [
      machine,
      goalTable(GOALS, document),
      deletionTable(results),
      billTable(results),
      handlerTable(handlers),
      synthTable(synth),
      '',
    ].join('\n\n'),
  );
}

function isStack(contender: Contender): contender is StackContender {
  return 'synthesize' in contender;
}

function machineLine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}, Node ${process.versions.node}`;
}

function versions(): Record<string, string | undefined> {
  const versionOf = (packageJson: string): string =>
    (JSON.parse(readFileSync(packageJson, 'utf8')) as { version: string }).version;
  return {
    'cdk-iot-job-deletion': versionOf(join(__dirname, '..', 'package.json')),
    'aws-cdk-lib': versionOf(require.resolve('aws-cdk-lib/package.json')),
    '@aws-sdk/client-iot': versionOf(require.resolve('@aws-sdk/client-iot/package.json')),
    aws: awsCliVersion(),
  };
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), NAMES);
  if (options) {
    await bench(options);
  } else {
    process.stdout.write(usage(NAMES));
  }
}

process.once('exit', removeAssemblies);
// An interrupted bench leaves no process behind: functions end with this one.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

main().catch((error: unknown) => {
  const wrong = error instanceof UsageError;
  process.stderr.write(`${wrong ? `${error.message}\n\n${usage(NAMES)}` : String((error as Error).stack)}\n`);
  process.exitCode = wrong ? 2 : 1;
});
