import type { ApiRequest } from '../api';
import { invalidRequest } from './errors';

/** The patterns and lengths of the service model. */
const constraints = {
  jobId: { pattern: /^[a-zA-Z0-9_-]{1,64}$/, says: '1 to 64 characters of [a-zA-Z0-9_-]' },
  thingName: { pattern: /^[a-zA-Z0-9:_-]{1,128}$/, says: '1 to 128 characters of [a-zA-Z0-9:_-]' },
  thingGroupName: { pattern: /^[a-zA-Z0-9:_-]{1,128}$/, says: '1 to 128 characters of [a-zA-Z0-9:_-]' },
  namespaceId: { pattern: /^[a-zA-Z0-9_-]+$/, says: 'characters of [a-zA-Z0-9_-]' },
  reasonCode: { pattern: /^[A-Z0-9_]{0,128}$/, says: 'at most 128 characters of [A-Z0-9_]' },
  comment: { pattern: /^[^\p{C}]{0,2028}$/u, says: 'at most 2028 printable characters' },
  description: { pattern: /^[^\p{C}]{0,2028}$/u, says: 'at most 2028 printable characters' },
  targetSelection: { pattern: /^(CONTINUOUS|SNAPSHOT)$/, says: 'CONTINUOUS or SNAPSHOT' },
  document: { pattern: /^[^]{0,32768}$/, says: 'at most 32768 characters' },
} as const;

/** A member of a request shape that the model puts a constraint on. */
export type ConstrainedMember = keyof typeof constraints;

/** Fails as the service does when a member breaks the model's constraint on it. */
export function requireValid(member: ConstrainedMember, value: string, name: string = member): string {
  const { pattern, says } = constraints[member];
  if (!pattern.test(value)) {
    throw invalidRequest(`1 validation error detected: Value '${value}' at '${name}' must be ${says}.`);
  }
  return value;
}

/** Reads one request as the REST-JSON protocol lays it out: labels of the path, query parameters, a JSON body. */
export class Input {
  private parsedBody?: Readonly<Record<string, unknown>>;

  constructor(
    private readonly request: Pick<ApiRequest, 'query' | 'body'>,
    private readonly labels: ReadonlyMap<string, string>,
  ) {}

  /** A label of the path, which must keep the rule of its own name. */
  label(name: 'jobId' | 'thingName' | 'thingGroupName'): string {
    return requireValid(name, this.labels.get(name) ?? '');
  }

  query(name: string): string | undefined {
    return this.request.query.get(name) ?? undefined;
  }

  queryBoolean(name: string): boolean | undefined {
    const value = this.query(name);
    switch (value) {
      case undefined:
        return undefined;
      case 'true':
        return true;
      case 'false':
        return false;
      default:
        throw invalidRequest(`Value '${value}' at '${name}' must be true or false.`);
    }
  }

  /** A member of the body that is a string, or absent. */
  text(name: string): string | undefined {
    const value = this.member(name);
    if (value !== undefined && typeof value !== 'string') {
      throw invalidRequest(`Value at '${name}' must be a string.`);
    }
    return value;
  }

  /** A member of the body, or absent, that must keep the model's rule. */
  validText(name: ConstrainedMember): string | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : requireValid(name, value);
  }

  /** A member of the body that must be there. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) {
      throw invalidRequest(`Value null at '${name}' must not be null.`);
    }
    return value;
  }

  texts(name: string): string[] {
    const value = this.member(name);
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw invalidRequest(`Value at '${name}' must be a list of strings.`);
    }
    return value;
  }

  /** A structure of the body, taken over as it is. */
  structure(name: string): Record<string, unknown> | undefined {
    const value = this.member(name);
    if (value !== undefined && !isStructure(value)) {
      throw invalidRequest(`Value at '${name}' must be a structure.`);
    }
    return value;
  }

  /** Reads the members of a structure of the body as this reads those of the body itself. */
  within(name: string): Input {
    return new Input({ query: new URLSearchParams(), body: JSON.stringify(this.structure(name) ?? {}) }, new Map());
  }

  tags(): Map<string, string> {
    const value = this.member('tags') ?? [];
    if (!Array.isArray(value)) {
      throw invalidRequest("Value at 'tags' must be a list of tags.");
    }
    return new Map(
      value.map((tag: unknown): [string, string] => {
        const { Key, Value = '' } = isStructure(tag) ? tag : {};
        if (typeof Key !== 'string' || Key === '' || typeof Value !== 'string') {
          throw invalidRequest("Value at 'tags' must be a list of { Key, Value }, with a Key that is not empty.");
        }
        return [Key, Value];
      }),
    );
  }

  /** One page of a list, as `maxResults` and `nextToken` ask. Keys ascend, and outlive what is deleted meanwhile. */
  page<Item>(items: readonly Item[], key: (item: Item) => string): { items: Item[]; nextToken?: string } {
    const maxResults = this.maxResults();
    const after = this.nextToken();
    const rest = [...items]
      .sort((one, other) => (key(one) < key(other) ? -1 : 1))
      .filter((item) => after === undefined || key(item) > after);
    const page = rest.slice(0, maxResults);
    const last = page.at(-1);
    return rest.length > page.length && last !== undefined
      ? { items: page, nextToken: Buffer.from(key(last)).toString('base64url') }
      : { items: page };
  }

  private maxResults(): number {
    const value = this.query('maxResults') ?? '250';
    if (!/^\d{1,3}$/.test(value) || Number(value) < 1 || Number(value) > 250) {
      throw invalidRequest(`Value '${value}' at 'maxResults' must be from 1 to 250.`);
    }
    return Number(value);
  }

  private nextToken(): string | undefined {
    const value = this.query('nextToken');
    if (value !== undefined && !/^[A-Za-z0-9_-]+$/.test(value)) {
      throw invalidRequest(`Invalid nextToken '${value}'.`);
    }
    return value === undefined ? undefined : Buffer.from(value, 'base64url').toString();
  }

  private member(name: string): unknown {
    this.parsedBody ??= parseBody(this.request.body);
    return this.parsedBody[name] ?? undefined;
  }
}

function parseBody(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = body === '' ? {} : JSON.parse(body);
  } catch {
    // Said below, as for any other JSON that is no request.
  }
  if (!isStructure(value)) {
    throw invalidRequest('The body of the request is not a JSON object.');
  }
  return value;
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
