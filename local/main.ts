import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { exampleAccount } from './account';
import { cloudAssemblyIn, nestedTemplates, synthesizedStack } from './assembly';
import { LocalAws } from './aws';
import type { Call } from './iot/journal';
import { type Options, readOptions, usage, UsageError } from './options';

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
  const assembly = app === undefined ? undefined : cloudAssemblyIn(app);
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
