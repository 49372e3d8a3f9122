import type { Stub, UncertainCondition } from '../../local';
import { isCustom, isOurs } from '../../local/cloudformation/surroundings';
import type { Terminal } from '../terminal';
import type { Deletion } from './deletions';
import { nameOf } from './jobs';
import type { Stage } from './stage';

/** What no rehearsal on the embedded AWS looks at. */
export const NOT_CHECKED: readonly string[] = [
  'updates and rollbacks',
  'IAM permissions and trust policies',
  'service quotas and throttling',
  'thousands of jobs',
  'whether stubbed resources can be deleted, such as a bucket that is not empty',
  'one account or region deleting the jobs of another of the app',
  '--retain-resources and FORCE_DELETE_STACK, which end in DELETE_COMPLETE with jobs left',
];

/** Resource types that bring stacks of their own into other accounts, or make them later. */
const BRINGS_STACKS = /^AWS::(CloudFormation::StackSet|ServiceCatalog::CloudFormationProduct)$/;

/** A custom resource of somebody else that says that it deletes or cancels a job. */
const DELETES_JOBS = /\b(delete|cancel)-?job\b/i;

/** Names the types that were stubbed. */
export function tellStubs(stubs: readonly Stub[], terminal: Terminal): void {
  const counts = new Map<string, number>();
  stubs.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  if (counts.size > 0) {
    const types = [...counts].sort().map(([type, count]) => (count > 1 ? `${type} (${count})` : type));
    terminal.line(`\nStubbed: ${types.join(', ')}`);
  }
}

/** What a person should know of the rehearsal beside its verdict. */
export function warningsOf(
  { stacks }: Pick<Stage, 'stacks'>,
  deletions: readonly Deletion[],
  stubs: readonly Stub[],
  conditions: readonly UncertainCondition[],
): readonly string[] {
  return [
    ...stubs.flatMap(({ stackName, logicalId, type, reason }) =>
      reason === undefined ? [] : [`${stackName}/${logicalId} (${type}) is stubbed: ${reason}`],
    ),
    ...conditions.map(
      ({ stackName, condition, value, from }) =>
        `${stackName}: the condition ${condition} is ${value} here, because ${from} is not known; it may be ${!value} in your account`,
    ),
    ...deletions.flatMap((deletion) =>
      deletion.stubbed.map(({ property, value, from }) =>
        value === undefined
          ? `${nameOf(deletion)}: ${property} is left out here, because ${from} is not known`
          : `${nameOf(deletion)}: ${property} is ${value} here, in place of ${from}`,
      ),
    ),
    ...shared(deletions),
    ...stacks.flatMap(({ artifact }) => around(artifact.template as Template, artifact.displayName)),
    ...stacks.flatMap(({ artifact }) => layers(artifact.template as Template, artifact.displayName)),
  ];
}

interface Template {
  readonly Resources?: Readonly<
    Record<string, { readonly Type?: string; readonly Condition?: string; readonly Properties?: unknown }>
  >;
}

/** One job id in two resources. */
function shared(deletions: readonly Deletion[]): readonly string[] {
  const named = deletions.flatMap((deletion) => {
    const { selection } = deletion;
    const ids = 'job' in selection ? [selection.job] : 'jobs' in selection ? selection.jobs : [];
    return ids.map((id) => ({ id, deletion }));
  });
  const ids = new Set(named.map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const who = named.filter(
      (each) => each.id === id && each.deletion.at?.iot === named.find((one) => one.id === id)?.deletion.at?.iot,
    );
    return who.length > 1
      ? [`the job "${id}" has ${who.length} deletions: ${who.map(({ deletion }) => nameOf(deletion)).join(', ')}`]
      : [];
  });
}

/** The handlers that run without what layers bring them at AWS. */
function layers({ Resources = {} }: Template, stack: string): readonly string[] {
  const tokens = Object.values(Resources)
    .filter(({ Type = '' }) => isOurs(Type))
    .map(({ Properties }) => (Properties as { ServiceToken?: { 'Fn::GetAtt'?: readonly string[] } }).ServiceToken);
  const handlers = new Set(tokens.flatMap((token) => token?.['Fn::GetAtt']?.[0] ?? []));
  return [...handlers].flatMap((logicalId) => {
    const { Layers = [], Environment } = (Resources[logicalId]?.Properties ?? {}) as {
      readonly Layers?: readonly unknown[];
      readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
    };
    const { AWS_LAMBDA_EXEC_WRAPPER: wrapper, NODE_OPTIONS = '' } = Environment?.Variables ?? {};
    const isInstrumented = wrapper !== undefined || JSON.stringify(NODE_OPTIONS).includes('/opt/');
    return isInstrumented || Layers.length > 0
      ? [`${stack}/${logicalId} runs without its layers, which are not here`]
      : [];
  });
}

function around({ Resources = {} }: Template, stack: string): readonly string[] {
  return Object.entries(Resources).flatMap(([logicalId, { Type = '', Properties = {} }]) => {
    const text = JSON.stringify(Properties);
    if (BRINGS_STACKS.test(Type)) {
      return [`${stack}/${logicalId} (${Type}) deploys stacks of its own: their deletions are not rehearsed`];
    }
    const isSomebodyElses = isCustom(Type) && !isOurs(Type);
    return isSomebodyElses && DELETES_JOBS.test(text)
      ? [`${stack}/${logicalId} (${Type}) deletes or cancels jobs, too: it is stubbed here`]
      : [];
  });
}
