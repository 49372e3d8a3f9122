import { CfnResource, Lazy, Reference, Stack, TagManager, Token, Tokenization } from 'aws-cdk-lib';
import { isLiteral } from './literal';

const TYPE = 'AWS::IoT::Job';

/**
 * What a job must have for its companion to delete it. Where the job stays and the companion goes, or is rolled back,
 * the update takes the tag off before the companion is deleted. Where both go, it is still there. CDK's deletion of the
 * objects of a bucket works in the same way.
 *
 * That CloudFormation changes tags without interruption is what the reference says; only AWS can show it.
 */
export const COMPANION_TAG = { key: 'cdk-iot-job-deletion:auto-delete', value: 'true' } as const;

/**
 * A job that a stack declares. Every version of aws-cdk-lib can make it as a `CfnResource`, and newer ones as a `CfnJob`.
 */
export function isDeclaredJob(value: unknown): value is CfnResource {
  return CfnResource.isCfnResource(value) && value.cfnResourceType === TYPE;
}

/** The job that a value is a reference to, such as `job.ref`, if it is one. */
export function referencedJob(value: string): CfnResource | undefined {
  if (!Token.isUnresolved(value)) {
    return undefined;
  }
  const references = Tokenization.reverseString(value).tokens.filter((token) => Reference.isReference(token));
  return references.map(({ target }) => target).find(isDeclaredJob);
}

/** The jobs that a stack declares. */
export function declaredJobs(stack: Stack): CfnResource[] {
  return stack.node
    .findAll()
    .filter((construct): construct is CfnResource => isDeclaredJob(construct) && Stack.of(construct) === stack);
}

/** What the template will have of a job. */
export interface RenderedJob {
  readonly Condition?: string;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Properties?: { readonly JobId?: unknown; readonly Tags?: unknown };
}

/** Renders a job as it is now, with all escape hatches. */
export function rendered(job: CfnResource): RenderedJob {
  const { Resources } = Stack.of(job).resolve(job._toCloudFormation()) as { Resources: Record<string, RenderedJob> };
  return Object.values(Resources)[0]!;
}

/** The id of a job as a prop takes it: literal, or a token of what will be rendered. */
export function idOf(job: CfnResource): string {
  const id = (): string => rendered(job).Properties?.JobId as string;
  return typeof id() === 'string' && isLiteral(id()) ? id() : Lazy.uncachedString({ produce: id });
}

/** The condition on which the stack has the job. */
export function conditionOf(job: CfnResource): string {
  return Lazy.uncachedString({ produce: () => rendered(job).Condition });
}

/**
 * Gives a job the companion's tag.
 *
 * @returns whether it could: a list that is known only at deployment can't be added to
 */
export function tag(job: CfnResource): boolean {
  const { key, value } = COMPANION_TAG;
  const manager = TagManager.of(job);
  if (manager) {
    manager.setTag(key, value);
    return true;
  }
  const tags = rendered(job).Properties?.Tags ?? [];
  if (!Array.isArray(tags)) {
    return false;
  }
  job.addPropertyOverride('Tags', [...(tags as unknown[]), { Key: key, Value: value }]);
  return true;
}

/** What is wrong with a job at synth, when nobody changes it any more, for a companion that deletes `jobId`. */
export function faultsOf(job: CfnResource, jobId: unknown): string[] {
  const { DeletionPolicy, UpdateReplacePolicy, Properties } = rendered(job);
  const { key, value } = COMPANION_TAG;
  const tags = [Properties?.Tags ?? []].flat() as readonly { readonly Key?: unknown; readonly Value?: unknown }[];
  const retaining = [DeletionPolicy, UpdateReplacePolicy].filter(
    (policy) => policy !== undefined && policy !== 'Delete',
  );
  return [
    ...(retaining.length > 0
      ? [
          `the job ${job.node.path} is retained (${retaining.map((policy) => JSON.stringify(policy)).join(', ')}), and its ` +
            'companion would delete it: remove the companion, or give the job RemovalPolicy.DESTROY.',
        ]
      : []),
    ...(tags.some((each) => each.Key === key && each.Value === value)
      ? []
      : [
          `the job ${job.node.path} has lost the tag "${key}", without which its companion deletes nothing: ` +
            'keep the tag, or remove the companion.',
        ]),
    ...(Properties?.JobId === undefined
      ? [`the job ${job.node.path} has no JobId, which AWS::IoT::Job requires.`]
      : []),
    ...(JSON.stringify(Properties?.JobId) === JSON.stringify(Stack.of(job).resolve(jobId))
      ? []
      : [`the JobId of ${job.node.path} was changed after its companion was made: change it before.`]),
  ];
}
