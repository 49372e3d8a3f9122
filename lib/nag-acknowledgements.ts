import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const DEAD_LETTERS =
  'Nothing is lost unseen: who sent the event, be it CloudFormation or Step Functions, waits for its answer, and without ' +
  'one the stack operation fails and can be repeated.';

const TRACING =
  "A trace would show one caller, one loop and AWS IoT: the handler's log does, with the request id of every call. " +
  'It would cost every user money, and permissions on all of X-Ray.';

/**
 * Acknowledges findings of cdk-nag on a construct and all that is in it, each by its id and with its evidence, so that
 * an app with our constructs in it stays clean.
 *
 * It is what `Validations.of(construct).acknowledge()` records, which the oldest aws-cdk-lib that we support lacks.
 */
export function acknowledge(construct: IConstruct, evidence: Readonly<Record<string, string>>): void {
  for (const [finding, reason] of Object.entries(evidence)) {
    construct.node.addMetadata('aws:cdk:acknowledged-rules', { [`Annotation::${finding}`]: reason });
  }
}

/** Acknowledges those of a policy's resources that have a wildcard in them: each is a finding of its own. */
export function acknowledgeWildcards(construct: IConstruct, resources: readonly string[], reason: string): void {
  resources
    .map((resource) => flatten(Stack.of(construct).resolve(resource)))
    .filter((resource) => resource.includes('*'))
    .forEach((resource) => acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${resource}]`]: reason }));
}

/** Acknowledges what is not to be mended in the handler of a provider, and in its role. */
export function acknowledgeFunction(construct: IConstruct, inVpc: boolean): void {
  acknowledge(construct, {
    'Serverless-LambdaDLQ': DEAD_LETTERS,
    'NIST.800.53.R5-LambdaDLQ': DEAD_LETTERS,
    'Serverless-LambdaTracing': TRACING,
    'NIST.800.53.R5-LambdaConcurrency':
      'Reserved executions are taken from all other functions of the account, and a refused one fails the deletion.',
    'NIST.800.53.R5-IAMNoInlinePolicy':
      'Permissions for one role, which come and go with it, and are of no use to another.',
  });
  if (!inVpc) {
    acknowledge(construct, {
      'NIST.800.53.R5-LambdaInsideVPC':
        "The function calls nothing but AWS APIs, over TLS, and nothing can connect to it; the provider's vpc puts it into one.",
    });
  }
}

/** Acknowledges what is not to be mended in the waiter. */
export function acknowledgeWaiter(construct: IConstruct): void {
  acknowledge(construct, {
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
