import type { Tag } from '@aws-sdk/client-iot';
import { invalidRequest, limitExceeded } from './errors';

/** How many tags a resource may have. */
const mostTags = 50;

/** The tags of a request by key, after those that the resource has already. */
export function tagsOf(
  tags: readonly Tag[] = [],
  existing: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const all = new Map([...existing, ...tags.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])]);
  const reserved = tags.find(({ Key }) => Key?.startsWith('aws:'));
  if (reserved) {
    throw invalidRequest(`The tag key ${reserved.Key} begins with aws:, which is reserved.`);
  }
  if (all.size > mostTags) {
    throw limitExceeded(`A resource has at most ${mostTags} tags, not ${all.size}.`);
  }
  return all;
}
