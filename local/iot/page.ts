import { invalidRequest } from './errors';

/** How a request asks for a part of a list. */
export interface PageRequest {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** A part of a list, and what the next request begins with when there is more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

const defaultPageSize = 250;

/** One page of a list in the order of its keys. A token outlives what is deleted between two pages. */
export function pageOf<Item>(items: readonly Item[], key: (item: Item) => string, request: PageRequest): Page<Item> {
  const after = keyOf(request.nextToken);
  const rest = items
    .filter((item) => after === undefined || key(item) > after)
    .sort((one, other) => (key(one) < key(other) ? -1 : 1));
  return firstOf(rest, key, request);
}

/** One page of what is in order already and begins after the token; only as much is read as it takes. */
export function firstOf<Item>(
  rest: Iterable<Item>,
  key: (item: Item) => string,
  { maxResults = defaultPageSize }: PageRequest,
): Page<Item> {
  const items: Item[] = [];
  for (const item of rest) {
    if (items.length === maxResults) {
      return { items, nextToken: Buffer.from(key(items.at(-1)!)).toString('base64url') };
    }
    items.push(item);
  }
  return { items };
}

/** The key that a token was made from. */
export function keyOf(nextToken: string | undefined): string | undefined {
  if (nextToken === undefined) {
    return undefined;
  }
  const key = Buffer.from(nextToken, 'base64url').toString();
  if (key === '' || Buffer.from(key).toString('base64url') !== nextToken) {
    throw invalidRequest('Invalid nextToken: it is none that a list has given.');
  }
  return key;
}
