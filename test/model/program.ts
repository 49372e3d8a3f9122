import fc from 'fast-check';

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

/** A stack as it is deployed. */
export interface StackSpec {
  readonly patterns: readonly string[];
  readonly deletions: Readonly<Record<string, DeletionSpec>>;
  /** Of these, which one is given by a parameter; none: the stack has no such resource. */
  readonly token?: string;
  /** Something else in the stack fails when all of this is done. */
  readonly fails: boolean;
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
}

export type Step =
  | { readonly do: 'deploy'; readonly stack: StackSpec; readonly trouble: Trouble }
  | { readonly do: 'destroy'; readonly trouble: Trouble }
  | { readonly do: 'create job'; readonly jobId: string; readonly job: NewJob }
  | { readonly do: 'occupy slots'; readonly slots: number; readonly milliseconds: number };

/** A job in some state. */
export interface NewJob {
  readonly status: 'COMPLETED' | 'CANCELED' | 'IN_PROGRESS' | 'SCHEDULED' | 'DELETION_IN_PROGRESS';
  readonly namespaceId?: string;
  readonly inProgress: number;
}

export type Program = readonly Step[];

const rarely = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const mostly = rarely.map((value) => !value);
const namespace = fc.option(fc.constantFrom('edge', 'core'), { nil: undefined, freq: 4 });

const deletion: fc.Arbitrary<DeletionSpec> = fc.record({
  force: mostly,
  cancelFirst: rarely,
  deleteOnRollback: rarely,
  retain: rarely,
  revision: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
  namespaceId: fc.option(fc.constant('edge'), { nil: undefined, freq: 7 }),
});

const stack: fc.Arbitrary<StackSpec> = fc
  .record({
    narrow: rarely,
    jobs: fc.subarray([...JOBS]),
    specs: fc.array(deletion, { minLength: JOBS.length, maxLength: JOBS.length }),
    token: fc.option(fc.record({ jobId: fc.constantFrom(...TOKEN_JOBS), spec: deletion }), { nil: undefined }),
    fails: rarely,
  })
  .map(({ narrow, jobs, specs, token, fails }) => {
    // A literal outside of the patterns is an error at synth.
    const covered = jobs.filter((jobId) => !narrow || jobId !== 'other');
    const literals = covered.map((jobId): [string, DeletionSpec] => [jobId, specs[JOBS.indexOf(jobId)]!]);
    return {
      patterns: narrow ? NARROW : ['*'],
      deletions: Object.fromEntries(token ? [...literals, [token.jobId, token.spec]] : literals),
      token: token?.jobId,
      fails,
    };
  });

const trouble: fc.Arbitrary<Trouble> = fc.record({
  seed: fc.nat(),
  faults: fc.constantFrom(0, 0, 0.1, 0.3),
  crashes: fc.constantFrom(0, 0, 0, 0.05),
  duplicates: fc.constantFrom(0, 0, 0.3),
});

const job: fc.Arbitrary<NewJob> = fc.record({
  status: fc.constantFrom('COMPLETED', 'CANCELED', 'IN_PROGRESS', 'SCHEDULED', 'DELETION_IN_PROGRESS'),
  namespaceId: namespace,
  inProgress: fc.constantFrom(0, 0, 2),
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

/** Jobs, and then whatever happens to them and to the stack. */
export const program: fc.Arbitrary<Program> = fc
  .tuple(fc.array(job, { minLength: 6, maxLength: 6 }), stack, trouble, fc.array(step, { minLength: 1, maxLength: 7 }))
  .map(([jobs, first, firstTrouble, steps]) => [
    ...[...JOBS, ...TOKEN_JOBS].map((jobId, index) => ({ do: 'create job' as const, jobId, job: jobs[index]! })),
    { do: 'deploy', stack: first, trouble: firstTrouble },
    ...steps,
  ]);
