import fc from 'fast-check';
import { JOBS, type NewJob, type Program, type Step, type SweepSpec, type Trouble } from './program';

/** What seldom goes wrong by itself: each program has one of these besides its other troubles, or none. */
export interface Besides {
  readonly what:
    | 'nothing'
    | 'denied job'
    | 'stopped execution'
    | 'forgotten events'
    | 'two stacks with one job'
    | 'late delivery'
    | 'declared job'
    | 'sweep';
  readonly jobId: string;
  /** The call that is denied, or at which a person stops the waiter. */
  readonly operation: 'DescribeJob' | 'DeleteJob';
  /** In which operation on the stack, counted from the last one. */
  readonly before: number;
  /** At which of the operation's points something happens once. */
  readonly at: number;
}

export const besides: fc.Arbitrary<Besides> = fc.record({
  what: fc.constantFrom(
    'nothing' as const,
    'denied job' as const,
    'denied job' as const,
    'stopped execution' as const,
    'forgotten events' as const,
    'two stacks with one job' as const,
    'late delivery' as const,
    'declared job' as const,
    'sweep' as const,
  ),
  jobId: fc.constantFrom(...JOBS),
  operation: fc.constantFrom('DescribeJob' as const, 'DeleteJob' as const, 'DeleteJob' as const),
  before: fc.constantFrom(0, 0, 0, 1, 2),
  at: fc.nat({ max: 9 }),
});

/** The id of a job that the stack declares itself; the sweeps by prefix select it. */
const DECLARED = 'job-declared';

const CALM: Trouble = { seed: 1, faults: 0, crashes: 0, duplicates: 0, strangers: 0 };

/** A sweep comes, has an order for a revision, and then more jobs than it may delete. */
function sweeping(earlier: Program): Program {
  const stack = earlier.flatMap((step) => (step.do === 'deploy' ? [step.stack] : [])).at(-1);
  if (!stack) return [];
  const job: NewJob = { status: 'IN_PROGRESS', inProgress: 0, tagged: true };
  const jobs = JOBS.map((jobId): Step => ({ do: 'create job', jobId, job }));
  const deploy = (maxJobs: number, revision?: string): Step => {
    const options = { force: true, cancelFirst: false, deleteOnRollback: false, retain: false };
    const sweep: SweepSpec = { ...options, id: 'Sweep', selection: { prefix: 'job-' }, maxJobs, revision };
    return { do: 'deploy', stack: { ...stack, deletions: {}, token: undefined, sweep, fails: false }, trouble: CALM };
  };
  return [...jobs, deploy(1000), deploy(1000, '1'), ...jobs, deploy(2, '1')];
}

/** The program, with a deletion at its end, and with what goes wrong besides. */
export function withBesides(program: Program, { what, jobId, operation, before, at }: Besides): Program {
  const steps: readonly Step[] = [...program, { do: 'destroy', trouble: CALM }];
  const operations = steps.flatMap((step, index) => ('trouble' in step ? [index] : []));
  const chosen = operations.at(-1 - before) ?? operations[0]!;
  const [earlier, later] = [steps.slice(0, chosen), steps.slice(chosen + 1)];
  const troubled = (trouble: Partial<Trouble>): readonly Step[] => {
    const step = steps[chosen]!;
    return 'trouble' in step ? [{ ...step, trouble: { ...step.trouble, ...trouble } }] : [];
  };
  switch (what) {
    case 'nothing':
      return steps;
    case 'denied job':
      return [...earlier, ...troubled({ rules: [{ operation, jobId, fault: 'denied' }] }), ...later];
    case 'stopped execution':
      return [...earlier, ...troubled({ rules: [{ operation, fault: 'stopped execution', nth: 1 }] }), ...later];
    case 'forgotten events':
      return [...earlier, { do: 'forget events' }, ...troubled({}), ...later];
    case 'two stacks with one job':
      return [
        ...earlier,
        { do: 'other stack', jobId },
        ...troubled({ strikes: [{ what: 'other stack goes', at }] }),
        ...later,
      ];
    case 'late delivery':
      return [...earlier, ...troubled({ strikes: [{ what: 'late delivery', at }] }), ...later];
    case 'declared job':
      return steps.map((step) =>
        step.do === 'deploy' ? { ...step, stack: { ...step.stack, declared: DECLARED } } : step,
      );
    case 'sweep':
      return [...earlier, ...sweeping(earlier), ...troubled({}), ...later];
    default:
      return what satisfies never;
  }
}
