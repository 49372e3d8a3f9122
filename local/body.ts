import type { IncomingMessage } from 'node:http';
import { ServiceError } from './api';

/** What Step Functions documents as the maximum of a request; for those that document none it is a guess. */
const usualMaximum = 1_048_576;

/** Lambda takes payloads of 6 MB, and says itself how much of which kind is too much. */
const maximumBytes: Readonly<Record<string, number>> = { lambda: 8 * 1_048_576 };

/** Reads a request's body. One that is longer than the service takes is read to its end, kept nowhere, and refused. */
export async function readBody(request: IncomingMessage, service: string): Promise<string> {
  const maximum = maximumBytes[service] ?? usualMaximum;
  let size = 0;
  let chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maximum) {
      chunks.push(chunk);
    } else {
      chunks = [];
    }
  }
  if (size > maximum) {
    throw new ServiceError(
      'RequestEntityTooLargeException',
      413,
      `The request is larger than the ${maximum} bytes that ${service} takes.`,
    );
  }
  return Buffer.concat(chunks).toString();
}
