import fc from 'fast-check';
import type { FaultRule } from '../../local/faults/faults';
import { check } from './check';
import { firstToCatch, mutants } from './mutants';
import { mutantsOfKinds } from './mutants-of-kinds';
import { program, type Program } from './program';
import { run, type Tally } from './run';
import { CALM, deletions, deploy, destroy, job, sweep } from './scenarios';
import { composed, synthesized } from './templates';
import { deleteManyAtOnce } from './throttled';
import { explore } from './worlds';

// The same programs every time; `npm run soak` goes further afield. A violation says how to see it again.
const seed = 1;

test('60 random programs: nothing is lost, and nothing is stuck', async () => {
  const { violation, tally } = await check({ programs: 60, seed });
  expect(violation).toBeUndefined();
  // That they did what they are for; a seed would have to be very strange to miss one of these.
  const exercised = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];
  const occasions = ['with the stack', 'in clean-up', 'for a revision'];
  const deleted = occasions.flatMap((occasion) => [`deleted ${occasion}`, `swept ${occasion}`]);
  const kept = ['kept for another resource', 'said to be kept', 'newcomer with the same id', 'refused for maxJobs'];
  const troubled = ['never deployed', 'crash', 'duplicate event', 'throttled', 'lost answer'];
  const rare = ['named, for it is denied', 'others gone', 'forgotten events', 'stopped execution', 'late delivery'];
  const all = [...exercised, ...deleted, ...kept, ...troubled, ...rare, 'two stacks with one job', 'declared job kept'];
  expect([...tally.keys()]).toEqual(expect.arrayContaining(all));
}, 900_000);

test.each(Object.entries(mutants))(
  'a provider that %s is caught within 250 programs',
  async (name, mutant) => {
    // First the program that is known to catch it: should programs change, the search goes on from there.
    const path = String(firstToCatch[name] ?? 0);
    const caught = await check({ programs: 250, seed, path }, () => mutant);
    expect(caught.violation).toBeDefined();
    // The bug is what was caught: without it, the same program violates nothing.
    expect((await check({ programs: 1, seed, path: caught.path })).violation).toBeUndefined();
  },
  300_000,
);

describe('each kind of bug is caught at once', () => {
  const named = mutantsOfKinds.map(({ by, is, kind, make }) => [`${kind}: a provider that ${is}`, by, make] as const);

  test.each(named.flatMap(([name, by, make]) => ('program' in by ? [[name, by, make] as const] : [])))(
    '%s: by a program that is made for it',
    async (_name, { program: steps, world }, mutant) => {
      // The bug is what is caught: without it, the same program violates nothing.
      await expect(run(steps, { world })).resolves.toBeDefined();
      await expect(run(steps, { world, mutant })).rejects.toThrow(/./);
    },
  );

  test.each(named.flatMap(([name, by, make]) => ('worlds' in by ? [[name, by.worlds, make] as const] : [])))(
    '%s: by the small worlds',
    async (_name, only, mutant) => {
      expect((await explore({ only, mutant })).violation).toBeDefined();
    },
  );
});

/** A person stops the waiter's execution at a call. The look that makes it goes on, and may still answer. */
const stopped = (operation: string): FaultRule => ({ operation, fault: 'stopped execution', nth: 1 });
const active = job('job-a', { status: 'IN_PROGRESS' });

test.each<[string, Program, readonly string[]]>([
  ['before an order', [active, deploy(deletions(['job-a'])), destroy(stopped('DescribeJob'))], ['DELETE_FAILED']],
  ['at an order', [active, deploy(deletions(['job-a'])), destroy(stopped('DeleteJob'))], ['DELETE_FAILED']],
  ['in a sweep', [active, deploy(sweep({ prefix: 'job-' })), destroy(stopped('DeleteJob'))], ['swept with the stack']],
  ['in a creation', [active, deploy(deletions(['job-a']), stopped('DescribeJob'))], ['CREATE_COMPLETE']],
  ['in clean-up', [active, deploy(deletions(['job-a'])), deploy({}, stopped('DeleteJob'))], ['UPDATE_COMPLETE']],
])(
  'a person stops the waiter, %s: it is answered, or CloudFormation gives up, and the next deletion succeeds',
  async (_at, steps, ends) => {
    const tally: Tally = new Map();
    await run(steps, { tally });
    expect([...tally.keys()]).toEqual(expect.arrayContaining(['stopped execution', ...ends, 'DELETE_COMPLETE']));
  },
);

test('30 deletions at once, while CloudFormation takes ten calls a second: npm run soak -- --at-once 450', async () => {
  const { left, refused, statuses } = await deleteManyAtOnce(30);
  expect({ left, statuses }).toEqual({ left: 0, statuses: ['CREATE_COMPLETE', 'DELETE_COMPLETE'] });
  expect(refused).toBeGreaterThan(30);
});

test('some of the small worlds: whatever happens once, at any point, does no harm', async () => {
  const { violation, worlds } = await explore({ combinations: 17, points: 12 });
  expect(violation).toBeUndefined();
  expect(worlds).toBeGreaterThan(40);
});

test('what was delivered long ago comes again: neither a kept job is deleted, nor a new one with the id', async () => {
  const only = { name: 'after an update', what: 'late delivery' } as const;
  const { violation, worlds } = await explore({ only, points: 5 });
  expect(violation).toBeUndefined();
  expect(worlds).toBeGreaterThan(5);
});

test.each([0, 1, 2, 3, 4])(
  'before call %i of a deletion that fails: a Delete of an earlier clean-up does not pass for one of this deletion',
  async (at) => {
    const kept = sweep({ jobIds: ['token-b'] }, { retain: true });
    const failing = { namespaceId: 'edge' };
    const program: Program = [
      job('token-a', { namespaceId: 'core' }),
      job('token-b'),
      deploy({ ...deletions(['token-b']), token: 'token-b' }),
      deploy({ ...deletions(['token-a'], failing), token: 'token-a', ...kept }),
      { do: 'destroy', trouble: { ...CALM, strikes: [{ what: 'late delivery', at }] } },
    ];
    await expect(run(program)).resolves.toBeDefined();
  },
);

test('some pairs: two things happen in one of the smallest worlds', async () => {
  const { violation, worlds } = await explore({ pairs: true, combinations: 4, points: 7 });
  expect(violation).toBeUndefined();
  expect(worlds).toBeGreaterThan(20);
});

test('a template that is put together from parts is what CDK synthesizes', () => {
  const stacks = fc
    .sample(program, { seed, numRuns: 10 })
    .flatMap((steps) => steps.filter((step) => step.do === 'deploy'));
  expect(stacks.length).toBeGreaterThan(10);
  for (const { stack } of stacks) {
    expect({ seed, ...composed(stack).template }).toEqual({ seed, ...synthesized(stack).template });
  }
});
