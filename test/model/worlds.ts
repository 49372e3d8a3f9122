import {
  type DeletionSpec,
  HAPPENINGS,
  type NewJob,
  type Program,
  type StackSpec,
  type Step,
  type Strike,
  type SweepSpec,
  type Trouble,
} from './program';
import { placeOf } from './meanwhile';
import { type MakeMutant, run, type RunOptions, type Tally } from './run';

/** A small world: one or two jobs, and one operation on a stack. */
interface World {
  readonly name: string;
  /** @param last what may happen in the operation */
  readonly program: (last: Trouble) => Program;
}

/** A small world in which one thing happens, or two, each at one point of the operation: before its nth call. */
interface Combination extends World {
  readonly what: readonly Strike['what'][];
  readonly lists: keyof typeof LISTS;
}

/** What came of all of them. */
export interface Exploration {
  readonly worlds: number;
  /** What is violated, in the shortest world in which that happens. */
  readonly violation?: string;
}

/** Which worlds to see. */
export interface ExploreOptions {
  /** Of what may happen in which world, each nth. Default: all. */
  readonly combinations?: number;
  /** Of the points of an operation, each nth. Default: all. */
  readonly points?: number;
  /** Only worlds with this in their name, and only this happening. */
  readonly only?: { readonly name: string; readonly what: Strike['what'] };
  /** Two things happen in each of the smallest worlds, instead of one in all. */
  readonly pairs?: boolean;
  readonly mutant?: MakeMutant;
  readonly onWorld?: (worlds: number) => void;
}

const CALM: Trouble = { seed: 1, faults: 0, crashes: 0, duplicates: 0, strangers: 0 };
const STATUSES = ['SCHEDULED', 'IN_PROGRESS', 'CANCELED', 'COMPLETED'] as const;
const LISTS = { 'up to date': {}, lagging: { goneJobs: 5_000 } } as const;

const forced: DeletionSpec = { force: true, cancelFirst: false, deleteOnRollback: false, retain: false };
const gentle: DeletionSpec = { ...forced, force: false };
const cancelling: DeletionSpec = { ...forced, cancelFirst: true };
const undone: DeletionSpec = { ...forced, deleteOnRollback: true };
const empty: StackSpec = { patterns: ['*'], deletions: {}, tokenId: 'Token', fails: false };

function job(jobId: string, status: NewJob['status']): Step {
  const inProgress = status === 'IN_PROGRESS' ? 1 : 0;
  return { do: 'create job', jobId, job: { status, inProgress, tagged: true, grouped: true } };
}

function deploy(stack: Partial<StackSpec>, trouble = CALM): Step {
  return { do: 'deploy', stack: { ...empty, ...stack }, trouble };
}

function sweeping(selection: SweepSpec['selection'], spec = forced): Partial<StackSpec> {
  return { sweep: { ...spec, id: 'Sweep', selection, maxJobs: 1000 } };
}

const one = (spec: DeletionSpec): Partial<StackSpec> => ({ deletions: { 'job-a': spec } });
const named = (tokenId: 'Token' | 'Renamed'): Partial<StackSpec> => ({
  deletions: { 'token-a': forced },
  token: 'token-a',
  tokenId,
});

/** Each event that a deletion of one job may get, for a job in each status. */
const ofOneJob: readonly World[] = STATUSES.flatMap((status): World[] => [
  ...Object.entries({ forced, gentle, cancelling }).map(([how, spec]) => ({
    name: `a ${status} job goes with the stack, ${how}`,
    program: (last: Trouble): Program => [job('job-a', status), deploy(one(spec)), { do: 'destroy', trouble: last }],
  })),
  {
    name: `a ${status} job goes in clean-up`,
    program: (last) => [job('job-a', status), deploy(one(forced)), deploy({}, last)],
  },
]);

/** The events of updates and failures. */
const ofUpdates: readonly World[] = [
  {
    name: 'a construct is renamed',
    program: (last) => [job('token-a', 'IN_PROGRESS'), deploy(named('Token')), deploy(named('Renamed'), last)],
  },
  {
    name: 'a revision changes',
    program: (last) => [
      job('job-a', 'IN_PROGRESS'),
      deploy(one(forced)),
      deploy(one({ ...forced, revision: '1' }), last),
    ],
  },
  {
    name: 'a creation is rolled back',
    program: (last) => [job('job-a', 'IN_PROGRESS'), deploy({ ...one(forced), fails: true }, last)],
  },
  {
    name: 'a creation is rolled back, deleteOnRollback',
    program: (last) => [job('job-a', 'IN_PROGRESS'), deploy({ ...one(undone), fails: true }, last)],
  },
  {
    name: 'an update is rolled back, and the stack had the job before',
    program: (last) => [
      job('token-a', 'IN_PROGRESS'),
      deploy(named('Token')),
      deploy({ ...named('Token'), ...sweeping({ prefix: 'token-' }, undone), fails: true }, last),
    ],
  },
  {
    name: 'after an update that removed it, a new job has its id',
    program: (last) => [
      job('job-a', 'IN_PROGRESS'),
      job('job-b', 'IN_PROGRESS'),
      deploy({ deletions: { 'job-a': forced, 'job-b': forced } }),
      deploy({ deletions: { 'job-b': forced } }),
      job('job-a', 'IN_PROGRESS'),
      deploy({}, last),
    ],
  },
  {
    name: 'a creation that failed is deleted',
    program: (last) => [
      job('job-a', 'IN_PROGRESS'),
      deploy({ ...one(forced), fails: true, onFailure: 'DO_NOTHING' }),
      { do: 'destroy', trouble: last },
    ],
  },
];

/** What was rolled back left its job: no event of that time takes it along later. */
const ofRollbacks: readonly World[] = [
  ['another job goes in clean-up', (last: Trouble) => deploy({}, last)] as const,
  ['the stack goes', (last: Trouble): Step => ({ do: 'destroy', trouble: last })] as const,
].map(([what, then]) => ({
  name: `after an update that was rolled back, ${what}`,
  program: (last) => [
    job('job-a', 'IN_PROGRESS'),
    job('job-b', 'IN_PROGRESS'),
    deploy({ deletions: { 'job-b': forced } }),
    deploy({ deletions: { 'job-a': forced, 'job-b': forced }, fails: true }),
    then(last),
  ],
}));

/** Jobs that are swept, by whatever selects them, while they move between the lists. */
const ofSweeps: readonly World[] = [
  ...(['SCHEDULED', 'IN_PROGRESS', 'COMPLETED'] as const).flatMap((status): World[] =>
    [{ grouped: true } as const, { statuses: ['COMPLETED', 'IN_PROGRESS', 'SCHEDULED'] }, { prefix: 'job-' }].map(
      (selection) => ({
        name: `a ${status} job is swept with the stack by ${Object.keys(selection)[0]}`,
        program: (last) => [job('job-a', status), deploy(sweeping(selection)), { do: 'destroy', trouble: last }],
      }),
    ),
  ),
  ...[{ grouped: true } as const, { prefix: 'job-' }, { app: 'ota' }, { jobIds: ['job-a', 'job-b'] }].flatMap(
    (selection): World[] => {
      const two = [job('job-a', 'SCHEDULED'), job('job-b', 'COMPLETED')];
      return [
        {
          name: `two jobs are swept with the stack by ${Object.keys(selection)[0]}`,
          program: (last) => [...two, deploy(sweeping(selection)), { do: 'destroy', trouble: last }],
        },
        {
          name: `two jobs are swept in clean-up by ${Object.keys(selection)[0]}, and one is kept`,
          program: (last) => [...two, deploy({ ...one(forced), ...sweeping(selection) }), deploy(one(forced), last)],
        },
      ];
    },
  ),
];

/** From small worlds to bigger ones. */
const combinations: readonly Combination[] = [...ofOneJob, ...ofUpdates, ...ofRollbacks, ...ofSweeps].flatMap((world) =>
  (Object.keys(LISTS) as Combination['lists'][]).flatMap((lists) =>
    HAPPENINGS.map((what): Combination => ({ ...world, what: [what], lists })),
  ),
);

/** The worlds in which two things happen: the smallest of a deletion, and of an update. */
const SMALLEST = ['a IN_PROGRESS job goes with the stack, cancelling', 'a IN_PROGRESS job goes in clean-up'];
const PAIRED = ['crash', 'second delivery', 'slots taken', 'id used again', 'job ends'] as const;

const pairs: readonly Combination[] = ofOneJob
  .filter(({ name }) => SMALLEST.includes(name))
  .flatMap((world) =>
    PAIRED.flatMap((one, index) =>
      PAIRED.slice(index).map((other): Combination => ({ ...world, what: [one, other], lists: 'up to date' })),
    ),
  );

/**
 * Sees every small world: each operation, with each thing that may happen, at each point at which it may. Between two
 * calls there is one moment: whatever happens in it before or after something else makes the same world.
 */
export async function explore(options: ExploreOptions = {}): Promise<Exploration> {
  const { combinations: nth = 1, points: step = 1, only, mutant, onWorld } = options;
  const all = options.pairs ? pairs : combinations;
  const chosen = all.filter(
    ({ name, what }, index) => index % nth === 0 && (!only || (name.includes(only.name) && what.includes(only.what))),
  );
  const tally: Tally = new Map();
  let worlds = 0;
  for (const combination of chosen) {
    // Other points each time, so that some of all are seen.
    for (let ats: Points | undefined = first(combination, worlds % step); ats;) {
      const outcome = await see(combination, ats, { tally, mutant });
      if (typeof outcome === 'string') {
        return { worlds, violation: await shortest(combination, ats, { tally, mutant }) };
      }
      ats = following(combination, ats, outcome, step);
      worlds += 1;
      onWorld?.(worlds);
    }
  }
  return { worlds };
}

/** At which points the things happen, in the order in which the combination names them. */
type Points = readonly number[];

/** Of the same thing twice, the one is before the other. */
function first({ what: [one, other] }: Combination, at: number): Points {
  return other === undefined ? [at] : [at, one === other ? at + 1 : 0];
}

/** The points after these, the last one's first. @param counts how many each has */
function following(combination: Combination, ats: Points, counts: Points, step: number): Points | undefined {
  const last = ats.length - 1;
  if (ats[last]! + step < counts[last]!) {
    return [...ats.slice(0, last), ats[last]! + step];
  }
  return last > 0 && ats[0]! + step < counts[0]! ? first(combination, ats[0]! + step) : undefined;
}

/** How many points the world has, for each thing that happens; or what is violated in it. */
async function see({ lists, program, what }: Combination, ats: Points, options: RunOptions): Promise<Points | string> {
  try {
    const strikes = what.map((each, index): Strike => ({ what: each, at: ats[index]! }));
    const counts = await run(program({ ...CALM, strikes }), { ...options, world: { listLag: LISTS[lists] } });
    return what.map((each) => counts[placeOf(each)]);
  } catch (error) {
    return (error as Error).message;
  }
}

async function shortest(combination: Combination, violated: Points, options: RunOptions): Promise<string> {
  const { lists, name, what } = combination;
  for (let ats: Points | undefined = first(combination, 0); ats;) {
    const outcome = await see(combination, ats, options);
    if (typeof outcome === 'string') {
      const happening = what.map((each, index) => `${each} at point ${ats![index]}`).join(', ');
      return `${name}, ${happening}, lists ${lists}: ${outcome}`;
    }
    ats = following(combination, ats, outcome, 1);
  }
  throw new Error(`It was violated at point ${violated.join(' and ')}, and then no more: ${name}, ${what.join(', ')}`);
}
