import { OutOfTime } from '../../lambda/deletion/calls';
import { Refusal } from '../../lambda/deletion/patience';
import { NoSuchStack } from './deployed-stack';
import type { PlanCommandOptions } from './plan-options';

/** Why there is no plan, in a sentence; nothing for an error of ours, which needs its stack trace. */
export function planFailure(
  error: unknown,
  { endpointUrl, profile, stackName }: Pick<PlanCommandOptions, 'endpointUrl' | 'profile' | 'stackName'>,
  where: string,
): string | undefined {
  if (error instanceof NoSuchStack) {
    return `There is no stack "${stackName}" in ${where}. Is it the right account and region?`;
  }
  if (error instanceof Refusal) {
    const { action, resource, role, said } = error.obstacle;
    return `${role} may not ${action} on ${resource}: ${said}.`;
  }
  if (error instanceof OutOfTime) {
    const { action = 'AWS', said = 'no answer' } = error.obstacle ?? {};
    return `${action} did not respond: ${said}.`;
  }
  const { name, message, code } = error as Error & { readonly code?: string };
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    return `Nobody answers at ${endpointUrl ?? 'the endpoint of AWS'}: ${code}.`;
  }
  if (message === 'Region is missing') {
    return 'The region is missing. Give --region, or set AWS_REGION.';
  }
  switch (name) {
    case 'CredentialsProviderError':
      return profile === undefined
        ? `There are no credentials: ${message}`
        : `There are no credentials of the profile "${profile}": ${message}`;
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenRefreshRequired':
    case 'SSOTokenProviderFailure':
      return `The session has expired: ${message}`;
    case 'AccessDenied':
    case 'AccessDeniedException':
    case 'InvalidClientTokenId':
    case 'SignatureDoesNotMatch':
    case 'UnrecognizedClientException':
      return `AWS does not accept the credentials: ${message}`;
    default:
      return undefined;
  }
}
