import { LocalAws } from '../local/aws';
import { simulatedIam } from './authoriser';
import { type Options, parseOptions, USAGE, UsageError } from './options';
import { table } from './result';
import { tellStory } from './story';
import { Terminal } from './terminal';

async function rehearse(options: Options): Promise<boolean> {
  const terminal = new Terminal(options.json ? process.stderr : process.stdout);
  const aws = await LocalAws.start({
    authoriser: simulatedIam,
    deletionTime: () => options.deletionSeconds * 1000,
    onEvent: (event) => terminal.event(event),
  });
  const interrupt = (signal: NodeJS.Signals): void => {
    void aws.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const result = await tellStory(aws, options, terminal);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    }
    terminal.line(`\n${table(result.jobs)}`);
    terminal.verdict(result.good, result.verdict);
    return result.good;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await aws.close();
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  process.exitCode = (await rehearse(options)) ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof UsageError ? `${error.message}\n\n${USAGE}` : String((error as Error).stack)}\n`,
  );
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
