import { parseArgs } from 'node:util';
import { exampleAccount } from './account';
import { systemClock } from './clock';
import { Endpoint } from './endpoint';
import { Iam } from './iam/iam';
import { Iot } from './iot/iot';
import type { Call } from './iot/journal';

const usage = `Usage: npm run local -- [options]

Serves AWS IoT Jobs on this machine, for the AWS CLI and for hands. Everything is in memory.

  --port <number>            Port on 127.0.0.1 (4600); 0 takes any that is free.
  --deletion-time <seconds>  How long the deletion of a job takes (2, and 0.01 for each execution).
  --help                     Shows this.
`;

/** A mistake on the command line, as opposed to one of ours. */
class UsageError extends Error {}

interface Options {
  readonly port: number;
  readonly deletionTime?: (executions: number) => number;
}

function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parse(args);
  if (values.help) {
    return 'help';
  }
  const port = values.port ?? '4600';
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port is a number from 0 to 65535, not '${port}'.`);
  }
  const seconds = values['deletion-time'];
  if (seconds === undefined) {
    return { port: Number(port) };
  }
  if (!/^\d+(\.\d+)?$/.test(seconds)) {
    throw new UsageError(`--deletion-time is a number of seconds such as 2 or 0.5, not '${seconds}'.`);
  }
  return { port: Number(port), deletionTime: () => Number(seconds) * 1000 };
}

function parse(args: readonly string[]): { values: { port?: string; 'deletion-time'?: string; help?: boolean } } {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, 'deletion-time': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function greeting(url: string): string {
  const { accountId, region } = exampleAccount;
  const aws = `aws --endpoint-url ${url} iot`;
  return `AWS IoT Jobs of account ${accountId} in ${region} is at ${url}. Ctrl-C ends it.

  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region}
  ${aws} create-thing --thing-name example-thing
  ${aws} create-job --job-id example-job-04 --document '{}' \\
      --targets arn:aws:iot:${region}:${accountId}:thing/example-thing
  ${aws} delete-job --job-id example-job-04 --force
  ${aws} describe-job --job-id example-job-04

`;
}

function logLine({ time, operation, jobId, outcome }: Call): string {
  return `${[new Date(time).toISOString(), operation, jobId, outcome].filter((part) => part !== undefined).join(' ')}\n`;
}

async function serve({ port, deletionTime }: Options): Promise<void> {
  const iot = new Iot({
    account: exampleAccount,
    clock: systemClock,
    iam: new Iam(exampleAccount.accountId),
    deletionTime,
    onCall: (call) => process.stdout.write(logLine(call)),
  });
  const endpoint = new Endpoint([iot]);
  await endpoint.listen(port);
  // Nothing else keeps the process alive, so that it ends with exit status 0 once the endpoint is closed.
  const end = (): void => void endpoint.close();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  process.stdout.write(greeting(endpoint.url));
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(usage);
  } else {
    await serve(options);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) {
    process.stderr.write(`\n${usage}`);
  }
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
