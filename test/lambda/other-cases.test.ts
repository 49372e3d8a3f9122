// Other cases of the kinds R1 to R31: each was tried on the handler before it was known what comes of it.

import { jobHash } from '../../lambda/search/job-hash';
import { awsError } from './aws-error';
import { event, REQUESTED, ROLE, STACK, sweepEvent, World } from './world';

let world: World;
beforeEach(() => {
  world = new World();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const GROUP = 'arn:aws:iot:us-east-1:123456789012:thinggroup/fleet';
const sweep = (properties: Record<string, unknown>, rest: object = {}): ReturnType<typeof sweepEvent> =>
  sweepEvent('Delete', properties, rest);
const add = (count: number, prefix: string, ...rest: [string?, object?]): void =>
  Array.from({ length: count }, (_, index) => world.account.add(`${prefix}${index}`, ...rest)).forEach(() => undefined);
const denied = awsError('AccessDeniedException', 403, 'not authorized');
const CLEANUP = ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'];

describe('claims (R1, R2)', () => {
  beforeEach(() => void world.statuses.splice(0, 1, CLEANUP));
  test.each([
    'jobs:us-east-1:123456789012?jobIdPrefix=job-&newFilter=x',
    'jobs:us-east-1:123456789012?newFilter=x',
    'jobs:us-east-1:123456789012?jobs=abc',
    'jobs:us-east-1:123456789012?',
  ])('unreadable claim %s: fails with command', async (physicalId) => {
    world.account.add('job-1');
    world.resources.splice(0, 1, [{ type: 'Custom::IoTJobSweep', physicalId }]);
    const a = await world.run(event('Delete'));
    expect(a).toMatchObject({ Status: 'FAILED' });
    expect(a.Reason).toContain('aws iot delete-job --job-id job-1 --force --region us-east-1');
  });
  test('two lists overlap, one leaves', async () => {
    add(60, 'j-');
    const kept = Array.from({ length: 30 }, (_, i) => `j-${i}`);
    world.resources.splice(0, 1, [
      {
        type: 'Custom::IoTJobSweep',
        physicalId: `jobs:us-east-1:123456789012?jobs=${kept.map(jobHash).sort().join('')}`,
      },
    ]);
    const a = await world.run(sweep({ JobIds: Array.from({ length: 60 }, (_, i) => `j-${i}`) }));
    expect(a.Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual(kept);
    expect(a.Reason).toContain('Kept: "j-0"');
  });
});

describe('a job that another sweep of the stack would hold on to once it is CANCELED', () => {
  const claim = { type: 'Custom::IoTJobSweep', physicalId: 'jobs:us-east-1:123456789012?statuses=CANCELED' };
  beforeEach(() => {
    world.statuses.splice(0, 1, CLEANUP);
    world.resources.splice(0, 1, [claim]);
    world.account.add('a-active', 'IN_PROGRESS');
    world.account.add('a-canceled', 'CANCELED');
  });
  const cancelling = sweep({ JobIdPrefix: 'a-', CancelFirst: 'true' });

  test('is cancelled and deleted, and one that was CANCELED before is kept', async () => {
    expect(await world.run(cancelling)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual(['a-canceled']);
  });

  test.each(['CancelJob', 'DeleteJob'] as const)('also where the look is killed that has sent %s', async (order) => {
    Object.assign(world, { functionTimeout: 31_000 });
    Object.assign(world.account, { cancellationTime: 20_000, deletionTime: 20_000 });
    await world.receive(cancelling);
    for (let { Step } = world.inputs[0]!; !Step.Answered;) {
      const before = world.account.count(order);
      const next = await world.look({ Event: cancelling, Step });
      // Its step is lost.
      Step = before > 0 || world.account.count(order) === 0 ? next : Step;
      await world.clock.sleep(1_000);
    }
    expect(world.account.count(order)).toBe(1);
    expect(world.account.jobIds).toEqual(['a-canceled']);
  });
});

describe('one bad job (R13)', () => {
  test.each(['DescribeJob', 'DeleteJob'] as const)('%s of 1 of 100 named', async (operation) => {
    add(100, 'ota-');
    world.account.fail(operation, denied, { times: Infinity, jobId: 'ota-7' });
    const reason = await world.failure(sweep({ JobIds: Array.from({ length: 100 }, (_, i) => `ota-${i}`) }));
    expect(world.account.jobIds).toEqual(['ota-7']);
    expect(reason).toContain('1 of 100 jobs was not deleted. "ota-7" was not deleted, because iot:' + operation);
  });
  test.each<[string, () => void, Parameters<World['account']['fail']>[0], Record<string, unknown>]>([
    [
      'ListTags denied on 1 of 100',
      () => add(100, 'ota-', 'COMPLETED', { tags: { a: 'b' } }),
      'ListTagsForResource',
      { Tags: { a: 'b' } },
    ],
    [
      'targeting: DescribeJob denied on 1 SCHEDULED of 50',
      () => add(50, 'ota-', 'SCHEDULED', { targets: [GROUP] }),
      'DescribeJob',
      { ThingGroupName: 'fleet' },
    ],
    [
      'CancelJob denied on 1 of 20',
      () => add(20, 'ota-', 'IN_PROGRESS'),
      'CancelJob',
      { JobIdPrefix: 'ota-', CancelFirst: 'true' },
    ],
  ])('%s', async (_what, fill, operation, properties) => {
    fill();
    world.account.fail(operation, denied, { times: Infinity, jobId: 'ota-7' });
    const reason = await world.failure(sweep(properties));
    expect(world.account.jobIds).toEqual(['ota-7']);
    expect(reason).toContain('"ota-7"');
  });
  test('refused with something else than denial, 1 of 20 (named)', async () => {
    add(20, 'ota-');
    world.account.fail('DescribeJob', awsError('InvalidRequestException', 400, 'odd'), {
      times: Infinity,
      jobId: 'ota-7',
    });
    await world.failure(sweep({ JobIds: Array.from({ length: 20 }, (_, i) => `ota-${i}`) }));
    expect(world.account.jobIds).toEqual(['ota-7']);
  });
  test.each([
    ['named', { JobIds: Array.from({ length: 10 }, (_, i) => `ota-${i}`) }],
    ['by prefix', { JobIdPrefix: 'ota-' }],
  ])('DescribeJob of 1 of 10 answers 500 for ever (%s)', async (_how, selection) => {
    add(10, 'ota-');
    world.account.fail('DescribeJob', awsError('InternalFailureException', 500, 'odd'), {
      times: Infinity,
      jobId: 'ota-7',
    });
    const reason = await world.failure(sweep({ ...selection, TimeoutSeconds: '300' }));
    expect(world.account.jobIds).toEqual(['ota-7']);
    expect(reason).toContain('"ota-7"');
  });
});

describe('finding (R7 to R11, R16)', () => {
  test('100 names at 2.5 s a call', async () => {
    add(100, 'ota-');
    world.account.latency = 2_500;
    world.account.deletionTime = 100;
    const a = await world.run(sweep({ JobIds: Array.from({ length: 100 }, (_, i) => `ota-${i}`) }));
    expect(a.Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual([]);
  });
  test('targeting 1,500 matching SCHEDULED jobs, maxJobs 1,600, at 300 ms', async () => {
    add(1_500, 'ota-', 'SCHEDULED', { targets: [GROUP] });
    world.account.latency = 300;
    world.account.deletionTime = 100;
    const a = await world.run(sweep({ ThingGroupName: 'fleet', MaxJobs: '1600' }));
    expect(a).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
  test('tags changed between two sweeps of a warm function: the job is found', async () => {
    const job = world.account.add('x');
    world.account.add('y', 'COMPLETED', { tags: { a: 'b' } });
    await world.run(sweep({ Tags: { a: 'b' } }));
    expect(world.account.jobIds).toEqual(['x']);
    job.tags = { a: 'b' };
    await world.clock.sleep(60_000);
    const at = new Date(world.time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    await world.run(
      sweep({ Tags: { a: 'b' } }, { ResponseURL: `https://x.s3.amazonaws.com/?X-Amz-Date=${at}`, RequestId: 'r2' }),
    );
    expect(world.account.jobIds).toEqual([]);
  });
  test('a tag is taken off between the finding and the order: kept', async () => {
    add(12, 's-', 'DELETION_IN_PROGRESS');
    const job = world.account.add('x', 'COMPLETED', { tags: { a: 'b' } });
    world.account.before = ({ at }): void => {
      if (at > REQUESTED + 60_000 && world.account.job('s-0')) {
        job.tags = {};
        for (let i = 0; i < 12; i++) world.account.remove(`s-${i}`);
      }
    };
    await world.run(sweep({ Tags: { a: 'b' } }));
    expect(world.account.jobIds).toEqual(['x']);
  });
  test('thing group that does not exist', async () => {
    world.account.add('a', 'SCHEDULED', { targets: [GROUP] });
    expect((await world.run(sweep({ ThingGroupName: 'nope' }))).Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual(['a']);
  });
  test('named jobs that others still manage are told of, however many looks it takes', async () => {
    add(3, 'ota-');
    world.account.deletionTime = 600_000;
    world.statuses.splice(0, 1, CLEANUP);
    world.resources.splice(0, 1, [{ physicalId: 'ota-1' }]);
    const answer = await world.run(sweep({ JobIds: ['ota-0', 'ota-1', 'ota-2'] }));
    expect(world.looks).toBeGreaterThan(1);
    expect(answer.Reason).toContain('Kept: "ota-1"');
  });
  test('exactly maxJobs', async () => {
    add(7, 'ota-');
    expect((await world.run(sweep({ JobIdPrefix: 'ota-', MaxJobs: '7' }))).Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual([]);
  });
});

describe('lists between which jobs move (R3, R4)', () => {
  test('three statuses during a list: SCHEDULED -> IN_PROGRESS -> COMPLETED', async () => {
    const job = world.account.add('a', 'SCHEDULED', { targets: [GROUP] });
    let n = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'ListJobs' && job.status !== 'DELETION_IN_PROGRESS') {
        n++;
        job.status = ['SCHEDULED', 'IN_PROGRESS', 'COMPLETED'][Math.min(n - 1, 2)]!;
      }
    };
    await world.run(sweep({ ThingGroupName: 'fleet' }));
    expect(world.account.jobIds).toEqual([]);
  });
  test('statuses SCHEDULED, IN_PROGRESS: ping-pong', async () => {
    const job = world.account.add('a', 'IN_PROGRESS');
    let n = 0;
    world.account.before = ({ operation, with: w = '' }): void => {
      if (operation === 'ListJobs' && n < 2 && job.status !== 'DELETION_IN_PROGRESS') {
        n++;
        job.status = w.includes('SCHEDULED') ? 'IN_PROGRESS' : 'SCHEDULED';
      }
    };
    await world.run(sweep({ Statuses: ['SCHEDULED', 'IN_PROGRESS'] }));
    expect(world.account.jobIds).toEqual([]);
  });
  test('statuses with all four, cancelled between', async () => {
    const job = world.account.add('a', 'IN_PROGRESS');
    let n = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'ListJobs' && ++n === 2 && job.status === 'IN_PROGRESS') job.status = 'CANCELED';
    };
    await world.run(sweep({ Statuses: ['COMPLETED', 'CANCELED', 'IN_PROGRESS', 'SCHEDULED'] }));
    expect(world.account.jobIds).toEqual([]);
  });
  test.each(['FOO', 'completed', 'DELETION_IN_PROGRESS'])('Statuses [%s] is refused when created', async (status) => {
    expect(await world.failure(sweepEvent('Create', { Statuses: [status] }))).toContain(status);
  });
  test('TargetSelection FOO is refused when created', async () => {
    expect(await world.failure(sweepEvent('Create', { TargetSelection: 'FOO' }))).toContain('FOO');
  });
  test('ThingGroupName "a b" is refused when created', async () => {
    expect(await world.failure(sweepEvent('Create', { ThingGroupName: 'a b' }))).toContain('a b');
  });
  test('statuses [COMPLETED], its deletion fails and it is COMPLETED again', async () => {
    const job = world.account.add('a');
    let once = false;
    world.account.deletionTime = 600_000;
    world.account.before = ({ at }): void => {
      if (!once && job.status === 'DELETION_IN_PROGRESS' && at > REQUESTED + 20_000) {
        once = true;
        world.account.remove('a');
        world.account.add('a', 'COMPLETED', { createdAt: job.createdAt });
        world.account.deletionTime = 1_000;
      }
    };
    expect((await world.run(sweep({ Statuses: ['COMPLETED'] }))).Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual([]);
  });
  test.each([{ Statuses: ['COMPLETED'] }, { JobIdPrefix: 'a' }, { JobIds: ['a'] }])(
    'DELETION_FAILED (%j): named',
    async (properties) => {
      const job = world.account.add('a');
      world.account.deletionTime = Infinity;
      world.account.before = ({ at }): void => {
        if (job.status === 'DELETION_IN_PROGRESS' && at > REQUESTED + 20_000) {
          world.account.remove('a');
          world.account.add('a', 'DELETION_FAILED', { createdAt: job.createdAt });
        }
      };
      const a = await world.run(sweep({ ...properties, TimeoutSeconds: '300' }));
      expect(a.Status).toBe('FAILED');
      expect(a.Reason).toContain('DELETION_FAILED');
    },
  );
});

describe('commands (R17)', () => {
  test('undecided, in another region', async () => {
    world.account.add('job-1');
    world.statuses.splice(0, 1, awsError('ServiceUnavailable', 503, 'later'));
    const reason = await world.failure(
      event(
        'Delete',
        { Region: 'eu-west-1', NamespaceId: 'edge', TimeoutSeconds: '100' },
        { PhysicalResourceId: 'arn:aws:iot:eu-west-1:123456789012:job/job-1' },
      ),
    );
    expect(reason).toContain('aws iot delete-job --job-id job-1 --force --namespace-id edge --region eu-west-1');
  });
  test('unclear, in another account', async () => {
    world.statuses.splice(0, 1, ['UPDATE_FAILED']);
    const reason = await world.failure(
      event(
        'Delete',
        { AssumeRole: { RoleArn: ROLE } },
        { PhysicalResourceId: 'arn:aws:iot:us-east-1:222222222222:job/job-1' },
      ),
    );
    expect(reason).toContain('--profile account-222222222222');
  });
  test('a forged id never stands in a command', async () => {
    world.statuses.splice(0, 1, ['UPDATE_FAILED']);
    const id = 'a; rm -rf ~';
    const reason = await world.failure(event('Delete', { JobId: id }, { PhysicalResourceId: id }));
    expect(reason).not.toContain('--job-id a;');
  });
  test('sweep, undecided, other region', async () => {
    world.statuses.splice(0, 1, ['UPDATE_FAILED']);
    const reason = await world.failure(sweep({ JobIdPrefix: 'x', Region: 'eu-west-1' }));
    expect(reason).toContain('--region eu-west-1');
  });
});

describe('statuses (R5, R6)', () => {
  test.each([
    [['UPDATE_ROLLBACK_FAILED'], 'FAILED'],
    [['IMPORT_COMPLETE'], 'FAILED'],
    [['IMPORT_ROLLBACK_FAILED'], 'FAILED'],
    [['DELETE_IN_PROGRESS', 'IMPORT_ROLLBACK_IN_PROGRESS'], 'SUCCESS'],
    [['DELETE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'], 'FAILED'],
    [['DELETE_IN_PROGRESS', 'CREATE_IN_PROGRESS'], 'FAILED'],
    [['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_IN_PROGRESS'], 'FAILED'],
    [['DELETE_IN_PROGRESS', 'IMPORT_IN_PROGRESS'], 'FAILED'],
    [['DELETE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'], 'FAILED'],
    [['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'], 'SUCCESS'],
    [['DELETE_IN_PROGRESS', 'SOMETHING_NEW'], 'FAILED'],
  ])('%j keeps: %s', async (statuses, status) => {
    world.account.add('job-1');
    world.statuses.splice(0, 1, statuses);
    expect((await world.run(event('Delete'))).Status).toBe(status);
    expect(world.effects).toEqual([]);
  });
  test.each([
    [['DELETE_IN_PROGRESS', 'DELETE_COMPLETE']],
    [['DELETE_IN_PROGRESS', 'UPDATE_FAILED']],
    [['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']],
    [['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']],
  ])('%j deletes', async (statuses) => {
    world.account.add('job-1');
    world.statuses.splice(0, 1, statuses);
    await world.run(event('Delete'));
    expect(world.account.jobIds).toEqual([]);
  });
  test('clean-up with a throttled DescribeStacks', async () => {
    world.account.add('job-1');
    const t = awsError('Throttling', 400);
    world.statuses.splice(0, 1, t, t, t, t, t, t, t, t, t, CLEANUP);
    expect((await world.run(event('Delete'))).Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual([]);
  });
  test('DescribeStackEvents denied: fails after 20 s, deletes nothing', async () => {
    world.account.add('job-1');
    world.events.splice(0, 1, denied);
    expect(await world.failure(event('Delete'))).toContain('cloudformation:DescribeStackEvents');
    expect(world.effects).toEqual([]);
  });
});

describe('events (R20, R28)', () => {
  test('a partition that is not here', async () => {
    expect(await world.failure(event('Create', {}, { StackId: STACK.replace('aws:', 'aws-cn:') }))).toContain('aws-cn');
  });
  test('Force as a boolean in a forged event', async () => {
    world.account.add('job-1', 'IN_PROGRESS');
    const a = await world.run(event('Delete', { Force: true }));
    expect([a.Status, world.effects.length]).toEqual(['FAILED', 0]);
    expect(a.Reason).toMatch(/Force/);
  });
  test('unknown Rest format with a Target: claims hold', async () => {
    const job = world.account.add('job-1');
    world.statuses.splice(0, 1, CLEANUP);
    const Step = { Deadline: REQUESTED + 600_000, Target: { 'job-1': job.createdAt }, Rest: { Format: 99 } as never };
    expect(await world.wait({ Event: event('Delete'), Step })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
  test('an Update that goes back in a rollback does not fail for IoT', async () => {
    world.statuses.splice(0, 1, ['UPDATE_ROLLBACK_IN_PROGRESS']);
    world.account.fail('DescribeJob', denied, { times: Infinity });
    expect((await world.run(event('Update', { JobId: 'job-2' }))).Status).toBe('SUCCESS');
  });
  test('recreated under the same id by somebody else mid-deletion, and deleted again by them', async () => {
    const job = world.account.add('job-1');
    let n = 0;
    world.account.deletionTime = 5_000;
    world.account.before = ({ operation }): void => {
      if (operation === 'DescribeJob' && job.status === 'DELETION_IN_PROGRESS' && ++n === 2) {
        world.account.remove('job-1');
        world.account.add('job-1', 'IN_PROGRESS', { createdAt: REQUESTED + 5_000 });
      }
    };
    expect((await world.run(event('Delete'))).Status).toBe('SUCCESS');
    expect(world.account.job('job-1')).toMatchObject({ status: 'IN_PROGRESS' });
  });
  test('2,500 jobs of AWS in a sweep by status and one of ours', async () => {
    add(2_500, 'gg-', 'COMPLETED', { namespaceId: 'aws-gg' });
    world.account.add('mine');
    const a = await world.run(sweep({ Statuses: ['COMPLETED'], MaxJobs: '5000' }));
    expect(a.Status).toBe('SUCCESS');
    expect(world.account.job('mine')).toBeUndefined();
  });
  test('lists that lag both ways, prefix', async () => {
    world.account.lag = 8_000;
    add(15, 'ota-');
    const a = await world.run(sweep({ JobIdPrefix: 'ota-' }));
    expect(a.Status).toBe('SUCCESS');
    expect(world.effects).toHaveLength(15);
  });
});

describe('finding, orders, clocks and steps', () => {
  test('targeting 2,500 SCHEDULED, maxJobs 2,600', async () => {
    add(2_500, 'ota-', 'SCHEDULED', { targets: [GROUP] });
    world.account.latency = 100;
    world.account.deletionTime = 100;
    expect(await world.run(sweep({ ThingGroupName: 'fleet', MaxJobs: '2600' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
  test('tags, 2,500 matches of 2,600: count over looks', async () => {
    add(2_500, 'ota-', 'COMPLETED', { tags: { a: 'b' } });
    world.account.latency = 500;
    world.account.deletionTime = 100;
    world.functionTimeout = 90_000;
    const a = await world.run(sweep({ Tags: { a: 'b' }, MaxJobs: '2500' }));
    expect(a).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
  test('a token refused once late in the count, over looks', async () => {
    add(5_000, 'ota-', 'COMPLETED', { tags: { a: 'b' } });
    world.account.latency = 100;
    let n = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'ListJobs' && ++n === 15)
        world.account.fail('ListJobs', awsError('InvalidRequestException', 400, 'Invalid token.'));
    };
    const a = await world.run(sweep({ Tags: { a: 'b' }, MaxJobs: '5000' }));
    expect(a.Reason ?? '').not.toContain('maxJobs');
  });
  test('named list: one recreated by somebody else while waiting for a slot', async () => {
    world.account.occupy(10);
    add(3, 'ota-');
    world.account.before = ({ at }): void => {
      if (at > REQUESTED + 30_000 && world.account.job('stranger-0')) {
        for (let i = 0; i < 10; i++) world.account.remove(`stranger-${i}`);
        world.account.remove('ota-1');
        world.account.add('ota-1', 'COMPLETED', { createdAt: REQUESTED + 20_000 });
      }
    };
    expect((await world.run(sweep({ JobIds: ['ota-0', 'ota-1', 'ota-2'] }))).Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual(['ota-1']);
  });
  test('single: DescribeJob denied mid-deletion', async () => {
    world.account.add('job-1');
    world.account.deletionTime = 600_000;
    world.account.before = ({ at, operation }): void => {
      if (at > REQUESTED + 10_000 && operation === 'DescribeJob') throw denied;
    };
    const a = await world.failure(event('Delete'));
    expect(a).toContain('iot:DescribeJob');
  });
  test('X-Amz-Date far in the future', async () => {
    world.account.add('job-1');
    world.account.deletionTime = Infinity;
    const a = await world.failure(event('Delete', {}, { ResponseURL: 'https://x/?X-Amz-Date=20300101T000000Z' }));
    expect(a).toContain('55 minutes');
    expect(world.time - REQUESTED).toBeLessThan(3_500_000);
  });
  test('X-Amz-Date nonsense', async () => {
    world.account.add('job-1');
    expect(
      (await world.run(event('Delete', {}, { ResponseURL: 'https://x/?X-Amz-Date=20269901T000000Z' }))).Status,
    ).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual([]);
  });
  test('claims by a filter whose question is denied on one job', async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    add(20, 'ota-');
    world.resources.splice(0, 1, [
      { type: 'Custom::IoTJobSweep', physicalId: 'jobs:us-east-1:123456789012?tag%3Aa=b' },
    ]);
    world.account.fail('ListTagsForResource', denied, { times: Infinity, jobId: 'ota-3' });
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-' }));
    expect(world.account.jobIds).toEqual(['ota-3']);
    expect(reason).toContain('"ota-3"');
  });
  test('two resources with the same physical id, the other unreadable too', async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    world.account.add('job-1');
    world.resources.splice(0, 1, [
      { physicalId: 'Stack-With-A-Very-Long-Name-That-Cloudformation-Has-Invented-Teardown-1ABCDEFGHIJKL' },
      { physicalId: 'not-created:x' },
    ]);
    expect((await world.run(event('Delete'))).Status).toBe('SUCCESS');
    expect(world.account.jobIds).toEqual([]);
  });
  test('everything is down for 5 minutes in a tags sweep: nobody is given up', async () => {
    add(30, 'ota-', 'COMPLETED', { tags: { a: 'b' } });
    world.account.before = ({ at, operation }): void => {
      if (operation === 'ListTagsForResource' && at > REQUESTED + 2_000 && at < REQUESTED + 300_000)
        throw awsError('ServiceUnavailable', 503);
    };
    world.account.latency = 150;
    const a = await world.run(sweep({ Tags: { a: 'b' } }));
    expect(a).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
  test('an aws- namespace of a named one among others', async () => {
    add(3, 'ota-');
    world.account.add('gg', 'COMPLETED', { namespaceId: 'aws-gg' });
    const reason = await world.failure(sweep({ JobIds: ['ota-0', 'gg', 'ota-1', 'ota-2'] }));
    expect(world.account.jobIds).toEqual(['gg']);
    expect(reason).toContain('belongs to AWS');
  });
  test('revision of a sweep by filter, rolled back between two looks: no more orders', async () => {
    add(30, 'ota-');
    world.account.deletionTime = 20_000;
    world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS']);
    let n = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'DeleteJob' && ++n === 10) world.statuses.splice(0, 1, ['UPDATE_ROLLBACK_IN_PROGRESS']);
    };
    const id = 'jobs:us-east-1:123456789012?jobIdPrefix=ota-';
    const a = await world.run(
      sweepEvent('Update', { JobIdPrefix: 'ota-', Revision: 'r2' }, { PhysicalResourceId: id }),
    );
    expect(world.effects.length).toBe(10);
    expect(a.Status).toBe('FAILED');
    expect(a.Reason).toContain('the revision changed, but the stack is UPDATE_ROLLBACK_IN_PROGRESS');
  });
  test('a stack status that turns unclear between the looks of a clean-up sweep', async () => {
    add(30, 'ota-');
    world.account.deletionTime = 20_000;
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    let n = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'DeleteJob' && ++n === 10) world.statuses.splice(0, 1, ['UPDATE_COMPLETE']);
    };
    const a = await world.run(sweep({ JobIdPrefix: 'ota-' }));
    expect(a.Status).toBe('FAILED');
    expect(a.Reason).toContain('UPDATE_COMPLETE');
  });
  test('old Step without Rest and Target: as new', async () => {
    world.account.add('job-1');
    expect(await world.wait({ Event: event('Delete'), Step: { Deadline: REQUESTED + 600_000 } })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(world.account.jobIds).toEqual([]);
  });
  test('LimitExceeded for ever for CancelJob of one of a sweep', async () => {
    add(5, 'ota-', 'IN_PROGRESS');
    world.account.fail('CancelJob', awsError('LimitExceededException', 410), { times: Infinity, jobId: 'ota-2' });
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-', CancelFirst: 'true', TimeoutSeconds: '300' }));
    expect(world.account.jobIds).toEqual(['ota-2']);
    expect(reason).toContain('concurrent jobs');
  });
  test('100 jobs, one denied: 99 within 1.2 x bound', async () => {
    add(100, 'ota-');
    world.account.deletionTime = 10_000;
    world.account.latency = 50;
    world.account.fail('DeleteJob', denied, { times: Infinity, jobId: 'ota-7' });
    let last = 0;
    world.account.before = (): void => {
      if (world.account.jobIds.length > 1) last = world.time;
    };
    await world.failure(sweep({ JobIdPrefix: 'ota-' }));
    expect((last - REQUESTED) / 100_000).toBeLessThan(1.2);
  });
});

describe('what DescribeJob says is gone is gone, whatever lists say, and for however long (R23)', () => {
  const names = Array.from({ length: 5 }, (_, index) => `ota-${index}`);
  describe.each([
    ['also that of those in deletion', true],
    ['but not that of those in deletion', false],
  ])('lists lag for an hour, %s', (_what, deletionsLag) => {
    beforeEach(() => {
      add(5, 'ota-');
      Object.assign(world.account, { lag: 3_600_000, deletionsLag });
    });
    test.each([{ JobIdPrefix: 'ota-' }, { JobIds: names }, { Statuses: ['COMPLETED'] }])('%j', async (selection) => {
      expect(await world.run(sweep({ ...selection, TimeoutSeconds: '300' }))).toMatchObject({ Status: 'SUCCESS' });
      expect(world.effects).toHaveLength(5);
      expect(world.account.calls.length).toBeLessThan(100);
    });
  });

  test('a job whose look is denied meanwhile is waited for as the list has it', async () => {
    add(2, 'ota-');
    Object.assign(world.account, { deletionTime: 90_000 });
    world.account.before = ({ operation, jobId, at }): void => {
      if (operation === 'DescribeJob' && jobId === 'ota-1' && at > REQUESTED + 10_000) throw denied;
    };
    expect(await world.run(sweep({ JobIdPrefix: 'ota-' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });

  test('one job that had to wait for a slot: somebody uses its id again, and deletes that too', async () => {
    const ours = world.account.add('job-1');
    world.account.occupy(10).forEach((id) => (world.account.job(id)!.settlesAt = REQUESTED + 10_000));
    world.account.deletionTime = 30_000;
    world.account.before = ({ at }): void => {
      if (at > REQUESTED + 20_000 && world.account.job('job-1') === ours) {
        world.account.remove('job-1');
        world.account.add('job-1', 'DELETION_IN_PROGRESS', { createdAt: REQUESTED + 15_000 });
      }
    };
    expect(await world.run(event('Delete'))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.time - REQUESTED).toBeLessThan(30_000);
  });

  describe('a sweep by status has read a list while a deletion went on, as far as it knew', () => {
    const bySweep = sweep({ JobIdPrefix: 'a-', Statuses: ['COMPLETED'] });
    /** A job that comes with the second pass: the first one's deletion is over by then. */
    const late = (): ReturnType<World['account']['add']> => {
      const job = world.account.add('a-late', 'IN_PROGRESS');
      world.account.add('a-first');
      add(300, 'other-');
      return job;
    };

    test('and it shows a newer job of the id', async () => {
      const job = late();
      let isMadeAnew = false;
      world.account.before = ({ operation, jobId, with: list = '' }): void => {
        if (operation === 'DeleteJob' && jobId === 'a-first') {
          job.status = 'COMPLETED';
        }
        if (operation === 'ListJobs' && /\d$/.test(list) && job.status === 'DELETION_IN_PROGRESS' && !isMadeAnew) {
          isMadeAnew = true;
          world.account.remove('a-late');
          world.account.add('a-late');
        }
      };
      expect(await world.run(bySweep)).toMatchObject({ Status: 'SUCCESS' });
      expect(world.effects.filter((effect) => effect.includes('a-late'))).toHaveLength(2);
    });

    test('and it shows that somebody else has deleted a job that waits for a slot', async () => {
      const { createdAt, ...job } = late();
      let [isTaken, reads] = [false, 0];
      world.account.before = ({ operation, jobId, with: list = '' }): void => {
        if (operation === 'DeleteJob' && jobId === 'a-first') {
          world.account.job('a-late')!.status = 'COMPLETED';
        }
        if (operation === 'DescribeJob' && jobId === 'a-first' && !world.account.job('a-first')) {
          world.account.occupy(10);
        }
        if (operation === 'ListJobs' && list.startsWith('COMPLETED ')) {
          isTaken = world.account.job('a-late')?.status === 'COMPLETED' && world.account.count('DeleteJob') === 1;
        }
        if (isTaken && operation === 'ListJobs' && list === 'DELETION_IN_PROGRESS' && ++reads === 2) {
          ['stranger-0', 'a-late'].forEach((id) => world.account.remove(id));
          world.account.add('a-late', 'DELETION_IN_PROGRESS', { ...job.details, createdAt });
        }
        if (reads === 3) {
          world.account.jobIds.filter((id) => /stranger|late/.test(id)).forEach((id) => world.account.remove(id));
        }
      };
      expect(await world.run(bySweep)).toMatchObject({ Status: 'SUCCESS' });
      expect(reads).toBeGreaterThan(2);
    });
  });

  test('a newer job counts, also while lists show the deletion of the older one', async () => {
    add(2, 'a-');
    Object.assign(world.account, { lag: 60_000, deletionsLag: true });
    world.account.add('a-2', 'DELETION_IN_PROGRESS');
    world.account.remove('a-2');
    world.account.add('a-2');
    expect(await world.failure(sweep({ JobIdPrefix: 'a-', MaxJobs: '2' }))).toContain('3 jobs match');
    expect(world.effects).toEqual([]);
  });

  test("a newer job that has the id of one of AWS's own is not taken for that", async () => {
    world.account.add('a-1', 'COMPLETED', { namespaceId: 'aws-gg' });
    world.account.add('a-2');
    world.account.before = ({ operation }): void => {
      if (operation === 'DeleteJob' && world.account.count('DeleteJob') === 1) {
        world.account.remove('a-1');
        world.account.add('a-1');
      }
    };
    expect(await world.run(sweep({ JobIdPrefix: 'a-' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });

  test('a list of names, the same', async () => {
    const ours = world.account.add('job-1');
    world.account.deletionTime = 30_000;
    world.account.before = ({ at }): void => {
      if (at > REQUESTED + 10_000 && world.account.job('job-1') === ours) {
        world.account.remove('job-1');
        world.account.add('job-1', 'DELETION_IN_PROGRESS', { createdAt: REQUESTED + 5_000 });
      }
    };
    expect(await world.run(sweep({ JobIds: ['job-1'] }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.time - REQUESTED).toBeLessThan(30_000);
  });
});

describe("no job is deleted that was described long ago: the id may be a newer job's by now", () => {
  const throttled = awsError('ThrottlingException', 429, 'Rate exceeded');

  test('names, while another of them is described at last', async () => {
    add(2, 'ota-');
    const first = world.account.job('ota-0');
    world.account.fail('DescribeJob', throttled, { times: 5, jobId: 'ota-1' });
    world.account.before = ({ at }): void => {
      if (at > REQUESTED + 2_000 && world.account.job('ota-0') === first) {
        world.account.remove('ota-0');
        world.account.add('ota-0');
      }
    };
    expect(await world.run(sweep({ JobIds: ['ota-0', 'ota-1'] }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual(['ota-0']);
  });

  test('a hundred names, which take ten seconds to describe', async () => {
    add(100, 'ota-');
    const first = world.account.job('ota-0');
    world.account.before = ({ jobId }): void => {
      if (jobId === 'ota-99' && world.account.job('ota-0') === first) {
        world.account.remove('ota-0');
        world.account.add('ota-0');
      }
    };
    const all = Array.from({ length: 100 }, (_, index) => `ota-${index}`);
    expect(await world.run(sweep({ JobIds: all }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual(['ota-0']);
  });

  test.each([
    ['the tags of another job', 'ota-0'],
    ['its own tags', 'ota-1'],
  ])('a filter, while the handler asks again for %s', async (_what, replaced) => {
    add(2, 'ota-', 'COMPLETED', { tags: { app: 'ota' } });
    const strangers = world.account.occupy(10);
    const old = world.account.job(replaced);
    let freedAt = Infinity;
    world.account.before = ({ at }): void => {
      if (freedAt === Infinity && at > REQUESTED + 10_000) {
        freedAt = at;
        strangers.forEach((id) => world.account.remove(id));
        world.account.fail('ListTagsForResource', throttled, { times: 5, jobId: 'ota-1' });
      }
      if (at > freedAt + 2_000 && world.account.job(replaced) === old) {
        world.account.remove(replaced);
        world.account.add(replaced, 'IN_PROGRESS', { tags: { app: 'ota' } });
      }
    };
    const selection = { JobIdPrefix: 'ota-', Tags: { app: 'ota' }, Statuses: ['COMPLETED'] };
    expect(await world.run(sweep(selection))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([replaced]);
  });
});

test('a sweep of a namespace that ListJobs knows and DescribeJob does not report (R25)', async () => {
  add(3, 'ota-', 'COMPLETED', { namespaceId: 'edge' });
  add(1, 'other-', 'COMPLETED', { namespaceId: 'core' });
  world.account.describesNamespaces = false;
  expect(await world.run(sweep({ NamespaceId: 'edge' }))).toMatchObject({ Status: 'SUCCESS' });
  expect(world.account.jobIds).toEqual(['other-0']);
  expect(world.effects[0]).toBe('DeleteJob ota-0 force=true namespace=edge');
});

describe('ids and tags that are names of what objects have anyway', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'a'.repeat(64), '_', '-'];
  test.each(['DELETE_IN_PROGRESS', ...CLEANUP])('each by itself, in %s', async (status) => {
    world.statuses.splice(0, 1, [status]);
    for (const JobId of odd) {
      world.account.add(JobId);
      await world.run(event('Delete', { JobId }, { PhysicalResourceId: JobId, RequestId: JobId }));
    }
    expect(world.account.jobIds).toEqual([]);
  });
  test('in a list', async () => {
    odd.forEach((id) => world.account.add(id));
    expect(await world.run(sweep({ JobIds: odd }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
  test('a newer job of such an id is not ours, also where a step names others', async () => {
    world.account.add('constructor', 'COMPLETED', { createdAt: REQUESTED + 1 });
    const Event = sweep({ JobIds: ['constructor'] });
    const Step = { Deadline: REQUESTED + 600_000, Target: { other: 1 } };
    expect(await world.wait({ Event, Step })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toEqual([]);
  });
});

describe('a reason names what is in the way (R13, R16, R18)', () => {
  test('no list is answered until the deadline: throttled', async () => {
    world.account.fail('ListJobs', awsError('ThrottlingException', 429, 'Rate exceeded'), { times: Infinity });
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-', TimeoutSeconds: '120' }));
    expect(reason).toContain('iot:ListJobs did not respond: ThrottlingException: Rate exceeded');
    expect(reason).not.toContain('select fewer jobs');
  });
  test('no jobs may be listed: a pattern would not help', async () => {
    world.account.fail('ListJobs', denied, { times: Infinity });
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-' }));
    expect(reason).toContain('may not iot:ListJobs on *: AccessDeniedException: not authorized. Allow it. Then delete');
  });
  test('tags may be read of no job, and there are more than maxJobs', async () => {
    add(1_500, 'ota-');
    world.account.fail('ListTagsForResource', denied, { times: Infinity });
    const reason = await world.failure(sweep({ Tags: { a: 'b' } }));
    expect(reason).toContain('iot:ListTagsForResource is denied');
    expect(reason).not.toContain('maxJobs');
    expect(world.effects).toEqual([]);
  });
  test('a list shows what DescribeJob says does not match, to the end', async () => {
    add(3, 'ota-', 'COMPLETED', { targets: [GROUP] });
    const asked = world.account.jobs.describe.bind(world.account.jobs);
    world.account.jobs.describe = async (jobId) => {
      const job = await asked(jobId);
      return job && { ...job, details: { ...job.details!, targets: [] } };
    };
    const reason = await world.failure(sweep({ ThingGroupName: 'fleet', TimeoutSeconds: '60' }));
    expect(reason).toContain('The lists still showed jobs after 1 minute, but DescribeJob found none that matches.');
    expect(world.effects).toEqual([]);
  });
});

describe('every second call is throttled', () => {
  beforeEach(() => {
    let calls = 0;
    world.account.before = (): void => {
      if (calls++ % 2 === 0) throw awsError('ThrottlingException', 429, 'Rate exceeded');
    };
    add(30, 'ota-', 'SCHEDULED', { targets: [GROUP], tags: { a: 'b' } });
  });
  test('one job', async () => {
    const one = event('Delete', { JobId: 'ota-3', TimeoutSeconds: '600' }, { PhysicalResourceId: 'ota-3' });
    expect(await world.run(one)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toHaveLength(29);
  });
  test('one job that is cancelled first', async () => {
    const properties = { JobId: 'ota-3', CancelFirst: 'true', TimeoutSeconds: '600' };
    const one = event('Delete', properties, { PhysicalResourceId: 'ota-3' });
    expect(await world.run(one)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toHaveLength(29);
  });
  test.each([
    { JobIdPrefix: 'ota-' },
    { JobIds: Array.from({ length: 30 }, (_, index) => `ota-${index}`) },
    { Tags: { a: 'b' } },
    { ThingGroupName: 'fleet' },
  ])('%j', async (selection) => {
    expect(await world.run(sweep({ ...selection, TimeoutSeconds: '600' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });
});
