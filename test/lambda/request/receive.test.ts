import { awsError } from '../aws-error';
import { event, REQUESTED, ROLE, sweepEvent, World } from '../world';

let world: World;
let lines: string[];
beforeEach(() => {
  world = new World();
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => jest.restoreAllMocks());

const DELETED = ['DeleteJob job-1 force=true namespace=-'];

describe('Create', () => {
  test('deletes nothing, and answers with the physical id', async () => {
    expect(await world.run(event('Create'))).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'job-1',
      StackId: event('Create').StackId,
      RequestId: 'request',
      LogicalResourceId: 'Teardown',
    });
    expect(world.effects).toEqual([]);
  });

  test('goes through the waiter, so that what a deletion needs is missing when one deploys', async () => {
    await world.run(event('Create'));
    expect(world.inputs).toHaveLength(1);
    expect(world.account.count('DescribeJob')).toBe(1);
    expect(world.stackCalls).toEqual(['DescribeStacks']);
  });

  const toOne = event('Create');
  const toNamed = sweepEvent('Create', { JobIds: ['job-1', 'job-2'] });
  const toPrefix = sweepEvent('Create', { JobIdPrefix: 'ota-' });
  const toGroup = sweepEvent('Create', { ThingGroupName: 'fleet' });
  test.each([
    ['DescribeJob', 'one job', toOne, 'arn:aws:iot:us-east-1:123456789012:job/job-1'],
    ['DescribeJob', 'named jobs', toNamed, 'arn:aws:iot:us-east-1:123456789012:job/job-1'],
    ['DescribeJob', 'a prefix', toPrefix, 'arn:aws:iot:us-east-1:123456789012:job/ota-'],
    ['ListJobs', 'one job', toOne, '*'],
    ['ListJobs', 'named jobs', toNamed, '*'],
    ['ListJobs', 'a prefix', toPrefix, '*'],
    ['ListJobs', 'a thing group', toGroup, '*'],
  ] as const)('a missing permission for iot:%s fails it, of %s', async (operation, _what, create, resource) => {
    world.account.fail(operation, awsError('AccessDeniedException', 403, 'no'), { times: Infinity });
    expect(await world.failure(create)).toContain(`may not iot:${operation} on ${resource}: `);
    expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 19_000);
    expect(world.time).toBeLessThan(REQUESTED + 40_000);
  });

  test('a service that stays silent fails it after two minutes', async () => {
    world.account.fail('ListJobs', awsError('TimeoutError', undefined, 'none'), { times: Infinity });
    expect(await world.failure(sweepEvent('Create', { JobIdPrefix: 'ota-' }))).toContain(
      'iot:ListJobs did not respond',
    );
    expect(world.time).toBeGreaterThan(REQUESTED + 110_000);
    expect(world.time).toBeLessThan(REQUESTED + 150_000);
  });

  test('deletes nothing with a revision either', async () => {
    world.account.add('job-1');
    await world.run(event('Create', { Revision: 'r1' }));
    expect(world.effects).toEqual([]);
  });

  test('a malformed id fails', async () => {
    expect(await world.failure(event('Create', { JobId: 'a b' }))).toContain('JobId "a b" is not 1 to 64');
  });

  test("a job outside the provider's patterns fails, instead of being refused only when it is to go", async () => {
    world.patterns = ['ota-*', 'fw-?'];
    expect(await world.failure(event('Create'))).toContain(
      'Job "job-1" is outside the provider\'s jobIdPatterns (ota-*, fw-?). Add a pattern that covers it, and deploy again.',
    );
  });

  test.each([
    ['another region', 'arn:aws:cloudformation:eu-west-1:123456789012:stack/S/1'],
    ['another account', 'arn:aws:cloudformation:us-east-1:222222222222:stack/S/1'],
  ])('a stack of %s fails', async (_where, StackId) => {
    expect(await world.failure(event('Create', {}, { StackId }))).toContain(
      `The stack ${StackId} is not in us-east-1 of account 123456789012, where the provider is.`,
    );
  });

  test('that failed is answered with a marker, which a Delete answers with success whatever the status', async () => {
    const { PhysicalResourceId } = await world.run(event('Create', { JobId: 'a b' }));
    for (const status of ['UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'SOMETHING_NEW']) {
      world.statuses.splice(0, 1, [status]);
      expect(await world.run(event('Delete', { JobId: 'a b' }, { PhysicalResourceId }))).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId,
      });
    }
    expect(world.effects).toEqual([]);
  });

  describe('of the companion of a declared job', () => {
    const DeclaredJob = { LogicalId: 'Job', TagKey: 'k', TagValue: 'v' };

    test('waits until the job and its tag show', async () => {
      world.account.before = ({ at }): void => {
        if (at > REQUESTED + 8_000 && world.account.jobIds.length === 0) {
          world.account.add('job-1', 'IN_PROGRESS', { tags: { k: 'v' } });
        }
      };
      expect(await world.run(event('Create', { DeclaredJob }))).toMatchObject({ Status: 'SUCCESS' });
    });

    test('without its tag, fails', async () => {
      world.account.add('job-1', 'IN_PROGRESS', { tags: { k: 'other' } });
      expect(await world.failure(event('Create', { DeclaredJob }))).toContain('Job "job-1" lacks the tag k');
      expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 20_000);
    });
  });
});

describe('Update, jobId changed', () => {
  beforeEach(() => {
    world.account.add('job-1');
    world.account.add('job-2');
  });

  test.each([{}, { Revision: 'r2' }])('new physical id, nothing deleted now (%j)', async (properties) => {
    const replaced = event('Update', { JobId: 'job-2', ...properties });
    expect(await world.run(replaced)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'job-2' });
    expect(world.effects).toEqual([]);
  });

  test("a job outside the provider's patterns fails, with the old physical id", async () => {
    world.patterns = ['job-1'];
    const answer = await world.run(event('Update', { JobId: 'job-2' }));
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'job-1' });
    expect(answer.Reason).toContain('outside');
  });
});

describe('Update, revision changed to a new value', () => {
  beforeEach(() => {
    world.account.add('job-1');
    world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS']);
  });

  test('deletes the job now and waits, same physical id', async () => {
    const answer = await world.run(event('Update', { Revision: 'r2' }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'job-1' });
    expect(world.effects).toEqual(DELETED);
    expect(world.account.jobIds).toEqual([]);
  });

  test('from none to one is a change too', async () => {
    await world.run(event('Update', { Revision: 'r1' }, { OldResourceProperties: { JobId: 'job-1' } }));
    expect(world.effects).toHaveLength(1);
  });

  test.each([{ Revision: undefined }, { Revision: '' }])('to nothing (%j): nothing', async (properties) => {
    await world.run(event('Update', properties));
    expect(world.account.calls).toEqual([]);
    expect(world.stackCalls).toEqual([]);
  });

  test.each([
    ["the rollback's own reverse Update", ['UPDATE_ROLLBACK_IN_PROGRESS']],
    ['one in a nested stack whose parent rolls back', ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS']],
  ])('%s deletes nothing', async (_what, statuses) => {
    world.statuses.splice(0, 1, statuses);
    expect(await world.run(event('Update', { Revision: 'r0' }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.calls).toEqual([]);
  });

  test('anything else but UPDATE_IN_PROGRESS fails', async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE']);
    expect(await world.failure(event('Update', { Revision: 'r2' }))).toContain(
      'Job "job-1" is kept: the revision changed, but the stack is UPDATE_COMPLETE, not updating.',
    );
    expect(world.effects).toEqual([]);
  });

  test.each(['IN_PROGRESS', 'COMPLETED'])(
    'reads the stack before every order: %s, and it rolled back',
    async (status) => {
      world.account.job('job-1')!.status = status;
      world.account.fail('DeleteJob', awsError('LimitExceededException', 410), { times: 9 });
      world.account.fail('CancelJob', awsError('ThrottlingException', 400), { times: 9 });
      world.account.before = ({ operation }): void => {
        if (operation === 'DeleteJob' || operation === 'CancelJob') {
          world.statuses.splice(0, 1, ['UPDATE_ROLLBACK_COMPLETE']);
        }
      };
      expect(await world.failure(event('Update', { Revision: 'r2', CancelFirst: 'true' }))).toContain(
        'Job "job-1" is kept: the revision changed, but the stack is UPDATE_ROLLBACK_COMPLETE',
      );
      expect(world.effects).toHaveLength(1);
    },
  );

  test('a job that the stack declares is kept (R27)', async () => {
    world.resources.splice(0, 1, [{ type: 'AWS::IoT::Job', physicalId: 'job-1' }]);
    const answer = await world.run(event('Update', { Revision: 'r2' }));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(answer.Reason).toBe('Kept: "job-1", which the stack still manages elsewhere.');
    expect(world.effects).toEqual([]);
  });

  test('other deletions of the stack are no reason to keep it', async () => {
    world.resources.splice(0, 1, [{ physicalId: 'jobs:us-east-1:123456789012?jobIdPrefix=job-' }]);
    await world.run(event('Update', { Revision: 'r2' }));
    expect(world.effects).toEqual(DELETED);
  });
});

test('Update, anything else: nothing', async () => {
  world.account.add('job-1');
  const answer = await world.run(event('Update', { Force: 'false', TimeoutSeconds: '60', Revision: 'r1' }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'job-1' });
  expect(world.account.calls).toEqual([]);
});

describe('Delete', () => {
  beforeEach(() => void world.account.add('job-1'));

  test.each([
    [['DELETE_IN_PROGRESS']],
    [['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']],
    [['DELETE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']],
    [['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS']],
    [['DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']],
  ])('%j: deletes and waits', async (statuses) => {
    world.statuses.splice(0, 1, statuses);
    const answer = await world.run(event('Delete'));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'job-1' });
    expect(answer).not.toHaveProperty('Reason');
    expect(world.effects).toEqual(DELETED);
    expect(world.account.jobIds).toEqual([]);
  });

  const rollbacks = [
    ['ROLLBACK_IN_PROGRESS'],
    ['UPDATE_ROLLBACK_IN_PROGRESS'],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
    ['IMPORT_ROLLBACK_IN_PROGRESS'],
    ['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'],
    ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
  ];

  test.each(rollbacks.map((r) => [r]))('while the stack is %j: keeps the job and says so', async (statuses) => {
    world.statuses.splice(0, 1, statuses);
    expect(await world.run(event('Delete'))).toMatchObject({
      Status: 'SUCCESS',
      Reason: `Job "job-1" is kept, because the stack is ${statuses.join(' in ')}. To delete on a rollback too, set deleteOnRollback.`,
    });
    expect(world.account.calls).toEqual([]);
  });

  test.each(rollbacks.map((r) => [r]))('while the stack is %j, with deleteOnRollback: deletes', async (statuses) => {
    world.statuses.splice(0, 1, statuses);
    await world.run(event('Delete', { DeleteOnRollback: 'true' }));
    expect(world.effects).toHaveLength(1);
  });

  test('while the stack rolls back, of a format or a property that is not known: keeps the job and succeeds', async () => {
    world.statuses.splice(0, 1, ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS']);
    for (const properties of [{ Format: '2' }, { FromTheFuture: 'x', DeleteOnRollback: 'true' }]) {
      expect(await world.run(event('Delete', properties))).toMatchObject({ Status: 'SUCCESS' });
    }
    expect(world.account.calls).toEqual([]);
  });

  test.each([{ Format: '2' }, { FromTheFuture: 'x' }])(
    'of %j, otherwise: fails and deletes nothing',
    async (properties) => {
      expect(await world.failure(event('Delete', properties))).toContain('The handler does not know the');
      expect(world.effects).toEqual([]);
    },
  );

  test('a physical id that this handler never made: nothing, not even a look', async () => {
    for (const JobId of ['job-1', 'a b']) {
      await world.run(event('Delete', { JobId }, { PhysicalResourceId: 'Stack-Teardown-1ABCDEF' }));
    }
    expect(world.account.calls).toEqual([]);
    expect(world.stackCalls).toEqual([]);
  });

  test("the provider's patterns are no reason to leave a job: IAM decides", async () => {
    world.patterns = ['ota-*'];
    await world.run(event('Delete'));
    expect(world.effects).toHaveLength(1);
  });

  test('a job that AWS IoT does not know: done after one look', async () => {
    world.account.remove('job-1');
    expect(await world.run(event('Delete'))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.looks).toBe(1);
    expect(world.effects).toEqual([]);
  });

  test('a job that was created after the request is not ours', async () => {
    world.account.remove('job-1');
    world.account.add('job-1', 'COMPLETED', { createdAt: REQUESTED + 1 });
    expect(await world.run(event('Delete'))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toEqual([]);
  });

  test('a newer job that gets the id meanwhile is left alone', async () => {
    world.account.before = ({ operation }): void => {
      if (operation === 'DescribeJob' && world.account.count('DescribeJob') === 1) {
        world.account.remove('job-1');
        world.account.add('job-1', 'COMPLETED', { createdAt: REQUESTED + 1 });
      }
    };
    expect(await world.run(event('Delete'))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toEqual([]);
  });
});

describe('a Delete in a stack whose status says nothing is read again for a minute, by the waiter (R6)', () => {
  beforeEach(() => void world.account.add('job-1'));

  test.each([
    'CREATE_IN_PROGRESS',
    'CREATE_FAILED',
    'CREATE_COMPLETE',
    'UPDATE_IN_PROGRESS',
    'UPDATE_FAILED',
    'REVIEW_IN_PROGRESS',
    'ROLLBACK_FAILED',
    'DELETE_FAILED',
    'DELETE_COMPLETE',
    'IMPORT_IN_PROGRESS',
    'A_STATUS_THAT_AWS_ADDS',
  ])('%s: fails, and deletes nothing', async (status) => {
    world.statuses.splice(0, 1, [status]);
    expect(await world.failure(event('Delete'))).toContain(
      `Job "job-1" is kept: the stack is ${status}, which is neither a deletion nor the cleanup of an update.`,
    );
    expect(world.effects).toEqual([]);
    expect(world.stackCalls.length).toBeGreaterThan(5);
    expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 59_000);
    expect(world.time).toBeLessThan(REQUESTED + 90_000);
  });

  test('an unknown stack: the same', async () => {
    world.statuses.splice(0, 1, [undefined]);
    expect(await world.failure(event('Delete'))).toContain('the stack is unknown, which is neither');
    expect(world.effects).toEqual([]);
  });

  test('that lagged behind: deletes as soon as it says so', async () => {
    world.statuses.splice(
      0,
      1,
      ['UPDATE_IN_PROGRESS'],
      ['UPDATE_IN_PROGRESS'],
      ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'],
    );
    expect(await world.run(event('Delete'))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toEqual(DELETED);
  });
});

describe('a stack that was never completed owns no jobs', () => {
  beforeEach(() => void world.account.add('job-1'));
  const never = [
    'DELETE_IN_PROGRESS',
    'ROLLBACK_FAILED',
    'ROLLBACK_IN_PROGRESS',
    'CREATE_FAILED',
    'CREATE_IN_PROGRESS',
  ];

  test('its jobs are kept when it is deleted (R5)', async () => {
    world.events.splice(0, 1, never);
    expect(await world.run(event('Delete'))).toMatchObject({
      Status: 'SUCCESS',
      Reason:
        'Job "job-1" is kept, because the stack was never deployed. To delete on a rollback too, set deleteOnRollback.',
    });
    expect(world.effects).toEqual([]);
  });

  test('unless deleteOnRollback', async () => {
    world.events.splice(0, 1, never);
    await world.run(event('Delete', { DeleteOnRollback: 'true' }));
    expect(world.effects).toEqual(DELETED);
  });

  test('the same for a stack around', async () => {
    world.statuses.splice(0, 1, ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS']);
    world.events.splice(0, 1, ['DELETE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS'], never);
    await world.run(event('Delete'));
    expect(world.effects).toEqual([]);
  });

  test('a stack whose events are forgotten was deployed (R5b)', async () => {
    world.events.splice(0, 1, ['DELETE_IN_PROGRESS']);
    await world.run(event('Delete'));
    expect(world.effects).toEqual(DELETED);
  });
});

describe('what the rest of the stack still has', () => {
  beforeEach(() => {
    world.account.add('job-1');
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
  });

  test.each([
    ['Custom::IoTJobDeletion', 'job-1', 'Job "job-1" is kept, because Other of the stack still manages it.'],
    ['Custom::IoTJobSweep', 'jobs:us-east-1:123456789012?jobs=9GQ2hSuX4jLT1k2h', undefined],
    [
      'Custom::IoTJobSweep',
      'jobs:us-east-1:123456789012?jobIdPrefix=job-',
      'Kept: "job-1", which the stack still manages elsewhere.',
    ],
    [
      'AWS::IoT::Job',
      'arn:aws:iot:us-east-1:123456789012:job/job-1',
      'Kept: "job-1", which the stack still manages elsewhere.',
    ],
  ])('another resource is %s %s', async (type, physicalId, reason) => {
    world.resources.splice(0, 1, [{ type, physicalId }]);
    const answer = await world.run(event('Delete'));
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.Reason).toBe(reason);
    expect(world.effects).toEqual(reason === undefined ? DELETED : []);
  });

  test.each(['job-2', 'jobs:us-east-1:123456789012?jobIdPrefix=ota-', 'arn:aws:iot:eu-west-1:123456789012:job/job-1'])(
    'another resource is %s: deleted',
    async (physicalId) => {
      world.resources.splice(0, 1, [{ physicalId }]);
      await world.run(event('Delete'));
      expect(world.effects).toEqual(DELETED);
    },
  );

  test.each(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'DELETE_FAILED', 'DELETE_SKIPPED'])(
    'another resource that is %s has nothing: two that claim one job and leave together delete it',
    async (status) => {
      world.resources.splice(0, 1, [{ physicalId: 'job-1', status }]);
      await world.run(event('Delete'));
      expect(world.effects).toEqual(DELETED);
    },
  );

  test('a sweep keeps what others have, by whatever they name it', async () => {
    ['ota-1', 'ota-2', 'ota-3', 'AFR_OTA-u'].forEach((id) => world.account.add(id));
    world.resources.splice(0, 1, [
      { physicalId: 'ota-1' },
      { type: 'AWS::IoT::OTAUpdate', physicalId: 'u' },
      { type: 'AWS::IoT::Job', physicalId: 'ota-2' },
    ]);
    await world.run(sweepEvent('Delete', { Statuses: ['COMPLETED'] }));
    expect(world.account.jobIds).toEqual(['ota-1', 'ota-2', 'AFR_OTA-u']);
  });

  test('a Delete whose own resource is listed as anything but DELETE_IN_PROGRESS is stale, and not obeyed', async () => {
    world.resources.splice(0, 1, [{ logicalId: 'Teardown', physicalId: 'job-1', status: 'UPDATE_COMPLETE' }]);
    expect(await world.failure(event('Delete'))).toContain(
      'Job "job-1" is kept: CloudFormation lists the resource as UPDATE_COMPLETE, not as DELETE_IN_PROGRESS.',
    );
    expect(world.effects).toEqual([]);
  });

  describe.each(['DELETE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'])('the stack is %s', (status) => {
    beforeEach(() => {
      world.statuses.splice(0, 1, [status]);
      world.events.splice(0, 1, [status, 'UPDATE_COMPLETE', 'CREATE_IN_PROGRESS']);
    });

    test('after the event was sent: it is of an earlier operation, delivered again, and not obeyed', async () => {
      world.operationBegan = REQUESTED + 10_001;
      expect(await world.failure(event('Delete'))).toContain(
        `Job "job-1" is kept: the stack became ${status} after CloudFormation had sent the event.`,
      );
      expect(world.effects).toEqual([]);
    });

    test('after it by less than clocks may differ: it is obeyed', async () => {
      world.operationBegan = REQUESTED + 10_000;
      await world.run(event('Delete'));
      expect(world.effects).toEqual(DELETED);
    });
  });

  test('while the whole stack is deleted nobody holds on to anything', async () => {
    world.statuses.splice(0, 1, ['DELETE_IN_PROGRESS']);
    world.resources.splice(0, 1, [{ physicalId: 'job-1' }]);
    await world.run(event('Delete'));
    expect(world.effects).toEqual(DELETED);
  });
});

describe('what cannot be read', () => {
  beforeEach(() => void world.account.add('job-1'));

  test('the status of the stack: the waiter reads on until the deadline, then it fails, and deletes nothing', async () => {
    world.statuses.splice(0, 1, awsError('ServiceUnavailable', 503, 'try later'));
    expect(await world.failure(event('Delete', { TimeoutSeconds: '300' }))).toContain(
      'cloudformation:DescribeStacks did not respond; nothing was deleted: ServiceUnavailable: try later. ' +
        'Wait until the service responds. Then retry the stack operation. If an update has removed the resource, ' +
        'delete it yourself: aws iot delete-job --job-id job-1',
    );
    expect(world.effects).toEqual([]);
    expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 299_000);
    expect(world.time).toBeLessThan(REQUESTED + 330_000);
  });

  test('the status of the stack, for two attempts', async () => {
    const failure = awsError('Throttling', 400);
    world.statuses.splice(0, 1, failure, failure, ['DELETE_IN_PROGRESS']);
    await world.run(event('Delete'));
    expect(world.effects).toHaveLength(1);
  });

  test('an event that waited in the queue past its deadline orders nothing', async () => {
    await world.clock.sleep(3_400_000);
    expect(await world.failure(event('Delete'))).toContain(
      'The event came 57 minutes after CloudFormation sent it, which is longer than the timeout. Nothing was deleted.',
    );
    expect(world.effects).toEqual([]);
  });

  test('the deadline counts from the request, however late the event comes', async () => {
    world.account.deletionTime = Infinity;
    await world.clock.sleep(2_000_000);
    expect(await world.failure(event('Delete'))).toContain('after 55 minutes');
    expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 3_299_000);
    expect(world.time).toBeLessThan(REQUESTED + 3_320_000);
  });
});

describe('the waiter', () => {
  beforeEach(() => void world.account.add('job-1'));

  test("CloudFormation's invocation only reads: orders go out from a look alone", async () => {
    await world.receive(event('Delete'));
    expect(world.effects).toEqual([]);
    expect(world.inputs[0]!.Step).toMatchObject({
      Deadline: REQUESTED + 3_300_000,
      Rest: { Occasion: 'stack deletion' },
    });
  });

  test('an execution that exists: somebody has the event, so it ends without an answer', async () => {
    world.starts.splice(0, 1, 'exists');
    await world.receive(event('Delete'));
    expect([world.answers, world.inputs, world.effects]).toEqual([[], [], []]);
  });

  test('can be started at the third attempt', async () => {
    const denied = awsError('AccessDeniedException', 400);
    world.starts.splice(0, 1, denied, denied, 'started');
    await world.run(event('Delete'));
    expect(world.account.jobIds).toEqual([]);
  });

  test('cannot be started for 20 s: fails, and says so', async () => {
    world.starts.splice(0, 1, awsError('AccessDeniedException', 400, 'no'));
    await world.receive(event('Delete'));
    expect(world.answers[0]!.Status).toBe('FAILED');
    expect(world.answers[0]!.Reason).toContain(
      'The waiter could not be started, so nothing was deleted: AccessDeniedException: no. ' +
        'Allow the handler states:StartExecution, or wait until AWS Step Functions responds.',
    );
    expect(world.effects).toEqual([]);
  });

  test('carries an answer that could not be sent, and orders nothing for it', async () => {
    world.statuses.splice(0, 1, ['ROLLBACK_IN_PROGRESS']);
    world.puts.splice(0, 1, ...Array<number>(12).fill(503), 200);
    expect(await world.run(event('Delete'))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.inputs).toHaveLength(1);
    expect(world.answers).toHaveLength(1);
    expect(world.account.calls).toEqual([]);
  });

  test.each([400, 403])('an answer that the bucket will never take (%i) is not repeated', async (status) => {
    world.puts.splice(0, 1, status);
    world.statuses.splice(0, 1, ['ROLLBACK_IN_PROGRESS']);
    await world.receive(event('Delete'));
    expect(world.inputs).toEqual([]);
    expect(lines.join('')).toContain('CloudFormation refused the response');
  });

  test('neither the waiter nor the bucket can be reached: the invocation fails, so that Lambda repeats the event', async () => {
    world.starts.splice(0, 1, awsError('ServiceUnavailable', 503));
    world.puts.splice(0, 1, 503);
    await expect(world.receive(event('Delete'))).rejects.toThrow('The waiter could not be started');
  });
});

describe('failures', () => {
  test('a bug is told as one, without its stack, which is in the log', async () => {
    world.statuses.splice(0, 1, null as unknown as []);
    const reason = await world.failure({ ...event('Create'), ResourceProperties: undefined } as never).catch(String);
    expect(reason).toMatch(/TypeError/);
  });

  test('end with where the lines are', async () => {
    expect(await world.failure(event('Create', { JobId: 'a b' }))).toMatch(
      / Log group: \/aws\/lambda\/handler, request id: r\.$/,
    );
  });

  test('no line of the log has the ResponseURL', async () => {
    world.account.add('job-1', 'IN_PROGRESS');
    world.puts.splice(0, 1, new Error('connect to https://cloudformation.example/secret'), 200);
    expect(await world.failure(event('Delete', { Force: 'false' }))).toContain('Job "job-1" is IN_PROGRESS');
    expect(lines.length).toBeGreaterThan(1);
    lines.forEach((line) => expect(JSON.parse(line)).toHaveProperty('message'));
    expect(lines.join('')).not.toContain('secret');
  });

  test('no error that quotes it passes it on', async () => {
    world.account.add('job-1');
    world.account.fail('DescribeJob', awsError('Odd', 400, 'at https://bucket.example/secret?x'), { times: Infinity });
    expect(await world.failure(event('Delete'))).toContain('Odd: at (URL)');
    expect(lines.join('')).not.toContain('secret');
  });
});

describe('what the provider may use and touch', () => {
  const others = ROLE.replace('jobs', 'others');
  beforeEach(() => (world.patterns = ['ota-*', 'job-1']));

  test.each<[string, ReturnType<typeof event>, string]>([
    [
      'a region',
      event('Create', { Region: 'ap-south-1' }),
      'Region "ap-south-1" is not one of the provider\'s regions (eu-west-1).',
    ],
    [
      'a role',
      event('Create', { AssumeRole: { RoleArn: others } }),
      `Role "${others}" is not one of the provider's assumableRoles (${ROLE}). Add it, and deploy again.`,
    ],
    [
      'a name',
      sweepEvent('Create', { JobIds: ['ota-1', 'fw-1'] }),
      'Job "fw-1" is outside the provider\'s jobIdPatterns (ota-*, job-1).',
    ],
    [
      'a prefix',
      sweepEvent('Create', { JobIdPrefix: 'o' }),
      'Job "o*" is outside the provider\'s jobIdPatterns (ota-*, job-1).',
    ],
  ])('%s is refused when it is deployed', async (_what, sent, message) => {
    expect(await world.failure(sent)).toContain(message);
  });

  test.each([
    ['the region', { Region: 'ap-south-1' }],
    ['the role', { AssumeRole: { RoleArn: others } }],
  ])('%s is refused to a Delete, too', async (_what, properties) => {
    world.account.add('job-1');
    const PhysicalResourceId = 'arn:aws:iot:eu-west-1:222222222222:job/job-1';
    expect(await world.failure(event('Delete', properties, { PhysicalResourceId }))).toContain(
      'is not one of the provider',
    );
    expect(world.effects).toEqual([]);
  });

  test('an event, and a step, forged to reach into another account: the patterns hold there (R20)', async () => {
    world.account.add('fw-1');
    const forged = event(
      'Delete',
      { JobId: 'fw-1', AssumeRole: { RoleArn: ROLE } },
      { PhysicalResourceId: 'arn:aws:iot:us-east-1:222222222222:job/fw-1' },
    );
    expect(await world.failure(forged)).toContain(
      'Job "fw-1" is outside the provider\'s jobIdPatterns (ota-*, job-1).',
    );
    const Step = { Deadline: REQUESTED + 60_000, Target: { 'fw-1': world.account.job('fw-1')!.createdAt } };
    expect((await world.wait({ Event: forged, Step })).Reason).toContain('Job "fw-1" is outside the provider');
    expect(world.effects).toEqual([]);
  });

  test('a step that would order after the deadline is not believed', async () => {
    const job = world.account.add('job-1');
    await world.clock.sleep(4_000_000);
    const Step = {
      Deadline: REQUESTED + 999_000_000,
      Target: { 'job-1': job.createdAt },
      Rest: { Format: 1, Looks: 0, Reading: {}, Occasion: 'stack deletion' },
    } as const;
    expect(await world.wait({ Event: event('Delete'), Step })).toMatchObject({ Status: 'FAILED' });
    expect(world.effects).toEqual([]);
  });

  test('what is declared and covered passes, with a physical id that says where the jobs are', async () => {
    const place = { Region: 'eu-west-1', AssumeRole: { RoleArn: ROLE } };
    const idOf = async (sent: ReturnType<typeof event>): Promise<string> => (await world.run(sent)).PhysicalResourceId;
    expect(await idOf(event('Create', place))).toBe('arn:aws:iot:eu-west-1:222222222222:job/job-1');
    expect(await idOf(sweepEvent('Create', { JobIdPrefix: 'ota-2026' }))).toBe(
      'jobs:us-east-1:123456789012?jobIdPrefix=ota-2026',
    );
    expect(await idOf(sweepEvent('Create', { ThingGroupName: 'fleet' }))).toBe(
      'jobs:us-east-1:123456789012?thingGroupName=fleet',
    );
  });
});
