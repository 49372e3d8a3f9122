import { OutOfTime } from '../lambda/deletion/calls';
import { Refusal } from '../lambda/deletion/patience';
import { oneLine, UsageError } from '../rehearsal/usage';
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
  const said = withoutStop(message);
  const where = endpointUrl ?? "AWS's endpoint";
  const failed = failedConnection(error);
  if (failed) {
    const { code, host = where } = failed;
    return endpointUrl === undefined
      ? `No response from ${host}: ${code}. Check the region, the network, HTTPS_PROXY and AWS_ENDPOINT_URL.`
      : `No response from ${endpointUrl}: ${code}.`;
  }
  const [, status] = /^Bad response: (\d+)$/.exec(message) ?? [];
  if (status !== undefined) {
    return `The proxy refuses the connection with status ${status}. Check HTTPS_PROXY and NO_PROXY.`;
  }
  if (isUntrusted(error as Error)) {
    return `The certificate is not trusted: ${said}. Set AWS_CA_BUNDLE to a file with the certificates of your network.`;
  }
  switch (name) {
    case 'CredentialsProviderError':
      return /expired/i.test(message)
        ? `The session has expired: ${said}. Sign in again.`
        : !profile
          ? `There are no credentials: ${said}. Sign in, give --profile, or set AWS_PROFILE.`
          : `There are no credentials of the profile "${profile}": ${said}.`;
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenProviderError':
    case 'UnauthorizedException':
      return `The session has expired: ${said}. Sign in again.`;
    case 'TimeoutError':
      return `No response from ${where}: ${said}. Check the network and HTTPS_PROXY.`;
    default:
      // Calls that decide something are retried elsewhere: this is STS, which was asked whose the credentials are.
      return isRefusal(error)
        ? `AWS does not accept the credentials: ${name}: ${said}.`
        : isAnswer(error)
          ? `${where} does not respond as AWS does: ${name}: ${said.split('\n')[0]}.`
          : undefined;
  }
}

/** Why an account can't be opened, where the error is none of AWS's: a setting that the SDK can't use. */
export function unusable(error: unknown): string {
  const said = withoutStop((error as Error).message);
  return `These settings can't be used: ${said}. Check the profile, the region and AWS's environment variables.`;
}

/** A message without the full stop, in one line. */
function withoutStop(message: string): string {
  return oneLine(message.replace(/\.?\s*$/, ''));
}

const NOT_CONNECTED: ReadonlySet<string | undefined> = new Set(
  'EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND EPIPE ETIMEDOUT'.split(' '),
);

/** The failed connection: the SDK may wrap the error, and where a host has several addresses, each has failed. */
function failedConnection(error: unknown): { readonly code: string; readonly host?: string } | undefined {
  const { cause, code, errors, message } = error as Error & {
    readonly code?: string;
    readonly errors?: readonly Error[];
  };
  const [, said = code, host] = /\b(?:connect|getaddrinfo) (E[A-Z_]+) (\S+)/.exec(message) ?? [];
  if (said !== undefined && NOT_CONNECTED.has(said)) {
    return { code: said, host };
  }
  const inner = errors?.[0] ?? cause;
  return inner === undefined ? undefined : failedConnection(inner);
}

/** OpenSSL's texts, such as "self-signed certificate in certificate chain": no answer of a service. */
function isUntrusted(error: Error): boolean {
  return !('$fault' in error) && /\bcertificate\b/i.test(error.message);
}

function isRefusal(error: unknown): boolean {
  const { $fault, $metadata } = error as { readonly $fault?: string; readonly $metadata?: { httpStatusCode?: number } };
  return $fault === 'client' && [400, 401, 403].includes($metadata?.httpStatusCode ?? 0);
}

/** Whether something answered at all. */
function isAnswer(error: unknown): boolean {
  return '$metadata' in (error as object) || '$response' in (error as object);
}
