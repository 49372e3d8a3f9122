/** A physical id may have so many characters. */
export const LONGEST_PHYSICAL_ID = 1024;

/** What a physical id says of the jobs that a filter selects: part of the contract, a change of it deletes jobs. */
export function filterQuery({
  tags = {},
  statuses,
  ...scalars
}: {
  readonly tags?: Readonly<Record<string, string>>;
  readonly statuses?: readonly string[];
  readonly jobIdPrefix?: string;
  readonly thingGroupName?: string;
  readonly targetSelection?: string;
  readonly namespaceId?: string;
}): URLSearchParams {
  const query = new URLSearchParams();
  const entries = Object.entries({ ...scalars, statuses: statuses && [...statuses].sort().join(',') });
  entries.forEach(([name, value]) => value !== undefined && query.set(name, value));
  Object.entries(tags).forEach(([key, value]) => query.set(`tag:${key}`, value));
  return query;
}
