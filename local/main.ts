import { parseArgs } from 'node:util';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { exampleAccount } from './account';
import { nestedTemplates, synthesizedStack } from './assembly';
import { LocalAws } from './aws';
import type { Call } from './iot/journal';

const usage = `Usage: npm run local -- [options]

Serves AWS IoT Jobs on this machine for the AWS CLI, with the services that the stacks of this library need. Everything is
in memory.

  --port <number>            Port on 127.0.0.1 (4600); 0 takes any that is free.
  --regions <list>           Regions that it answers for, the home region first (${exampleAccount.region}).
  --app <folder>             Deploys the stacks of a cloud assembly, such as cdk.out.
  --deletion-time <seconds>  How long the deletion of a job takes (2, and 0.01 for each execution).
  --help                     Shows this.
`;

/** A mistake on the command line, as opposed to one of ours. */
class UsageError extends Error {}

interface Options {
  readonly port: number;
  readonly regions: readonly [string, ...string[]];
  /** The folder of a cloud assembly. */
  readonly app?: string;
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
  const [home = '', ...others] = (values.regions ?? exampleAccount.region).split(',');
  if (![home, ...others].every((region) => /^[a-z]{2,6}(-[a-z]+)+-\d$/.test(region))) {
    throw new UsageError(`--regions is a list such as us-east-1,eu-west-1, not '${values.regions}'.`);
  }
  const options = { port: Number(port), regions: [home, ...others] as const, app: values.app };
  const seconds = values['deletion-time'];
  if (seconds === undefined) {
    return options;
  }
  if (!/^\d+(\.\d+)?$/.test(seconds)) {
    throw new UsageError(`--deletion-time is a number of seconds such as 2 or 0.5, not '${seconds}'.`);
  }
  return { ...options, deletionTime: () => Number(seconds) * 1000 };
}

interface Values {
  port?: string;
  regions?: string;
  app?: string;
  'deletion-time'?: string;
  help?: boolean;
}

function parse(args: readonly string[]): { values: Values } {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { port: text, regions: text, app: text, 'deletion-time': text, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function greeting(url: string, region: string): string {
  const { accountId } = exampleAccount;
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
  const parts = [new Date(time).toISOString(), operation, jobId, outcome].filter((part) => part !== undefined);
  return `${printable(parts.join(' '))}\n`;
}

/** Whoever calls chooses ids and paths: no line break of theirs makes a line here, and no escape code colours one. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

async function serve({ port, regions, app, deletionTime }: Options): Promise<void> {
  const [region, ...others] = regions;
  const assembly = app === undefined ? undefined : new CloudAssembly(app);
  const aws = await LocalAws.start({
    account: { ...exampleAccount, region },
    regions: others,
    port,
    deletionTime,
    nestedTemplate: assembly && nestedTemplates(assembly),
    onCall: (call) => process.stdout.write(logLine(call)),
  });
  // Nothing else keeps the process alive, so that it ends with exit status 0 once all is closed.
  const end = (): void => void aws.close();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    await deploy(aws, assembly, region);
  } catch (error) {
    await aws.close();
    throw error;
  }
  process.stdout.write(greeting(aws.endpoint.url, region));
}

/** Deploys every stack, each in its own account and region; the home account's where the app leaves it open. */
async function deploy(aws: LocalAws, assembly: CloudAssembly | undefined, homeRegion: string): Promise<void> {
  for (const stack of assembly?.stacksRecursively ?? []) {
    const { account, region } = stack.environment;
    const { cloudFormation } = aws.environment({
      accountId: /^\d{12}$/.test(account) ? account : exampleAccount.accountId,
      region: region === 'unknown-region' ? homeRegion : region,
    });
    const { status, reason } = await cloudFormation.createStack(synthesizedStack(assembly!, stack));
    process.stdout.write(`${stack.displayName}: ${[status, reason].filter(Boolean).join(', ')}\n`);
  }
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
