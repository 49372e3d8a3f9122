import type * as Https from 'node:https';

/** A request that hangs must end as an error, in milliseconds. */
const TIMEOUT = 8_000;

/**
 * Sends a body to a presigned URL; resolves with the HTTP status.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function put(url: string, body: string): Promise<number> {
  // With the first answer: many an invocation sends none, and this takes as long to load as all the handler.
  // oxlint-disable-next-line typescript/no-require-imports
  const { request } = require('node:https') as typeof Https;
  return new Promise((resolve, reject) => {
    const { hostname, pathname, search } = new URL(url);
    // The URL was signed without a content type.
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const sent = request({ hostname, path: `${pathname}${search}`, method: 'PUT', headers, timeout: TIMEOUT });
    sent.on('response', (response) => {
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    sent.on('timeout', () => sent.destroy(new Error('timed out')));
    sent.on('error', reject);
    sent.end(body);
  });
}
