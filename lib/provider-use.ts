import { type CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { parseRoleArn } from './assumed-role';
import { reject } from './bad-input';
import { isImported } from './imported-provider';
import { JobDeletionProvider } from './job-deletion-provider';
import type { IJobDeletionProvider } from './job-deletion-provider-props';
import { isCovered, isPrefixCovered } from './job-id';
import { isLiteral, isLiteralList } from './literal';

/** Reports a job that a provider may not touch. */
export function checkCovers(by: Construct, provider: IJobDeletionProvider, jobId: string): void {
  if (isLiteral(jobId) && isLiteralList(provider.jobIdPatterns) && !isCovered(jobId, provider.jobIdPatterns)) {
    reject(
      by,
      `jobId "${jobId}" is outside what the provider ${provider.node.path} may touch: add a pattern that covers it to the ` +
        `provider's jobIdPatterns (${provider.jobIdPatterns.join(', ')}).`,
    );
  }
}

/** Reports a prefix unless the provider may touch every job whose id begins like this. */
export function checkCoversPrefix(by: Construct, provider: IJobDeletionProvider, prefix: string): void {
  if (isLiteral(prefix) && isLiteralList(provider.jobIdPatterns) && !isPrefixCovered(prefix, provider.jobIdPatterns)) {
    reject(
      by,
      `jobs that begin with "${prefix}" are outside what the provider ${provider.node.path} may touch: add a pattern that ` +
        `covers them all to the provider's jobIdPatterns (${provider.jobIdPatterns.join(', ')}).`,
    );
  }
}

/** Reports a region that a provider may not be used in. */
export function checkReachesRegion(by: Construct, provider: IJobDeletionProvider, region: string): void {
  const { regions } = provider;
  if (isLiteral(region) && isLiteralList(regions) && !regions.includes('*') && !regions.includes(region)) {
    reject(
      by,
      `region "${region}" is not one of the provider ${provider.node.path}: add it to its regions ` +
        `(${regions.join(', ') || 'none'}).`,
    );
  }
}

/** Reports a role that a provider may not assume. */
export function checkMayAssume(by: Construct, provider: IJobDeletionProvider, roleArn: string): void {
  const role = parseRoleArn(by, roleArn);
  const { assumableRoles } = provider;
  if (!role || Token.isUnresolved(assumableRoles)) {
    return;
  }
  const assumable = assumableRoles.map((each) => (each === '*' ? role : parseRoleArn(by, each)));
  // One that is not known at synth, as an import may have, may be this one.
  if (!assumable.some((each) => each === undefined || each.id === role.id)) {
    reject(
      by,
      `the role "${roleArn}" is not one that the provider ${provider.node.path} may assume: add it to its assumableRoles ` +
        `(${assumableRoles.join(', ') || 'none'}).`,
    );
  }
}

/**
 * The ServiceToken of a resource that a provider serves.
 *
 * Another stack's provider is exported, whatever `@aws-cdk/core:defaultCrossStackReferences` says. CloudFormation refuses
 * to delete what is imported; a weak reference would let the provider go before the resources that need it.
 */
export function serviceTokenFor(user: Construct, provider: IJobDeletionProvider): string {
  const [own, users] = [Stack.of(provider), Stack.of(user)];
  if (isImported(provider)) {
    checkSamePlace(user, provider.serviceToken);
  }
  if (!JobDeletionProvider.isJobDeletionProvider(provider) || own === users) {
    return provider.serviceToken;
  }
  if (own.node.root !== users.node.root) {
    throw new Error(
      `${user.node.path}: the provider ${provider.node.path} is in another app: import it with fromAttributes.`,
    );
  }
  if (own.account !== users.account || own.region !== users.region) {
    reject(
      user,
      `the provider ${provider.node.path} is in another account or region. A provider serves the stacks of its own: make ` +
        'one here. It can delete jobs elsewhere, with region or assumeRole.',
    );
  }
  if (rootOf(own) === rootOf(users)) {
    return provider.serviceToken;
  }
  const handler = provider.handler.node.defaultChild as CfnFunction;
  if (own === rootOf(own)) {
    return own.exportValue(handler.attrArn);
  }
  nestedStacks(own).forEach(({ nestedStackResource }) => strengthen(user, nestedStackResource!));
  strengthen(user, handler);
  return provider.serviceToken;
}

/** Reports a function of another region or account: CloudFormation reaches none. */
function checkSamePlace(user: Construct, serviceToken: string): void {
  const [, region, account] = /^arn:[^:]+:lambda:([^:]+):(\d{12}):/.exec(serviceToken) ?? [];
  const stack = Stack.of(user);
  const isElsewhere = (theirs: string | undefined, ours: string): boolean =>
    theirs !== undefined && isLiteral(theirs) && isLiteral(ours) && theirs !== ours;
  if (isElsewhere(region, stack.region) || isElsewhere(account, stack.account)) {
    reject(
      user,
      `the provider ${serviceToken} is in another account or region than the stack (${stack.account}, ${stack.region}). ` +
        'A provider serves the stacks of its own. It can delete jobs elsewhere, with region or assumeRole.',
    );
  }
}

/**
 * What of a provider is in the logical ids of its resources. CloudFormation refuses to change a ServiceToken in place, so
 * a resource that gets another provider must be another resource. The stack's own provider leaves no trace: its function
 * has always had the same logical id.
 */
export function providerIdentity(user: Construct, provider: IJobDeletionProvider): string {
  const [own, users] = [Stack.of(provider), Stack.of(user)];
  if (!JobDeletionProvider.isJobDeletionProvider(provider)) {
    return isImported(provider) ? provider.identity : JSON.stringify(own.resolve(provider.serviceToken));
  }
  const { logicalId } = provider.handler.node.defaultChild as CfnFunction;
  const handler = own.resolve(logicalId) as string;
  if (own !== users) {
    const root = rootOf(own);
    const nested = nestedStacks(own).map((stack) => stack.node.path.slice(root.node.path.length));
    return [root.stackName, ...nested.slice(0, 1), handler].join(' ');
  }
  return provider.node.path === [own.node.path, 'JobDeletionProvider'].filter(Boolean).join('/') ? '' : handler;
}

function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** The nested stacks in which something is, the innermost first. */
function nestedStacks(stack: Stack): Stack[] {
  return stack.nestedStackParent ? [stack, ...nestedStacks(stack.nestedStackParent)] : [];
}

/** aws-cdk-lib has weak references from 2.254.0, and a way to ask for a strong one from 2.258.0. */
function strengthen(user: Construct, resource: CfnResource): void {
  const { applyCrossStackReferenceStrength: apply } = resource as Partial<CfnResource>;
  const strength: unknown = user.node.tryGetContext('@aws-cdk/core:defaultCrossStackReferences');
  if (apply) {
    apply.call(resource, 'strong' as never);
  } else if (strength !== undefined && strength !== 'strong') {
    reject(
      user,
      `the provider is in a nested stack, and this aws-cdk-lib makes ${JSON.stringify(strength)} references to it, which don't ` +
        'protect it: update to aws-cdk-lib 2.258.0, or put the provider into a stack that is not nested.',
    );
  }
}
