import { awsError } from '../aws-error';
import { REQUESTED, sweepEvent, World } from '../world';

let world: World;
let lines: string[];
beforeEach(() => {
  world = new World();
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => jest.restoreAllMocks());

const GROUP = 'arn:aws:iot:us-east-1:123456789012:thinggroup/fleet';
const sweep = (properties: Record<string, unknown>): ReturnType<typeof sweepEvent> => sweepEvent('Delete', properties);
/** So many jobs. */
const add = (count: number, prefix: string, ...rest: [string?, object?]): void =>
  Array.from({ length: count }, (_, index) => world.account.add(`${prefix}${index}`, ...rest)).forEach(() => undefined);
const ids = (prefix: string): readonly string[] => world.account.jobIds.filter((id) => id.startsWith(prefix));

/** All of an account's jobs that match are gone, and nobody else's. */
const succeeds = async (properties: Record<string, unknown>): Promise<string | undefined> => {
  const answer = await world.run(sweep(properties));
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  return answer.Reason;
};

describe('finding: no job slips between two lists', () => {
  test('targeting: a SCHEDULED job that starts between the lists (R3)', async () => {
    const job = world.account.add('job-1', 'SCHEDULED', { targets: [GROUP] });
    world.account.before = ({ operation, with: list = '' }): void => {
      if (operation === 'ListJobs' && list.includes('fleet') && job.status === 'SCHEDULED') {
        job.status = 'IN_PROGRESS';
      }
    };
    await succeeds({ ThingGroupName: 'fleet' });
    expect(world.account.jobIds).toEqual([]);
  });

  test('targeting: one that goes back to SCHEDULED between the lists (R3b)', async () => {
    const job = world.account.add('job-1', 'IN_PROGRESS', { targets: [GROUP] });
    let back = false;
    world.account.before = ({ operation, with: list = '' }): void => {
      if (operation === 'ListJobs' && list.includes('fleet') && !back) {
        back = true;
        job.status = 'SCHEDULED';
      }
    };
    await succeeds({ ThingGroupName: 'fleet' });
    expect(world.account.jobIds).toEqual([]);
  });

  test.each([
    ['COMPLETED', 'IN_PROGRESS'],
    ['IN_PROGRESS', 'COMPLETED'],
  ])('statuses %s and %s: one that completes between the lists (R4)', async (...Statuses) => {
    const job = world.account.add('job-1', 'IN_PROGRESS');
    let lists = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'ListJobs' && ++lists === 2 && job.status === 'IN_PROGRESS') {
        job.status = 'COMPLETED';
      }
    };
    await succeeds({ Statuses });
    expect(world.account.jobIds).toEqual([]);
  });

  test('a pass over several lists that took longer than a minute is repeated', async () => {
    const job = world.account.add('late', 'IN_PROGRESS', { targets: [GROUP] });
    job.status = 'COMPLETED';
    job.details.targets = [];
    let lists = 0;
    world.account.latency = 40_000;
    world.account.before = ({ operation }): void => {
      // It was SCHEDULED while the others were read, and is in none of the lists of the first pass.
      if (operation === 'ListJobs' && ++lists === 4) {
        world.account.add('new', 'IN_PROGRESS', { targets: [GROUP] });
      }
    };
    await succeeds({ ThingGroupName: 'fleet' });
    expect(ids('new')).toEqual([]);
    expect(ids('late')).toEqual(['late']);
  });

  test('done is only what a whole pass, begun after the last deletion ended, did not find', async () => {
    add(3, 'ota-');
    let deletions = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'DeleteJob' && ++deletions === 3) {
        world.account.add('ota-late');
      }
    };
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.account.jobIds).toEqual([]);
  });

  test('a gone job that ListJobs shows for a while is gone (R23)', async () => {
    world.account.lag = 5_000;
    add(5, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.account.jobIds).toEqual([]);
    expect(world.effects).toHaveLength(5);
  });

  test('a page token that AWS IoT takes no more starts its list again, and never ends it', async () => {
    add(600, 'ota-');
    world.account.fail('ListJobs', awsError('InvalidRequestException', 400, 'Invalid token.'));
    let lists = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'ListJobs' && ++lists === 2) {
        world.account.fail('ListJobs', awsError('InvalidRequestException', 400, 'Invalid token.'));
      }
    };
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.account.jobIds).toEqual([]);
  });
});

describe('counting first', () => {
  test('more than maxJobs: fails, and has deleted nothing', async () => {
    add(1_200, 'ota-');
    expect(await world.failure(sweep({ JobIdPrefix: 'ota-', MaxJobs: '1000' }))).toContain(
      'At least 1200 jobs match, but maxJobs is 1000, so none was deleted.',
    );
    expect(world.effects).toEqual([]);
  });

  test('does not order until all are counted, over several looks', async () => {
    world.account.latency = 300;
    add(50_000, 'other-');
    add(4, 'ota-');
    world.functionTimeout = 50_000;
    await succeeds({ JobIdPrefix: 'ota-' });
    const first = world.account.calls.findIndex(({ operation }) => operation === 'DeleteJob');
    expect(
      world.account.calls.slice(0, first).filter(({ operation }) => operation === 'ListJobs').length,
    ).toBeGreaterThanOrEqual(201);
    expect(world.looks).toBeGreaterThan(2);
    expect(ids('ota-')).toEqual([]);
  });

  test('that takes longer than the timeout says so, within the timeout (R18)', async () => {
    world.account.latency = 1_500;
    add(100_000, 'ota-');
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-', MaxJobs: '200000', TimeoutSeconds: '300' }));
    expect(reason).toContain('Listing the jobs took longer than the timeout of 300 seconds, so none was deleted.');
    expect(world.effects).toEqual([]);
    expect(world.time - REQUESTED).toBeLessThan(310_000);
  });
});

describe('large accounts, in virtual time', () => {
  test.each([
    ['in one invocation', 900_000, { JobIdPrefix: 'ota-' }],
    ['in many, of which each carries a part', 60_000, { JobIdPrefix: 'ota-' }],
    ['by status, so that each is seen gone', 60_000, { Statuses: ['COMPLETED'] }],
  ])('at the deadline it says how many of 3,000 are left: %s', async (_name, functionTimeout, filter) => {
    world.functionTimeout = functionTimeout;
    add(3_000, 'ota-');
    const reason = await world.failure(sweep({ ...filter, MaxJobs: '5000', TimeoutSeconds: '300' }));
    const [, told] = /^(\d+) of 3000 jobs were not deleted/.exec(reason)!;
    // What was in deletion may have ended since the last look: in all slots, and in the same ones before.
    const left = ids('ota-').length;
    expect(Number(told)).toBeGreaterThanOrEqual(left);
    expect(Number(told)).toBeLessThanOrEqual(left + 20);
    expect(left).toBeLessThan(2_950);
  });

  test('tags, 1,500 jobs in the account, 100 ms a call (R7)', async () => {
    world.account.latency = 100;
    add(1_490, 'stranger-');
    add(10, 'ota-', 'COMPLETED', { tags: { app: 'ota' } });
    await succeeds({ Tags: { app: 'ota' } });
    expect(ids('ota-')).toEqual([]);
    expect(ids('stranger-')).toHaveLength(1_490);
    // Each stranger is asked once.
    expect(world.account.count('ListTagsForResource')).toBeLessThan(1_600);
  });

  test('tags, 3,000 strangers (R8)', async () => {
    world.account.latency = 100;
    add(3_000, 'stranger-');
    add(3, 'ota-', 'COMPLETED', { tags: { app: 'ota' } });
    await succeeds({ Tags: { app: 'ota' } });
    expect(world.account.jobIds).toHaveLength(3_000);
  });

  test('targeting, 3,000 SCHEDULED jobs elsewhere (R8)', async () => {
    world.account.latency = 100;
    add(3_000, 'stranger-', 'SCHEDULED', { targets: [`${GROUP}-2`] });
    add(3, 'ota-', 'SCHEDULED', { targets: [GROUP] });
    await succeeds({ ThingGroupName: 'fleet' });
    expect(world.account.jobIds).toHaveLength(3_000);
  });

  test('prefix, 300,000 jobs (R9)', async () => {
    world.account.latency = 100;
    add(300_000, 'stranger-');
    add(25, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.account.jobIds).toHaveLength(300_000);
  });

  test('3 names among 100,000 jobs: DescribeJob each (R10)', async () => {
    add(100_000, 'stranger-');
    add(3, 'ota-');
    await succeeds({ JobIds: ['ota-0', 'ota-1', 'ota-2', 'ota-3'] });
    expect(ids('ota-')).toEqual([]);
    const first = world.account.calls.findIndex(({ operation }) => operation === 'DeleteJob');
    expect(first).toBeLessThanOrEqual(10);
    expect(world.account.calls.length).toBeLessThan(60);
  });

  test('clean-up from a prefix to a group, 5,000 jobs: the reason with the command (R11)', async () => {
    world.account.latency = 100;
    world.account.deletionTime = 10_000;
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    world.resources.splice(0, 1, [
      { type: 'Custom::IoTJobSweep', physicalId: 'jobs:us-east-1:123456789012?thingGroupName=fleet' },
    ]);
    add(10, 'ota-fleet-', 'COMPLETED', { targets: [GROUP] });
    add(5_000, 'ota-');
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-', MaxJobs: '10000', TimeoutSeconds: '900' }));
    expect(reason).toContain('jobs were not deleted.');
    expect(reason).toContain('aws iot delete-job --job-id <JOB_ID> --force --region us-east-1');
    expect(ids('ota-fleet-')).toHaveLength(10);
    expect(world.time - REQUESTED).toBeLessThan(920_000);
    expect(lines.join('')).toContain('the timeout is too short for the jobs at this pace');
  });
});

describe('one bad job does not keep the others', () => {
  const denied = awsError('AccessDeniedException', 403, 'not authorized');

  test.each(['DescribeJob', 'DeleteJob'] as const)(
    '%s denied on 1 of 100: 99 deleted, the one named (R13)',
    async (operation) => {
      add(100, 'ota-');
      world.account.fail(operation, denied, { times: Infinity, jobId: 'ota-7' });
      const reason = await world.failure(sweep({ JobIdPrefix: 'ota-' }));
      expect(world.account.jobIds).toEqual(['ota-7']);
      expect(reason).toContain(
        `1 of 100 jobs was not deleted. "ota-7" was not deleted, because iot:${operation} is denied`,
      );
      expect(world.time - REQUESTED).toBeLessThan(60_000);
    },
  );

  test.each([
    [600, 3_480],
    [1_000, 3_480],
  ])('half of %i denied: the denied named, in bounded looks (R14)', async (count, TimeoutSeconds) => {
    add(count, 'ota-');
    for (let index = 0; index < count; index += 2) {
      world.account.fail('DeleteJob', awsError('AccessDeniedException', 403, `no on ota-${index}`), {
        times: Infinity,
        jobId: `ota-${index}`,
      });
    }
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-', TimeoutSeconds: String(TimeoutSeconds) }));
    expect(world.account.jobIds).toHaveLength(count / 2);
    const named = '("ota-\\d*[02468]",? ){3}';
    expect(reason).toMatch(
      new RegExp(
        `^${count / 2} of ${count} jobs were not deleted\\. ${named}and ${count / 2 - 3} more were not deleted`,
      ),
    );
    expect(reason).toContain('Then delete the stack again.');
    expect(world.looks).toBeLessThan(300);
  });

  test('active ones without force', async () => {
    add(20, 'ota-');
    add(2, 'ota-active-', 'IN_PROGRESS');
    const reason = await world.failure(sweep({ JobIdPrefix: 'ota-', Force: 'false' }));
    expect(world.account.jobIds).toEqual(['ota-active-0', 'ota-active-1']);
    expect(reason).toContain('2 of 22 jobs were not deleted. "ota-active-0", "ota-active-1"');
  });

  test('everything denied: ends, and says so', async () => {
    add(50, 'ota-');
    world.account.fail('DeleteJob', denied, { times: Infinity });
    expect(await world.failure(sweep({ JobIdPrefix: 'ota-' }))).toContain('50 of 50 jobs were not deleted.');
    expect(world.time - REQUESTED).toBeLessThan(60_000);
  });
});

describe('orders', () => {
  test("a sweep leaves AWS's own jobs and says so: no order is sent (R24)", async () => {
    world.account.add('ota-1', 'IN_PROGRESS');
    world.account.add('greengrass', 'IN_PROGRESS', { namespaceId: 'aws-greengrass' });
    const reason = await succeeds({ Statuses: ['IN_PROGRESS', 'SCHEDULED'], CancelFirst: 'true' });
    expect(reason).toBe('Kept: "greengrass" belongs to AWS (namespace "aws-greengrass").');
    expect(world.effects.filter((effect) => effect.includes('greengrass'))).toEqual([]);
    expect(ids('ota-')).toEqual([]);
  });

  test('one that is found by its status is deleted after it is cancelled, and a crash in between changes nothing', async () => {
    add(25, 'ota-', 'IN_PROGRESS');
    const sent = sweep({ Statuses: ['IN_PROGRESS'], CancelFirst: 'true' });
    let step = (await world.receive(sent), world.inputs[0]!.Step);
    for (let crashes = 0; crashes < 5; crashes++) {
      // The function is killed: what the look has done is done, and its step is lost.
      await world.look({ Event: sent, Step: step });
      step = await world.look({ Event: sent, Step: step });
      if (step.Answered) {
        break;
      }
    }
    if (!step.Answered) {
      await world.wait({ Event: sent, Step: step });
    }
    expect(world.account.jobIds).toEqual([]);
    expect(world.effects.filter((effect) => effect.startsWith('Cancel'))).toHaveLength(25);
  });

  test('nobody is cancelled or deleted unseen', async () => {
    add(30, 'ota-');
    add(5, 'ota-active-', 'IN_PROGRESS');
    await succeeds({ JobIdPrefix: 'ota-', CancelFirst: 'true' });
    const { calls } = world.account;
    const unseen = calls.filter(
      ({ operation, jobId }, at) =>
        (operation === 'CancelJob' || operation === 'DeleteJob') &&
        !calls.slice(0, at).some((earlier) => earlier.operation === 'DescribeJob' && earlier.jobId === jobId),
    );
    expect(unseen).toEqual([]);
  });

  test('one whose tags were changed meanwhile is not ordered', async () => {
    const job = world.account.add('ota-1', 'COMPLETED', { targets: [GROUP] });
    world.account.before = ({ operation }): void => {
      if (operation === 'DescribeJob') {
        job.details.targets = [];
      }
    };
    await succeeds({ ThingGroupName: 'fleet' });
    expect(world.effects).toEqual([]);
  });

  test('ten at a time, and never a refusal while nobody else is there', async () => {
    add(60, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.effects).toHaveLength(60);
  });

  test('strangers hold slots: half of what is free is left to them', async () => {
    world.account.occupy(4);
    add(12, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(ids('ota-')).toEqual([]);
    expect(ids('stranger-')).toHaveLength(4);
  });

  test('jobs in deletion already are waited for', async () => {
    const job = world.account.add('ota-1', 'DELETION_IN_PROGRESS');
    job.settlesAt = REQUESTED + 40_000;
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.effects).toEqual([]);
    expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 40_000);
  });

  test("a changed revision keeps the stack's declared jobs (R27)", async () => {
    world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS']);
    world.resources.splice(0, 1, [
      { type: 'AWS::IoT::Job', physicalId: 'ota-declared' },
      { type: 'AWS::IoT::OTAUpdate', physicalId: 'u' },
    ]);
    ['ota-declared', 'ota-1', 'AFR_OTA-u'].forEach((id) => world.account.add(id));
    const changed = sweepEvent(
      'Update',
      { Statuses: ['COMPLETED'], Revision: 'r2' },
      { PhysicalResourceId: 'jobs:us-east-1:123456789012?statuses=COMPLETED' },
    );
    expect(await world.run(changed)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual(['ota-declared', 'AFR_OTA-u']);
  });

  test('named jobs: newer ones are left, the others deleted, claims applied once', async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    world.resources.splice(0, 1, [{ physicalId: 'b' }]);
    ['a', 'b'].forEach((id) => world.account.add(id));
    world.account.add('c', 'COMPLETED', { createdAt: REQUESTED + 1 });
    const reason = await succeeds({ JobIds: ['a', 'b', 'c', 'd'] });
    expect(reason).toBe('Kept: "b", which the stack still manages elsewhere.');
    expect(world.account.jobIds).toEqual(['b', 'c']);
  });
});

describe('a sweep goes back to the waiter', () => {
  test('when nothing is to be done for five seconds', async () => {
    world.account.deletionTime = 600_000;
    add(10, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.looks).toBeGreaterThan(5);
    expect(world.lookTime).toBeLessThan(300_000);
  });

  test('after three minutes at the most', async () => {
    world.account.deletionTime = 3_000;
    add(1_000, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.looks).toBeGreaterThan(1);
    expect(world.longestLook).toBeLessThanOrEqual(185_000);
  });

  test('30 seconds before its invocation ends', async () => {
    world.functionTimeout = 60_000;
    world.account.deletionTime = 3_000;
    add(200, 'ota-');
    await succeeds({ JobIdPrefix: 'ota-' });
    expect(world.looks).toBeGreaterThan(1);
  });
});

describe('what is carried fits into the state of an execution', () => {
  const longId = (prefix: string, index: number): string =>
    `${prefix}${String(index).padStart(64 - prefix.length, '0')}`;

  test('100 ids of 64 characters, in an Update that carries both lists', async () => {
    world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS']);
    world.account.deletionTime = 60_000;
    const names = (prefix: string): string[] => Array.from({ length: 100 }, (_, index) => longId(prefix, index));
    names('new').forEach((id) => world.account.add(id));
    const created = await world.run(sweepEvent('Create', { JobIds: names('new') }));
    const sent = sweepEvent(
      'Update',
      { JobIds: names('new'), Revision: 'r2' },
      {
        PhysicalResourceId: created.PhysicalResourceId,
        OldResourceProperties: { JobIds: names('new'), Revision: 'r1' },
      },
    );
    expect(await world.run(sent)).toMatchObject({ Status: 'SUCCESS' });
    const largest = Math.max(...world.steps.map((Step) => Buffer.byteLength(JSON.stringify({ Event: sent, Step }))));
    expect(largest).toBeLessThan(128 * 1024);
  });

  test('2,000 jobs given up, each with a reason of its own from the service', async () => {
    Array.from({ length: 2_000 }, (_, index) => world.account.add(longId('ota-', index)));
    world.account.fail(
      'DeleteJob',
      awsError('AccessDeniedException', 403, `${'no '.repeat(300)} at ${Math.random()}`),
      { times: Infinity },
    );
    world.account.deletionTime = 60_000;
    world.functionTimeout = 60_000;
    const sent = sweep({ JobIdPrefix: 'ota-', MaxJobs: '5000', TimeoutSeconds: '3480' });
    const reason = await world.failure(sent);
    const largest = Math.max(...world.steps.map((Step) => Buffer.byteLength(JSON.stringify({ Event: sent, Step }))));
    expect(reason).toContain('of 2000 jobs were not deleted.');
    expect(largest).toBeLessThan(128 * 1024);
    expect(world.looks).toBeGreaterThan(2);
  });

  test('3,000 given up: ends', async () => {
    Array.from({ length: 3_000 }, (_, index) => world.account.add(longId('ota-', index), 'IN_PROGRESS'));
    const reason = await world.failure(
      sweep({ JobIdPrefix: 'ota-', MaxJobs: '5000', TimeoutSeconds: '3480', Force: 'false' }),
    );
    expect(reason).toContain('3000 of 3000 jobs were not deleted.');
    expect(reason).toMatch(/\d+ more were not tried, because too many others could not be deleted\./);
    expect(world.effects).toEqual([]);
  });
});

test.each([6_500, 9_000, 10_000, 11_500])(
  '250 jobs of %i ms each: rows of ten follow each other within 3 % of the bound',
  async (deletionTime) => {
    world.account.deletionTime = deletionTime;
    add(250, 'job-');
    const before = world.clock.now();
    await succeeds({ JobIdPrefix: 'job-' });
    expect((world.clock.now() - before) / ((250 / 10) * deletionTime)).toBeLessThan(1.03);
  },
);
