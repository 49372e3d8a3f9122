import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const DEAD_LETTERS =
  'Nothing is lost unseen: who sent the event, be it CloudFormation or Step Functions, waits for its answer, and without ' +
  'one the stack operation fails and can be repeated.';

const TRACING =
  "A trace would show one caller, one loop and AWS IoT: the handler's log does, with the request id of every call. " +
  'It would cost every user money, and permissions on all of X-Ray.';

const CONCURRENCY =
  'Reserved executions are taken from all other functions of the account, and a refused one fails the deletion.';

const INSIDE_VPC =
  "The function calls nothing but AWS APIs, over TLS, and nothing can connect to it; the provider's vpc puts it into one.";

const INLINE_POLICY = 'Permissions for one role, which come and go with it, and are of no use to another.';

const LOG_GROUP_KEY =
  'CloudWatch Logs encrypts it with a key of its own; a log group with another key can be given as logGroup.';

/** The packs of cdk-nag that have the same rule under their own name. */
const [HIPAA, R4, R5, PCI] = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'] as const;

/** What cdk-nag 2 reads from a resource's metadata. */
interface NagMetadata {
  readonly rules_to_suppress: readonly { id: string; reason: string; applies_to?: string[] }[];
}

/**
 * Acknowledges findings of cdk-nag on a construct and all that is in it, each by its id and with its evidence, so that
 * an app with our constructs in it stays clean.
 *
 * For cdk-nag 3 it is what `Validations.of(construct).acknowledge()` records, which the oldest aws-cdk-lib that we support
 * lacks. For cdk-nag 2 it is what `NagSuppressions` writes into the metadata of the resources.
 */
function acknowledge(construct: IConstruct, evidence: Readonly<Record<string, string>>): void {
  for (const [finding, reason] of Object.entries(evidence)) {
    construct.node.addMetadata('aws:cdk:acknowledged-rules', { [`Annotation::${finding}`]: reason });
  }
  for (const resource of construct.node.findAll().filter((each) => CfnResource.isCfnResource(each))) {
    const { rules_to_suppress: earlier = [] } = (resource.getMetadata('cdk_nag') ?? {}) as Partial<NagMetadata>;
    const rules = Object.entries(evidence).map(([finding, reason]) => {
      const [, id, resourceFound] = /^([^[]+)(?:\[(.+)\])?$/.exec(finding)!;
      return { id: id!, reason, ...(resourceFound && { applies_to: [resourceFound] }) };
    });
    resource.addMetadata('cdk_nag', { rules_to_suppress: [...earlier, ...rules] } satisfies NagMetadata);
  }
}

/** A rule under the names that it has in several packs. */
function inPacks(packs: readonly string[], rule: string, reason: string): Record<string, string> {
  return Object.fromEntries(packs.map((pack) => [`${pack}-${rule}`, reason]));
}

/** Acknowledges those of a policy's resources that have a wildcard in them: each is a finding of its own. */
export function acknowledgeWildcards(construct: IConstruct, resources: readonly string[], reason: string): void {
  resources
    .map((resource) => flatten(Stack.of(construct).resolve(resource)))
    .filter((resource) => resource.includes('*'))
    .forEach((resource) => acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${resource}]`]: reason }));
}

/** Acknowledges that a policy is inside a role, or attached to one alone. */
export function acknowledgeInlinePolicy(construct: IConstruct): void {
  acknowledge(construct, inPacks([HIPAA, R4, R5, PCI], 'IAMNoInlinePolicy', INLINE_POLICY));
}

/** Acknowledges that a function's role may do something to all resources. */
export function acknowledgeStarPermissions(role: IConstruct, reason: string): void {
  acknowledgeWildcards(role, ['*'], reason);
  acknowledge(role, { 'Serverless-LambdaStarPermissions': reason });
}

/** Acknowledges that a log group has no key of the user's. */
export function acknowledgeLogGroup(logGroup: IConstruct): void {
  acknowledge(logGroup, inPacks([HIPAA, R4, R5, PCI], 'CloudWatchLogGroupEncrypted', LOG_GROUP_KEY));
}

/** Acknowledges what is not to be mended in the handler. */
export function acknowledgeFunction(handler: IConstruct, inVpc: boolean): void {
  const resource = handler.node.defaultChild!;
  acknowledge(resource, {
    ...inPacks(['Serverless', HIPAA, R5], 'LambdaDLQ', DEAD_LETTERS),
    ...inPacks(['Serverless'], 'LambdaTracing', TRACING),
    ...inPacks([HIPAA, R5], 'LambdaConcurrency', CONCURRENCY),
    ...(inVpc ? {} : inPacks([HIPAA, R4, R5, PCI], 'LambdaInsideVPC', INSIDE_VPC)),
  });
}

/** Acknowledges what is not to be mended in the waiter. */
export function acknowledgeStateMachine(stateMachine: IConstruct): void {
  acknowledge(stateMachine, {
    'AwsSolutions-SF1':
      'The handler logs each decision, and Step Functions keeps each execution for 90 days; ' +
      'a log of its own would have the response URLs in it, and need permissions on every log delivery of the account.',
    'AwsSolutions-SF2': TRACING,
    'Serverless-StepFunctionStateMachineXray': TRACING,
  });
}

/** An ARN as cdk-nag spells it, which writes what only CloudFormation knows as `<AWS::Region>` or `<LogicalId.Arn>`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const intrinsic = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (intrinsic['Fn::Join']) {
    const [delimiter, parts] = intrinsic['Fn::Join'];
    return parts.map(flatten).join(delimiter);
  }
  return `<${intrinsic['Fn::GetAtt']?.join('.') ?? intrinsic.Ref}>`;
}
