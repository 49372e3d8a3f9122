import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type Account, type LocalAws, type LocalAwsOptions, nestedTemplates, synthesizedStack } from '../../local';
import { onLocalAws } from '../local-session';
import type { Terminal } from '../terminal';
import type { Options } from './options';
import { REGIONS } from './places';
import type { StackToRehearse } from './stacks';
import { StartFailures } from './start-failures';

/** The surroundings of a rehearsal in one account and region. */
export interface Stage {
  readonly assembly: CloudAssembly;
  readonly home: Account;
  /** Whether other accounts or regions are rehearsed, too. */
  readonly isOneOfMany: boolean;
  readonly stacks: readonly StackToRehearse[];
  readonly options: Options;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly time: Time;
}

/** Whether the embedded AWS waits, or skips the time in which nothing happens. */
export type Time = Pick<LocalAwsOptions, 'virtualTime'>;

/** An embedded AWS for the stacks of an account and region, on which a function that does not start ends everything. */
export async function onStage<T>(
  { assembly, home, options, signal, time }: Stage,
  run: (aws: LocalAws, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const failures = new StartFailures();
  const rules = {
    account: home,
    regions: REGIONS,
    deletionTime: () => options.deletionSeconds * 1000,
    // Devices that are at a job when it is cancelled finish it, a little later.
    executionTime: 2_000,
    nestedTemplate: nestedTemplates(assembly),
    log: failures.log,
    ...time,
  };
  return onLocalAws(rules, (aws) => {
    failures.watch(aws);
    return run(aws, AbortSignal.any([signal, failures.signal]));
  });
}

/** Creates a stack as the app synthesized it. */
export async function deploy(
  { assembly }: Stage,
  aws: LocalAws,
  { artifact, parameters }: StackToRehearse,
): ReturnType<LocalAws['cloudFormation']['createStack']> {
  return aws.cloudFormation.createStack({ ...synthesizedStack(assembly, artifact), parameters });
}

/** As messages call a stack: by its name, unless another one of the app has the same. */
export function labelOf({ assembly }: Pick<Stage, 'assembly'>, { artifact }: StackToRehearse): string {
  const namesakes = assembly.stacksRecursively.filter(({ stackName }) => stackName === artifact.stackName);
  return namesakes.length > 1 ? artifact.displayName : artifact.stackName;
}
