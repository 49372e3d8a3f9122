/** Which jobs a resource deletes: the one of a `JobDeletion`, or those of a `JobSweep`, by name or by what they are. */
export type Selection =
  | { readonly job: string }
  | { readonly jobs: readonly string[] }
  | { readonly filter: JobFilter };

/** How a job may be targeted, as AWS IoT names it. */
export const TARGET_SELECTIONS: readonly string[] = ['SNAPSHOT', 'CONTINUOUS'];

/** Jobs by what they are: at least one of these, and each narrows. */
export interface JobFilter {
  readonly jobIdPrefix?: string;
  readonly thingGroupName?: string;
  readonly targetSelection?: string;
  readonly statuses?: readonly string[];
  readonly namespaceId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The names in a selection; nothing where a filter selects. */
export function namesIn(selection: Selection): readonly string[] | undefined {
  return 'filter' in selection ? undefined : 'job' in selection ? [selection.job] : selection.jobs;
}

/** What another resource of the stack holds on to: one job, a list (by hashes of its ids), or whatever matches. */
export type Claim = { readonly job: string } | { readonly hashes: readonly string[] } | { readonly filter: JobFilter };
