import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { JobDeletion, JobDeletionProvider, JobSelection, JobStatus, JobSweep, type JobSweepProps } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { type Plan, verdictOf } from '../../operator/plan/plan';
import { failures, startAws, synthesize, takeAllSlots } from '../e2e/world';
import { planOf } from './plan-world';

const STATUSES = ['IN_PROGRESS', 'SCHEDULED', 'COMPLETED', 'CANCELED'] as const;
const NAMESPACES = [undefined, undefined, undefined, 'ota', 'aws-greengrass'] as const;

/** Choices that a seed makes. */
class Choice {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  below(count: number): number {
    return uniformInt(this.generator, 0, count - 1);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }
}

/** A world: a stack before and after an update, and jobs. */
interface World {
  readonly stack: SynthesizedStack;
  /** Left out: the stack is deleted. */
  readonly next?: SynthesizedStack;
  readonly prepare: (aws: LocalAws) => void;
}

function worldOf(seed: number): World {
  const choice = new Choice(seed);
  const options = {
    force: choice.chance(2),
    cancelFirst: choice.chance(3),
    namespaceId: choice.chance(5) ? 'ota' : undefined,
    removalPolicy: choice.chance(6) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
  const listed = ['list-0', 'list-1', 'list-2'];
  const selection: JobSelection = choice.of([
    JobSelection.ids(listed),
    JobSelection.matching({ jobIdPrefix: 'swept-' }),
    JobSelection.matching({ tags: { team: 'fleet' } }),
    JobSelection.matching({ jobIdPrefix: 'swept-', statuses: [JobStatus.IN_PROGRESS, JobStatus.CANCELED] }),
  ]);
  const sweep: JobSweepProps = {
    jobs: selection,
    force: choice.chance(2),
    cancelFirst: choice.chance(3),
    maxJobs: choice.chance(8) ? 2 : undefined,
    removalPolicy: choice.chance(8) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
  const build = (what: (stack: Stack) => void): SynthesizedStack =>
    synthesize((stack) => {
      JobDeletionProvider.getOrCreate(stack);
      what(stack);
    });
  const stack = build((scope) => {
    new JobDeletion(scope, 'One', { jobId: 'one', ...options });
    new JobSweep(scope, 'Sweep', sweep);
  });
  const next = choice.chance(2)
    ? build((scope) => {
        if (choice.chance(2)) {
          new JobDeletion(scope, 'Renamed', { jobId: choice.of(['one', 'other', 'swept-1']) });
        }
        if (choice.chance(3)) {
          new JobSweep(scope, 'Sweep', {
            jobs: JobSelection.matching({ jobIdPrefix: choice.of(['swept-', 'swept-1', 'on']) }),
          });
        }
      })
    : undefined;
  const jobs = ['one', ...listed, 'swept-0', 'swept-1', 'swept-2', 'swept-10', 'kept-0'].filter(
    () => !choice.chance(6),
  );
  const made = jobs.map((jobId) => ({
    jobId,
    status: choice.of(STATUSES),
    namespaceId: choice.of(NAMESPACES),
    tags: new Map(choice.chance(2) ? [['team', 'fleet']] : []),
    executions: { queued: choice.below(2) },
  }));
  const slots = choice.chance(4);
  return {
    stack,
    next,
    prepare: (aws) => {
      made.forEach((job) => aws.iot.createJob(job));
      if (slots) {
        takeAllSlots(aws, 20_000);
      }
    },
  };
}

const DELETED = ['delete', 'cancel and delete', 'wait'];

/** What is told of a job, over all resources: who deletes it wins. */
function foretold(plan: Plan): Map<string, string> {
  const all = plan.deletions.flatMap(({ jobs }) => jobs);
  const results = new Map<string, string>();
  for (const { jobId, result } of all) {
    results.set(jobId, DELETED.includes(result) ? 'gone' : (results.get(jobId) ?? 'left'));
  }
  return results;
}

/** Each names the world that failed. */
const seeds = Array.from({ length: 20 }, (_, index) => 1_000 + index);

it.each(seeds)('tells what the teardown then does: seed %i', async (seed) => {
  const world = worldOf(seed);
  const aws = await startAws();
  try {
    const created = await aws.cloudFormation.createStack(world.stack);
    expect(created.status).toBe('CREATE_COMPLETE');
    world.prepare(aws);
    const before = aws.iot
      .jobs()
      .filter(({ jobId }) => !jobId.startsWith('stranger-'))
      .map(({ jobId }) => jobId);
    const callsBefore = aws.iot.calls.length;
    const plan = await planOf(aws, 'S', world.next?.template);
    expect(
      aws.iot.calls.slice(callsBefore).filter(({ operation }) => !/^(Describe|List)/.test(operation)),
    ).toStrictEqual([]);
    const { events } = world.next
      ? await aws.cloudFormation.updateStack(world.next)
      : await aws.cloudFormation.deleteStack({ stackName: 'S' });
    const told = foretold(plan);
    const left = new Set(aws.iot.jobs().map(({ jobId }) => jobId));
    const cancelled = new Set(
      aws.iot.calls.filter(({ operation }) => operation === 'CancelJob').map(({ jobId }) => jobId),
    );
    const jobs = plan.deletions.flatMap((deletion) => deletion.jobs);
    expect(Object.fromEntries(before.map((id) => [id, left.has(id) ? 'left' : 'gone']))).toStrictEqual(
      Object.fromEntries(before.map((id) => [id, told.get(id) ?? 'left'])),
    );
    expect([...cancelled].sort()).toStrictEqual(
      [...new Set(jobs.filter(({ result }) => result === 'cancel and delete').map(({ jobId }) => jobId))].sort(),
    );
    const failed = failures(events).length > 0;
    expect([verdictOf(plan), failures(events)[0]]).toStrictEqual([failed ? 'FAIL' : 'OK', failures(events)[0]]);
  } finally {
    await aws.close();
  }
});
