import fc from 'fast-check';
import type { FaultRule } from '../../local/faults/faults';

/** The job ids that programs play with. The last one is outside the narrow patterns. */
export const JOBS = ['job-a', 'job-b', 'job-c', 'other'] as const;
/** A job whose id is a template parameter, so that the resource's logical id does not come from it. */
export const TOKEN_JOBS = ['token-a', 'token-b'] as const;

const NARROW = ['job-*', 'token-*'];

/** What a stack says of one job. */
export interface DeletionSpec {
  readonly force: boolean;
  readonly cancelFirst: boolean;
  readonly deleteOnRollback: boolean;
  readonly retain: boolean;
  readonly revision?: string;
  readonly namespaceId?: string;
}

/** What a stack says of many jobs. */
export interface SweepSpec extends DeletionSpec {
  /** The construct's id: with another one, it is another resource with the same jobs. */
  readonly id: 'Sweep' | 'Moved';
  readonly selection: SelectionSpec;
  readonly maxJobs: number;
}

/** By name, or by what the jobs are; the sweep's own namespace is one more filter then. */
export type SelectionSpec = { readonly jobIds: readonly string[] } | FilterSpec;

/** By what the jobs are. The last two are of small worlds alone. */
export interface FilterSpec {
  readonly prefix?: string;
  readonly app?: string;
  /** Whether they target the thing group {@link GROUP}. */
  readonly grouped?: true;
  /** A job that is selected moves among these, and leaves them only by its deletion. */
  readonly statuses?: readonly string[];
}

/** The thing group of the account. */
export const GROUP = 'fleet';

/** A stack as it is deployed. */
export interface StackSpec {
  readonly patterns: readonly string[];
  readonly deletions: Readonly<Record<string, DeletionSpec>>;
  /** Of these, which one is given by a parameter; none: the stack has no such resource. */
  readonly token?: string;
  /** The id of that one's construct. */
  readonly tokenId: 'Token' | 'Renamed';
  readonly sweep?: SweepSpec;
  /** Something else in the stack fails when all of this is done. */
  readonly fails: boolean;
  /** What becomes of a creation that fails; by default it is rolled back. */
  readonly onFailure?: 'DO_NOTHING' | 'DELETE';
  /** A job that the stack declares as AWS::IoT::Job. */
  readonly declared?: string;
}

/** What may go wrong while a step is carried out. */
export interface Trouble {
  readonly seed: number;
  /** The share of the handler's calls that fail. */
  readonly faults: number;
  /** The chance of a crash before, and after, each of the handler's calls. */
  readonly crashes: number;
  /** The chance that an event is delivered twice. */
  readonly duplicates: number;
  /** The chance that before a call of the handler somebody else does something to the account's jobs. */
  readonly strangers: number;
  readonly strikes?: readonly Strike[];
  /** What goes wrong besides, and where. */
  readonly rules?: readonly FaultRule[];
}

/** What may happen once, between two calls of the handler; a late delivery is of each event of earlier operations. */
export const HAPPENINGS = [
  'crash',
  'second delivery',
  'slots taken',
  'id used again',
  'window starts',
  'window ends',
  'job ends',
  'late delivery',
] as const;

/** What happens once where there is another stack; it has no world of its own. */
type Happening = (typeof HAPPENINGS)[number] | 'other stack goes';

/** Something that happens at one point of an operation: before its nth call, counted from 0; a crash also after it. */
export interface Strike {
  readonly what: Happening;
  readonly at: number;
}

export type Step =
  | { readonly do: 'deploy'; readonly stack: StackSpec; readonly trouble: Trouble }
  | { readonly do: 'destroy'; readonly trouble: Trouble }
  | { readonly do: 'create job'; readonly jobId: string; readonly job: NewJob }
  | { readonly do: 'occupy slots'; readonly slots: number; readonly milliseconds: number }
  /** Another stack gets the job as well. */
  | { readonly do: 'other stack'; readonly jobId: string }
  /** CloudFormation forgets the stack's events, as after 90 days. */
  | { readonly do: 'forget events' }
  /** A Delete event of long ago comes once more, for a job that the stack still has. */
  | { readonly do: 'stale delete'; readonly jobId: string };

/** A job in some state. */
export interface NewJob {
  readonly status: 'COMPLETED' | 'CANCELED' | 'IN_PROGRESS' | 'SCHEDULED' | 'DELETION_IN_PROGRESS';
  readonly namespaceId?: string;
  readonly inProgress: number;
  /** Whether it has the tag app=ota. */
  readonly tagged: boolean;
  /** Whether it targets the thing group. */
  readonly grouped?: boolean;
}

export type Program = readonly Step[];

const rarely = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const mostly = rarely.map((value) => !value);
const namespace = fc.option(fc.constantFrom('edge', 'core', 'edge', 'core', 'edge', 'aws-gg'), {
  nil: undefined,
  freq: 4,
});

const deletion: fc.Arbitrary<DeletionSpec> = fc.record({
  force: mostly,
  cancelFirst: rarely,
  deleteOnRollback: rarely,
  retain: rarely,
  revision: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
  namespaceId: fc.option(fc.constant('edge'), { nil: undefined, freq: 7 }),
});

const selection: fc.Arbitrary<SelectionSpec> = fc.oneof(
  fc.record({ jobIds: fc.subarray([...JOBS, ...TOKEN_JOBS], { minLength: 1 }) }),
  fc.record({ prefix: fc.constantFrom('job-', 'token-') }),
  fc.record({ app: fc.constant('ota') }),
  fc.record({ prefix: fc.constant('job-'), app: fc.constant('ota') }),
);

const sweep: fc.Arbitrary<SweepSpec> = fc
  .record({
    deletion,
    id: fc.constantFrom('Sweep' as const, 'Moved' as const),
    selection,
    maxJobs: fc.constantFrom(1000, 2),
  })
  .map(({ deletion: options, ...rest }) => ({ ...options, ...rest }));

/** Leaves out the names that the patterns don't cover: those are an error at synth. */
function within(covers: (jobId: string) => boolean, spec: SweepSpec): SweepSpec | undefined {
  if (!('jobIds' in spec.selection)) {
    return spec;
  }
  const jobIds = spec.selection.jobIds.filter(covers);
  return jobIds.length > 0 ? { ...spec, selection: { jobIds } } : undefined;
}

const stack: fc.Arbitrary<StackSpec> = fc
  .record({
    narrow: rarely,
    jobs: fc.subarray([...JOBS]),
    specs: fc.array(deletion, { minLength: JOBS.length, maxLength: JOBS.length }),
    token: fc.option(fc.record({ jobId: fc.constantFrom(...TOKEN_JOBS), spec: deletion }), { nil: undefined }),
    tokenId: fc.constantFrom('Token' as const, 'Renamed' as const),
    sweep: fc.option(sweep, { nil: undefined, freq: 3 }),
    fails: rarely,
    onFailure: fc.constantFrom(undefined, undefined, 'DO_NOTHING' as const, 'DELETE' as const),
  })
  .map(({ narrow, jobs, specs, token, tokenId, sweep: sweeping, fails, onFailure }) => {
    // A literal outside of the patterns is an error at synth.
    const covers = (jobId: string): boolean => !narrow || jobId !== 'other';
    const covered = jobs.filter(covers);
    const literals = covered.map((jobId): [string, DeletionSpec] => [jobId, specs[JOBS.indexOf(jobId)]!]);
    return {
      patterns: narrow ? NARROW : ['*'],
      deletions: Object.fromEntries(token ? [...literals, [token.jobId, token.spec]] : literals),
      token: token?.jobId,
      tokenId,
      sweep: sweeping && within(covers, sweeping),
      fails,
      onFailure,
    };
  });

const trouble: fc.Arbitrary<Trouble> = fc.record({
  seed: fc.nat(),
  faults: fc.constantFrom(0, 0, 0.1, 0.3),
  crashes: fc.constantFrom(0, 0, 0, 0.05),
  duplicates: fc.constantFrom(0, 0, 0.3),
  strangers: fc.constantFrom(0, 0, 0.05, 0.2),
});

const job: fc.Arbitrary<NewJob> = fc.record({
  status: fc.constantFrom('COMPLETED', 'CANCELED', 'IN_PROGRESS', 'SCHEDULED', 'DELETION_IN_PROGRESS'),
  namespaceId: namespace,
  inProgress: fc.constantFrom(0, 0, 2),
  tagged: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deploy' as const), stack, trouble }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('destroy' as const), trouble }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('create job' as const),
      jobId: fc.constantFrom(...JOBS, ...TOKEN_JOBS),
      job,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('occupy slots' as const),
      slots: fc.integer({ min: 8, max: 10 }),
      milliseconds: fc.constantFrom(5_000, 60_000),
    }),
  },
);

/** How AWS IoT behaves in a program. */
export interface Behaviour {
  /** How long a list still shows a job that is gone, in milliseconds. */
  readonly goneJobs: number;
  /** How long devices are not told of a cancellation, in milliseconds. */
  readonly cancellation: number;
  /** How many jobs a list gives at a time; left out: as many as it is asked for. */
  readonly pageSize?: number;
}

export const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  goneJobs: fc.constantFrom(0, 0, 0, 5_000),
  cancellation: fc.constantFrom(0, 0, 0, 4_000),
  pageSize: fc.constantFrom(undefined, undefined, undefined, 2),
});

/** Jobs, and then whatever happens to them and to the stack. */
export const program: fc.Arbitrary<Program> = fc
  .tuple(fc.array(job, { minLength: 6, maxLength: 6 }), stack, trouble, fc.array(step, { minLength: 1, maxLength: 5 }))
  .map(([jobs, first, firstTrouble, steps]) => [
    ...[...JOBS, ...TOKEN_JOBS].map((jobId, index) => ({ do: 'create job' as const, jobId, job: jobs[index]! })),
    { do: 'deploy', stack: first, trouble: firstTrouble },
    ...steps,
  ]);
