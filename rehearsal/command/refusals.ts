import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { UsageError } from '../usage';

/** What a validation plugin says in `validation-report.json`, as far as it matters here. */
interface PluginReport {
  readonly pluginName: string;
  readonly conclusion?: string;
  readonly violations?: readonly {
    readonly ruleName?: string;
    readonly description?: string;
    readonly severity?: string;
    readonly violatingConstructs?: readonly { readonly constructPath?: string }[];
  }[];
}

/**
 * Stops where `cdk synth` and `cdk deploy` stop: at error annotations, and at what a validation plugin refuses.
 *
 * @throws UsageError with all of the errors
 */
export function requireDeployable(assembly: CloudAssembly, stacks: readonly CloudFormationStackArtifact[]): void {
  const annotations = stacks
    .flatMap(({ messages }) => messages)
    .filter(({ level }) => String(level) === 'error')
    .map(({ id, entry }) => `${id}: ${String(entry.data as string)}`);
  const errors = [...new Set([...annotations, ...violations(assembly, stacks)])];
  if (errors.length > 0) {
    const stopsAt = errors.length === 1 ? 'this error' : 'these errors';
    throw new UsageError(
      [`cdk synth and cdk deploy stop at ${stopsAt}:`, ...errors, ...missingContext(assembly)].join('\n'),
    );
  }
}

/** A value that CDK made up may be what is wrong: the CDK CLI would look it up and run the app again. */
function missingContext({ manifest: { missing = [] } }: CloudAssembly): readonly string[] {
  const keys = missing.map(({ key }) => key).join(', ');
  return keys === ''
    ? []
    : [
        `CDK made up values that are missing in cdk.context.json: ${keys}. Run cdk synth once, with credentials that can look it up.`,
      ];
}

function violations(assembly: CloudAssembly, stacks: readonly CloudFormationStackArtifact[]): string[] {
  const file = join(assembly.directory, 'validation-report.json');
  if (!existsSync(file)) {
    return [];
  }
  const { pluginReports = [] } = JSON.parse(readFileSync(file, 'utf8')) as { pluginReports?: readonly PluginReport[] };
  const concerns = (path = ''): boolean =>
    stacks.some(({ hierarchicalId: id }) => path === id || path.startsWith(`${id}/`));
  return pluginReports
    .filter(({ conclusion }) => conclusion === 'failure')
    .flatMap(({ pluginName, violations: found = [] }) =>
      found.flatMap(({ ruleName, description, severity, violatingConstructs = [] }) => {
        const paths = violatingConstructs.map(({ constructPath }) => constructPath);
        const isError = severity !== 'warning' && severity !== 'info';
        const isHere = paths.length === 0 || paths.some(concerns);
        const where = paths.find(concerns) ?? pluginName;
        return isError && isHere ? [`/${where.replace(/^\//, '')}: ${description ?? ruleName ?? pluginName}`] : [];
      }),
    );
}
