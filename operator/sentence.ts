import { OutOfTime } from '../lambda/deletion/calls';
import { Refusal } from '../lambda/deletion/patience';
import { UsageError } from '../rehearsal/usage';
import type { AccountOptions } from './account';

/** What went wrong, in a sentence or two; nothing for an error of ours, which needs its stack trace. */
export function sentence(error: unknown, { endpointUrl, profile }: AccountOptions): string | undefined {
  if (error instanceof UsageError) {
    return error.message;
  }
  if (error instanceof Refusal) {
    const { action, kind, resource, role, said } = error.obstacle;
    return kind === 'denied'
      ? `${role} may not ${action} on ${resource}: ${said}. Allow it.`
      : `AWS refused ${action} on ${resource}: ${said}.`;
  }
  if (error instanceof OutOfTime) {
    return `${error.obstacle?.action ?? 'AWS'} did not respond: ${error.obstacle?.said ?? 'no answer'}.`;
  }
  const { name, message } = error as Error;
  const code = codeOf(error) ?? /connect (E[A-Z]+)/.exec(message)?.[1];
  if (code !== undefined && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'ETIMEDOUT'].includes(code)) {
    return `Nobody answers at ${endpointUrl ?? process.env.AWS_ENDPOINT_URL ?? "AWS's endpoint"}: ${code}.`;
  }
  const said = message.replace(/\.?\s*$/, '');
  const where = endpointUrl ?? "AWS's endpoint";
  switch (name) {
    case 'CredentialsProviderError':
      return /expired/i.test(message)
        ? `The session has expired: ${said}. Sign in again.`
        : profile === undefined
          ? `There are no credentials: ${said}. Sign in, give --profile, or set AWS_PROFILE.`
          : `There are no credentials of the profile "${profile}": ${said}.`;
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenProviderError':
    case 'UnauthorizedException':
      return `The session has expired: ${said}. Sign in again.`;
    case 'TimeoutError':
      return `Nobody answers at ${where}: ${said}.`;
    default:
      // Calls that decide something are retried elsewhere: this is STS, which was asked whose the credentials are.
      return isRefusal(error)
        ? `AWS does not accept the credentials: ${name}: ${said}.`
        : isAnswer(error)
          ? `${where} does not respond as AWS does: ${name}: ${said.split('\n')[0]}.`
          : undefined;
  }
}

/** The code of a failed connection: the SDK may wrap the error, and where a host has several addresses, each has failed. */
function codeOf(error: unknown): string | undefined {
  const { cause, code, errors } = error as {
    readonly cause?: unknown;
    readonly code?: string;
    readonly errors?: readonly { readonly code?: string }[];
  };
  return code ?? errors?.[0]?.code ?? (cause === undefined ? undefined : codeOf(cause));
}

function isRefusal(error: unknown): boolean {
  const { $fault, $metadata } = error as { readonly $fault?: string; readonly $metadata?: { httpStatusCode?: number } };
  return $fault === 'client' && [400, 401, 403].includes($metadata?.httpStatusCode ?? 0);
}

/** Whether something answered at all. */
function isAnswer(error: unknown): boolean {
  return '$metadata' in (error as object) || '$response' in (error as object);
}
