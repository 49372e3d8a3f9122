import { awsError, event, failureOf, job, ROLE, World } from './world';

let world: World;
let lines: string[];
beforeEach(() => {
  world = new World();
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => jest.restoreAllMocks());

describe('Create', () => {
  test('deletes nothing, answers at once with the physical id', async () => {
    expect(await world.send(event('Create'))).toMatchObject({ PhysicalResourceId: 'job-1' });
    await world.run(event('Create'));
    expect(world.calls).toEqual([]);
  });

  test('deletes nothing with a revision either', async () => {
    await world.run(event('Create', { Revision: 'r1' }));
    expect(world.calls).toEqual([]);
  });

  test('a malformed id fails', async () => {
    await expect(world.send(event('Create', { JobId: 'a b' }))).rejects.toThrow('JobId "a b" is not 1 to 64');
  });

  test("a job outside the provider's patterns fails, instead of being refused only when it is to go", async () => {
    world.patterns = ['ota-*', 'fw-?'];
    await expect(world.send(event('Create'))).rejects.toThrow(
      'Job "job-1" is outside what the JobDeletionProvider may touch (ota-*, fw-?). ' +
        "Add a pattern that covers it to the provider's jobIds, and deploy again.",
    );
  });
});

describe('Update, jobId changed', () => {
  test('new physical id, nothing deleted now', async () => {
    const replaced = event('Update', { JobId: 'job-2' });
    expect(await world.send(replaced)).toMatchObject({ PhysicalResourceId: 'job-2' });
    await world.run(replaced);
    expect(world.calls).toEqual([]);
  });

  test('wins over a change of revision in the same update', async () => {
    await world.run(event('Update', { JobId: 'job-2', Revision: 'r2' }));
    expect(world.calls).toEqual([]);
  });

  test("a job outside the provider's patterns fails", async () => {
    world.patterns = ['job-1'];
    await expect(world.send(event('Update', { JobId: 'job-2' }))).rejects.toThrow('outside');
  });
});

describe('Update, revision changed to a new value', () => {
  beforeEach(() => world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS']));

  test('deletes the job now and waits, same physical id', async () => {
    world.describe.push(job('COMPLETED'), job('DELETION_IN_PROGRESS'), undefined);
    const changed = event('Update', { Revision: 'r2' });
    await world.run(changed);
    expect(lines.join('')).toContain('"message":"to delete: revision","jobId":"job-1"');
    expect(world.effects).toEqual(['delete job-1 force=true namespace=-']);
  });

  test('from none to one is a change too', async () => {
    world.describe.push(job('COMPLETED'), undefined);
    await world.run(event('Update', { Revision: 'r1' }, { OldResourceProperties: { JobId: 'job-1' } }));
    expect(world.effects).toHaveLength(1);
  });

  test.each([{ Revision: undefined }, { Revision: '' }])('to nothing (%j): nothing', async (properties) => {
    await world.run(event('Update', properties));
    expect(world.calls).toEqual([]);
  });

  test("the rollback's own reverse Update deletes nothing", async () => {
    world.statuses.splice(0, 1, ['UPDATE_ROLLBACK_IN_PROGRESS']);
    await world.run(event('Update', { Revision: 'r0' }));
    expect(world.calls).toEqual(['statuses']);
  });

  test('nor does one in a nested stack whose parent rolls back', async () => {
    world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS']);
    await world.run(event('Update', { Revision: 'r0' }));
    expect(world.calls).toEqual(['statuses']);
  });

  test('anything else but UPDATE_IN_PROGRESS fails', async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE']);
    await expect(world.send(event('Update', { Revision: 'r2' }))).rejects.toThrow(
      'Job "job-1" was kept: its revision changed, but the stack is UPDATE_COMPLETE and no longer updating.',
    );
    expect(world.effects).toEqual([]);
  });

  test.each(['IN_PROGRESS', 'COMPLETED'])(
    'looks again before every call: %s, and the stack rolled back',
    async (now) => {
      world.describe.push(job(now));
      world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS'], ['UPDATE_IN_PROGRESS'], ['UPDATE_ROLLBACK_COMPLETE']);
      world.delete.splice(0, 1, awsError('LimitExceededException', 410));
      world.cancel.splice(0, 1, awsError('ThrottlingException', 400));
      await expect(world.run(event('Update', { Revision: 'r2', CancelFirst: 'true' }))).rejects.toThrow(
        'Job "job-1" was kept: its revision changed, but the stack is UPDATE_ROLLBACK_COMPLETE',
      );
      expect(world.effects).toHaveLength(1);
    },
  );
});

test('Update, anything else: nothing', async () => {
  await world.run(event('Update', { Force: 'false', TimeoutSeconds: '60', Revision: 'r1' }));
  expect(world.calls).toEqual([]);
});

describe('Delete', () => {
  beforeEach(() => world.describe.push(job('COMPLETED'), job('DELETION_IN_PROGRESS'), undefined));

  test.each([
    ['stack deletion', ['DELETE_IN_PROGRESS']],
    ['clean-up', ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']],
    ['clean-up', ['DELETE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']],
    ['stack deletion', ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS']],
    ['stack deletion', ['DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']],
  ])('%s (%j): deletes and waits', async (occasion, statuses) => {
    world.statuses.splice(0, 1, statuses);
    await world.run(event('Delete'));
    expect(lines.join('')).toContain(`"message":"to delete: ${occasion}","jobId":"job-1"`);
    expect(world.effects).toEqual(['delete job-1 force=true namespace=-']);
  });

  const rollbacks = [
    ['ROLLBACK_IN_PROGRESS'],
    ['ROLLBACK_FAILED'],
    ['UPDATE_ROLLBACK_IN_PROGRESS'],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
    ['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'],
    ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
  ];

  test.each(rollbacks.map((r) => [r]))('while the stack is %j: keeps the job and says so', async (statuses) => {
    world.statuses.splice(0, 1, statuses);
    await world.run(event('Delete'));
    expect(world.calls).toEqual(['statuses']);
    expect(lines.join('')).toContain(`nothing to delete: kept, because the stack is ${statuses.join(' in ')}`);
  });

  test.each(rollbacks.map((r) => [r]))('while the stack is %j, with deleteOnRollback: deletes', async (statuses) => {
    world.statuses.splice(0, 1, statuses);
    await world.run(event('Delete', { DeleteOnRollback: 'true' }));
    expect(world.effects).toHaveLength(1);
  });

  test('a physical id that this handler never made: nothing, not even a look', async () => {
    await world.run(event('Delete', {}, { PhysicalResourceId: 'Stack-Teardown-1ABCDEF' }));
    expect(world.calls).toEqual([]);
  });

  test('a physical id that this handler never made, with properties that were never valid: nothing', async () => {
    await world.run(event('Delete', { JobId: 'a b' }, { PhysicalResourceId: 'Stack-Teardown-1ABCDEF' }));
    expect(world.calls).toEqual([]);
  });

  test("the provider's patterns are no reason to leave a job: IAM decides", async () => {
    world.patterns = ['ota-*'];
    await world.run(event('Delete'));
    expect(world.effects).toHaveLength(1);
  });

  test('the status of the stack cannot be read: tries again, then fails, and deletes nothing', async () => {
    world.statuses.splice(0, 1, awsError('ServiceUnavailable', 503, 'try later'));
    await expect(world.send(event('Delete'))).rejects.toThrow(
      'cloudformation:DescribeStacks for job "job-1" got no usable answer, and nothing was decided without it: ' +
        'ServiceUnavailable: try later. When the service answers again, do again what failed; ' +
        "if an update's clean-up has forgotten the job, run: aws iot delete-job --job-id job-1 --force.",
    );
    expect(world.calls.length).toBeGreaterThan(5);
    expect(world.effects).toEqual([]);
  });

  test('the status of the stack can be read at the third attempt', async () => {
    const failure = awsError('Throttling', 400);
    world.statuses.splice(0, 1, failure, failure, ['DELETE_IN_PROGRESS']);
    await world.run(event('Delete'));
    expect(world.effects).toHaveLength(1);
  });

  test('a job that AWS IoT does not know: done', async () => {
    world.describe.splice(0);
    world.describe.push(undefined);
    expect(await world.run(event('Delete'))).toEqual({
      nothing: 'AWS IoT does not know the job, or it is kept for another resource of the stack',
    });
    expect(world.effects).toEqual([]);
  });
});

describe('failures', () => {
  test('a bug is told as one, without its stack, which is in the log', async () => {
    const bug = await failureOf(world.send({ ...event('Create'), ResourceProperties: undefined }));
    expect(bug.message).toMatch(/^The handler failed unexpectedly: TypeError: .*; please report this\.$/);
    expect(bug.stack).toBe(bug.message);
    expect(lines.join('')).toContain('decide.ts');
  });

  test('no line of the log has the ResponseURL', async () => {
    world.describe.push(job('IN_PROGRESS'));
    await expect(world.run(event('Delete', { Force: 'false' }))).rejects.toThrow('Job "job-1" is IN_PROGRESS');
    expect(lines.length).toBeGreaterThan(1);
    lines.forEach((line) => expect(JSON.parse(line)).toHaveProperty('message'));
    expect(lines.join('')).not.toContain('secret');
  });
});

describe('what the provider may use and touch', () => {
  const sweep = { ResourceType: 'Custom::IoTJobSweep' };

  test.each<[object, object, string]>([
    [{ Region: 'ap-south-1' }, {}, 'Region "ap-south-1" is outside what the JobDeletionProvider may use (eu-west-1).'],
    [
      { AssumeRole: { RoleArn: ROLE.replace('jobs', 'others') } },
      {},
      `Role "${ROLE.replace('jobs', 'others')}" is outside what the JobDeletionProvider may use (${ROLE}). Add it to the provider's assumableRoles`,
    ],
    [
      { JobIds: ['ota-1', 'fw-1'] },
      sweep,
      'Job "fw-1" is outside what the JobDeletionProvider may touch (ota-*, job-1).',
    ],
    [{ JobIdPrefix: 'o' }, sweep, 'Job "o*" is outside what the JobDeletionProvider may touch (ota-*, job-1).'],
  ])('%j is refused when it is deployed', async (properties, rest, message) => {
    world.patterns = ['ota-*', 'job-1'];
    await expect(world.send(event('Create', properties, rest))).rejects.toThrow(message);
  });

  test('what is declared and covered passes, with a physical id that says where the jobs are', async () => {
    world.patterns = ['ota-*', 'job-1'];
    const place = { Region: 'eu-west-1', AssumeRole: { RoleArn: ROLE } };
    expect(await world.send(event('Create', place))).toMatchObject({
      PhysicalResourceId: 'arn:aws:iot:eu-west-1:222222222222:job/job-1',
    });
    expect(await world.send(event('Create', { JobIdPrefix: 'ota-2026' }, sweep))).toMatchObject({
      PhysicalResourceId: 'jobs:us-east-1:123456789012?jobIdPrefix=ota-2026',
    });
    expect(await world.send(event('Create', { ThingGroupName: 'fleet' }, sweep))).toMatchObject({
      PhysicalResourceId: 'jobs:us-east-1:123456789012?thingGroupName=fleet',
    });
  });
});

describe('what the rest of the stack still has', () => {
  beforeEach(() => world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']));
  const other = (physicalId: string): void =>
    void world.liveResources.splice(0, 1, [{ logicalId: 'Other', physicalId }]);

  test.each([
    ['job-1', 'kept, because the stack still has it as Other'],
    ['jobs:us-east-1:123456789012?jobIds=job-0%2Cjob-1', 'or it is kept for another resource of the stack'],
    ['jobs:us-east-1:123456789012?jobIdPrefix=job-', 'or it is kept for another resource of the stack'],
    ['jobs:us-east-1:123456789012?sha256=0', 'kept, because the stack has another list of jobs, too long to compare'],
  ])('another resource is %s: kept', async (physicalId, message) => {
    other(physicalId);
    world.describe.push(job('COMPLETED'));
    const { nothing } = (await world.run(event('Delete'))) as { nothing: string };
    expect(nothing).toContain(message);
    expect(world.effects).toEqual([]);
  });

  test.each(['job-2', 'jobs:us-east-1:123456789012?jobIdPrefix=ota-', 'arn:aws:iot:eu-west-1:123456789012:job/job-1'])(
    'another resource is %s: deleted',
    async (physicalId) => {
      other(physicalId);
      world.describe.push(job('COMPLETED'), undefined);
      await world.run(event('Delete'));
      expect(world.effects).toHaveLength(1);
    },
  );
});
