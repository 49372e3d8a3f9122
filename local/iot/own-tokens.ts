import { createHash } from 'node:crypto';
import { invalidRequest } from './errors';
import type { PageRequest } from './page';

const LENGTH = 8;

/**
 * Lets a list go on with its own tokens alone. A guess: AWS does not say what it does with a token of another list, or of
 * the same with other filters. Whoever mixes them up would miss entries, or read some twice: here it is an error.
 */
export function withOwnTokens<Request extends PageRequest>(
  operation: string,
  request: Request,
  act: (request: Request) => object | undefined,
): object | undefined {
  const { maxResults: _, nextToken: given, ...query } = request;
  const mark = createHash('sha256')
    .update(JSON.stringify([operation, query]))
    .digest('base64url')
    .slice(0, LENGTH);
  if (given !== undefined && !given.startsWith(mark)) {
    throw invalidRequest(`Invalid nextToken: ${operation} has given none like it to the same request.`);
  }
  const answer: (PageRequest & object) | undefined = act(
    given === undefined ? request : { ...request, nextToken: given.slice(LENGTH) },
  );
  return answer?.nextToken === undefined ? answer : { ...answer, nextToken: `${mark}${answer.nextToken}` };
}
