import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { parseProperties, type Properties } from '../../lambda/request/properties';
import type { Account, LocalAws, StackResource } from '../../local';
import { isRetained } from '../../local/cloudformation/statuses';
import type { DeletionResult } from '../result';
import type { JobPlace, JobPlaces } from './places';

/** A `JobDeletion` or a `JobSweep` of a stack. */
export type DeletionName = Pick<
  DeletionResult,
  'stack' | 'account' | 'region' | 'logicalId' | 'path' | 'kind' | 'selects' | 'stubbed'
>;

/** One that is deployed, as the handler reads it: what were tokens are values now. */
export interface Deletion extends DeletionName, Properties {
  /** The root stack's. */
  readonly stackId: string;
  /** As a person may call the stack. */
  readonly stackNames: readonly string[];
  readonly retained: boolean;
  /** Where its jobs are; none for a region that there is not. */
  readonly at: JobPlace | undefined;
  /** What its provider may touch. */
  readonly patterns: readonly string[];
}

/** A stack that is deployed. */
export interface DeployedStack {
  readonly artifact: CloudFormationStackArtifact;
  /** As messages call it. */
  readonly label: string;
  readonly id: string;
}

/** What resources of ours send that says which jobs, and where. */
const WHICH =
  'JobId JobIds JobIdPrefix ThingGroupName TargetSelection Statuses NamespaceId Tags Region AssumeRole'.split(' ');

/** The deletions of deployed stacks, and of the stacks nested in them. */
export function deployedDeletions(
  aws: LocalAws,
  home: Account,
  stacks: readonly DeployedStack[],
  places: JobPlaces,
): readonly Deletion[] {
  const functions = stacks
    .flatMap(({ id }) => resourcesOf(aws, id))
    .filter(({ type }) => type === 'AWS::Lambda::Function');
  return stacks.flatMap(({ artifact, label, id }) =>
    nestedResourcesOf(aws, artifact, id).flatMap(({ resource, stack, retained }): Deletion[] => {
      const { type, logicalId, properties, stubbed = [] } = resource;
      const kind = kindOf(type);
      if (!kind || resource.status !== 'CREATE_COMPLETE') {
        return [];
      }
      return [
        {
          ...parseProperties(type, sent(properties)),
          stack: label,
          stackId: id,
          stackNames: [artifact.hierarchicalId, artifact.stackName],
          account: home.accountId,
          region: home.region,
          logicalId,
          path: pathOf(artifact, logicalId, stack),
          kind,
          selects: Object.fromEntries(Object.entries(properties).filter(([name]) => WHICH.includes(name))),
          retained,
          at: places.of(properties),
          patterns: patternsOf(functions, properties.ServiceToken),
          stubbed: stubbed,
        },
      ];
    }),
  );
}

/** The deletions that a template declares, whether or not they are deployed: which jobs they select may be tokens still. */
export function declaredDeletions(
  artifact: CloudFormationStackArtifact,
  label: string,
  home: Account,
): readonly DeletionName[] {
  const { Resources = {} } = artifact.template as {
    Resources?: Record<string, { Type?: string; Properties?: object }>;
  };
  return Object.entries(Resources).flatMap(([logicalId, { Type, Properties = {} }]): DeletionName[] => {
    const kind = kindOf(Type);
    return kind
      ? [
          {
            stack: label,
            account: home.accountId,
            region: home.region,
            logicalId,
            path: pathOf(artifact, logicalId, artifact.hierarchicalId),
            kind,
            selects: Object.fromEntries(Object.entries(Properties).filter(([name]) => WHICH.includes(name))),
            stubbed: [],
          },
        ]
      : [];
  });
}

/** The resources of a stack, and of the stacks nested in it, which are there. */
export function resourcesOf(aws: LocalAws, stack: string): readonly Readonly<StackResource>[] {
  const { resources } = aws.cloudFormation.stack(stack);
  return [...resources, ...resources.filter(isNested).flatMap(({ physicalId }) => resourcesOf(aws, physicalId!))];
}

/** A resource of a stack, or of a stack nested in it. */
interface NestedResource {
  readonly resource: Readonly<StackResource>;
  /** The path of its own stack, where the manifest says it. */
  readonly stack?: string;
  /** Whether it stays when the outermost stack is deleted: a stack that is retained keeps all that is in it. */
  readonly retained: boolean;
}

function nestedResourcesOf(
  aws: LocalAws,
  artifact: CloudFormationStackArtifact,
  id: string,
  around: Omit<NestedResource, 'resource'> = { stack: artifact.hierarchicalId, retained: false },
): readonly NestedResource[] {
  const { stack } = around;
  const own = aws.cloudFormation.stack(id).resources.map((resource): NestedResource => {
    return { resource, stack, retained: around.retained || isRetained(resource.deletionPolicy) };
  });
  const inner = own
    .filter(({ resource }) => isNested(resource))
    .flatMap(({ resource: { logicalId, physicalId }, retained }) => {
      const path = pathOfNested(artifact, logicalId, stack);
      return nestedResourcesOf(aws, artifact, physicalId!, { stack: path, retained });
    });
  return [...own, ...inner];
}

/** Whether it is a stack that is nested, and deployed. */
export function isNested({ physicalId }: Readonly<StackResource>): boolean {
  return /^arn:[^:]+:cloudformation:.*:stack\//.test(physicalId ?? '');
}

/** CloudFormation sends every scalar as a string. */
function sent(properties: StackResource['properties']): Record<string, unknown> {
  const text = JSON.stringify(properties, (_, value: unknown) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}

function kindOf(type = ''): DeletionResult['kind'] | undefined {
  const [, kind] = /^Custom::IoT(JobDeletion|JobSweep)$/.exec(type) ?? [];
  return kind as DeletionResult['kind'] | undefined;
}

/** How the path of a NestedStack's own resource ends, beside the path of what is in it. */
const NESTED = /\.NestedStack\/[^/]+$/;

/**
 * The construct's path, which CDK writes into the manifest beside the logical id. That is unique only in its own stack:
 * the manifest has the nested ones' too.
 *
 * @param stack the path of its own stack, where that is known
 */
export function pathOf(artifact: CloudFormationStackArtifact, logicalId: string, stack?: string): string | undefined {
  if (stack === undefined) {
    return undefined;
  }
  const all = artifact
    .findMetadataByType('aws:cdk:logicalId')
    .map(({ data, path }) => ({ data, path: path.replace(/^\//, '') }));
  const deeper = all
    .filter(({ path }) => NESTED.test(path))
    .map(({ path }) => `${path.replace(NESTED, '')}/`)
    .filter((path) => path.startsWith(`${stack}/`) && path !== `${stack}/`);
  const found = all.find(
    ({ data, path }) =>
      data === logicalId && path.startsWith(`${stack}/`) && !deeper.some((each) => path.startsWith(each)),
  );
  return found?.path.replace(/(\/(Resource|Default))+$/, '');
}

/** The path of a nested stack, which is that of the construct and not of its resource. */
export function pathOfNested(
  artifact: CloudFormationStackArtifact,
  logicalId: string,
  stack?: string,
): string | undefined {
  return pathOf(artifact, logicalId, stack)?.replace(NESTED, '');
}

/** The patterns are in the environment of the function that the resource names. Another app's provider is not known. */
function patternsOf(functions: readonly Readonly<StackResource>[], serviceToken: unknown): readonly string[] {
  const named = (arn: unknown): Readonly<Record<string, unknown>> => {
    const found = functions.find(({ attributes }) => attributes.Arn === arn);
    return ((found?.properties.Environment ?? {}) as { Variables?: Record<string, unknown> }).Variables ?? {};
  };
  const environments = [named(serviceToken), ...Object.values(named(serviceToken)).map(named)];
  const patterns = environments.map(({ JOB_ID_PATTERNS }) => JOB_ID_PATTERNS).find((each) => each !== undefined);
  return typeof patterns === 'string' ? patterns.split(',') : ['*'];
}
