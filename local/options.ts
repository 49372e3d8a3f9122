import { parseArgs } from 'node:util';
import { exampleAccount } from './account';

/** What `--help` shows. */
export const usage = `Usage: npm run local -- [options]

Serves AWS IoT Jobs on this machine for the AWS CLI, with the services that the stacks of this library need. Everything is
in memory.

  --port <number>            Port on 127.0.0.1 (4600); 0 takes any that is free.
  --regions <list>           Regions that it answers for, the home region first (${exampleAccount.region}).
  --app <folder>             Deploys the stacks of a cloud assembly, such as cdk.out.
  --deletion-time <seconds>  How long the deletion of a job takes (2, and 0.01 for each execution).
  --help                     Shows this.
`;

/** A mistake on the command line, as opposed to one of ours. */
export class UsageError extends Error {}

/** How the embedded AWS is to be served. */
export interface Options {
  readonly port: number;
  readonly regions: readonly [string, ...string[]];
  /** The folder of a cloud assembly. */
  readonly app?: string;
  readonly deletionTime?: (executions: number) => number;
}

/** Reads the command line. @throws UsageError that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | 'help' {
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
