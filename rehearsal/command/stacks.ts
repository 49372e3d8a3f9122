import {
  type CloudAssembly,
  type CloudFormationStackArtifact,
  UNKNOWN_ACCOUNT,
  UNKNOWN_REGION,
} from 'aws-cdk-lib/cx-api';
import { type Account, assetParameters } from '../../local';
import { UsageError } from '../usage';

/** A stack that is to be rehearsed, with the values of its template's parameters. */
export interface StackToRehearse {
  readonly artifact: CloudFormationStackArtifact;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The chosen stacks and those that they depend on, in the order of deployment. */
export function chosenStacks(
  assembly: CloudAssembly,
  patterns: readonly string[],
): readonly CloudFormationStackArtifact[] {
  const all = assembly.stacksRecursively;
  if (all.length === 0) {
    throw new UsageError('The app has no stacks.');
  }
  const named = patterns.map((pattern) => {
    const rule = new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`);
    const found = all.filter(({ stackName, hierarchicalId }) => rule.test(stackName) || rule.test(hierarchicalId));
    if (found.length === 0) {
      const names = all.map((each) => each.displayName).join(', ');
      throw new UsageError(`The app has no stack "${pattern}", only ${names}.`);
    }
    return found;
  });
  const ordered = new Set<CloudFormationStackArtifact>();
  const visit = (stack: CloudFormationStackArtifact): void => {
    all.filter((other) => stack.dependencies.includes(other) && !ordered.has(other)).forEach(visit);
    ordered.add(stack);
  };
  (patterns.length > 0 ? named.flat() : all).forEach(visit);
  return [...ordered];
}

/** Gives each stack its parameters; an error names those that have no value, and those that nobody has. */
export function withParameters(
  stacks: readonly CloudFormationStackArtifact[],
  given: Readonly<Record<string, string>>,
): readonly StackToRehearse[] {
  const used = new Set<string>();
  const missing: string[] = [];
  const rehearsed = stacks.map((artifact) => {
    const { Parameters: declared = {} } = artifact.template as { Parameters?: Record<string, { Default?: unknown }> };
    const parameters: Record<string, string> = assetParameters(artifact);
    for (const [name, { Default }] of Object.entries(declared)) {
      const keys = [`${artifact.hierarchicalId}:${name}`, `${artifact.stackName}:${name}`, name];
      const [key] = keys.filter((each) => Object.hasOwn(given, each)).map((each) => (used.add(each), each));
      const value = key === undefined ? artifact.parameters[name] : given[key];
      if (value !== undefined) {
        parameters[name] = value;
      } else if (Default === undefined && parameters[name] === undefined) {
        missing.push(`${artifact.hierarchicalId}:${name}`);
      }
    }
    return { artifact, parameters };
  });
  const unused = Object.keys(given).filter((key) => !used.has(key));
  if (unused.length > 0) {
    throw new UsageError(`--parameter: no template has ${unused.join(', ')}.`);
  }
  if (missing.length > 0) {
    const example = missing.map((name) => `--parameter ${name}=VALUE`).join(' ');
    throw new UsageError(`These template parameters have no default: give them with ${example}`);
  }
  return rehearsed;
}

/** Where a stack is deployed. */
function homeOf({ environment: { account, region } }: CloudFormationStackArtifact, defaultHome: Account): Account {
  return {
    accountId: account === UNKNOWN_ACCOUNT ? defaultHome.accountId : account,
    region: region === UNKNOWN_REGION ? defaultHome.region : region,
  };
}

/** Whether a stack leaves open in which account, or in which region, it is deployed. */
export function isAgnostic({ environment: { account, region } }: CloudFormationStackArtifact): boolean {
  return account === UNKNOWN_ACCOUNT || region === UNKNOWN_REGION;
}

/** Whether `cdk deploy` skips it: CloudFormation takes no template without resources. */
export function isEmpty({ template }: CloudFormationStackArtifact): boolean {
  return Object.keys((template as { Resources?: object }).Resources ?? {}).length === 0;
}

/**
 * The stacks by account and region, each of which has slots, jobs and exports of its own.
 *
 * @throws UsageError for two of one name in one account and region: the second would replace the first
 */
export function byAccount(
  stacks: readonly StackToRehearse[],
  defaultHome: Account,
): readonly (readonly [Account, StackToRehearse[]])[] {
  const groups = new Map<string, [Account, StackToRehearse[]]>();
  for (const stack of stacks) {
    const where = homeOf(stack.artifact, defaultHome);
    const key = `${where.accountId}/${where.region}`;
    const group = groups.get(key) ?? [where, []];
    const { stackName, hierarchicalId } = stack.artifact;
    const namesake = group[1].find(({ artifact }) => artifact.stackName === stackName);
    if (namesake) {
      const paths = `${namesake.artifact.hierarchicalId} and ${hierarchicalId}`;
      throw new UsageError(
        `${paths} have the same stack name, ${stackName}, in ${key}: one would replace the other. ` +
          `Rehearse them one at a time, such as: cdk-iot-job-deletion rehearse ${hierarchicalId}`,
      );
    }
    group[1].push(stack);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
