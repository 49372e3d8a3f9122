import { awsError } from '../aws-error';
import { event, REQUESTED, World } from '../world';

let world: World;
beforeEach(() => {
  world = new World();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const DELETED = ['DeleteJob job-1 force=false namespace=-'];
const deletion = (properties: object = {}): ReturnType<typeof event> =>
  event('Delete', { Force: 'false', ...properties });
const full = awsError('LimitExceededException', 410, 'No.');

describe('DeleteJob answers … → next', () => {
  beforeEach(() => void world.account.add('job-1'));

  test('ok: waits until DescribeJob says not found', async () => {
    await world.run(deletion());
    expect(world.effects).toEqual(DELETED);
    expect(world.account.calls.at(-1)!.operation).toBe('DescribeJob');
    expect(world.account.jobIds).toEqual([]);
  });

  test('one job costs DescribeJob alone: ListJobs only when a slot was refused', async () => {
    await world.run(deletion());
    expect(world.account.count('ListJobs')).toBe(0);
    expect(world.account.count('DescribeJob')).toBeLessThanOrEqual(5);
  });

  test('ResourceNotFoundException: done only if DescribeJob says so too', async () => {
    world.account.before = ({ operation }): void => void (operation === 'DeleteJob' && world.account.remove('job-1'));
    expect(await world.run(deletion())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toHaveLength(1);
    expect(world.account.calls.at(-1)!.operation).toBe('DescribeJob');
  });

  test('ResourceNotFoundException, but DescribeJob still knows the job: fails with what the service said', async () => {
    world.account.fail('DeleteJob', awsError('ResourceNotFoundException', 404, 'No such job.'), { times: Infinity });
    expect(await world.failure(deletion())).toContain(
      'AWS refused iot:DeleteJob on arn:aws:iot:us-east-1:123456789012:job/job-1: ResourceNotFoundException: No such job. ' +
        'Fix the reported problem. Then delete the stack again.',
    );
  });

  test('LimitExceededException: waits for a slot; not an error until the timeout', async () => {
    world.account.fail('DeleteJob', full, { times: 2 });
    expect(await world.run(deletion())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toHaveLength(3);
  });

  test('a slot was refused: from then on one is looked for before it is asked for', async () => {
    world.account.occupy(10);
    const started = world.time;
    world.account.before = ({ at, operation }): void => {
      if (at - started > 60_000 && operation === 'ListJobs') {
        world.account.remove('stranger-0');
      }
    };
    await world.run(deletion());
    expect(world.effects).toHaveLength(2);
  });

  test("the id is a newer job's when there is a slot at last: left alone", async () => {
    world.account.occupy(10);
    let lists = 0;
    world.account.before = ({ operation }): void => {
      if (operation === 'ListJobs' && ++lists === 5) {
        world.account.remove('job-1');
        world.account.add('job-1', 'COMPLETED', { createdAt: REQUESTED + 1 });
        world.account.remove('stranger-0');
      }
    };
    expect(await world.run(deletion())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toHaveLength(1);
    expect(world.account.job('job-1')).toBeDefined();
  });

  test.each([
    ['ThrottlingException', 400],
    ['InternalFailureException', 500],
    ['ServiceUnavailableException', 503],
    ['TimeoutError', undefined],
    ['ECONNRESET', undefined],
    ['SyntaxError', 200],
  ])('%s (%s): tries again', async (name, status) => {
    world.account.fail('DeleteJob', awsError(name, status));
    expect(await world.run(deletion())).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toHaveLength(2);
  });

  test.each(['InvalidStateTransitionException', 'InvalidRequestException'])(
    '%s: looks again, and waits if it is in deletion now',
    async (name) => {
      world.account.fail('DeleteJob', awsError(name, 409));
      world.account.before = ({ operation }): void => {
        if (operation === 'DeleteJob') {
          Object.assign(world.account.job('job-1')!, { status: 'DELETION_IN_PROGRESS' });
          void world.clock.sleep(8_000).then(() => world.account.remove('job-1'));
        }
      };
      expect(await world.run(deletion())).toMatchObject({ Status: 'SUCCESS' });
      expect(world.effects).toHaveLength(1);
    },
  );

  test.each(['InvalidStateTransitionException', 'InvalidRequestException'])(
    '%s, and it is not in deletion: fails with what the service said',
    async (name) => {
      world.account.fail('DeleteJob', awsError(name, 409, 'Not\nnow.'), { times: Infinity });
      expect(await world.failure(deletion())).toContain(`${name}: Not now. Fix the reported problem.`);
      expect(world.time - REQUESTED).toBeLessThan(15_000);
    },
  );

  test.each([
    ['AccessDeniedException', 403],
    ['UnauthorizedException', 401],
  ])('%s: tries for 20 s, then fails with the action, the ARN and the role', async (name, status) => {
    world.account.fail('DeleteJob', awsError(name, status, 'no'), { times: Infinity });
    expect(await world.failure(deletion())).toContain(
      'The role arn:aws:iam::123456789012:role/handler may not iot:DeleteJob on ' +
        `arn:aws:iot:us-east-1:123456789012:job/job-1: ${name}: no. Allow it`,
    );
    expect(world.time - REQUESTED).toBeGreaterThanOrEqual(19_000);
    expect(world.time - REQUESTED).toBeLessThan(25_000);
  });

  test('AccessDenied that passes within the 20 s: deletes', async () => {
    world.account.fail('DeleteJob', awsError('AccessDeniedException', 403), { times: 2 });
    expect(await world.run(deletion())).toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('cancelFirst', () => {
  test('with force: CancelJob with the same force, then DeleteJob', async () => {
    world.account.add('job-1', 'IN_PROGRESS', { executionsInProgress: 1 });
    await world.run(deletion({ CancelFirst: 'true', Force: 'true' }));
    expect(world.effects).toEqual(['CancelJob job-1 force=true', 'DeleteJob job-1 force=true namespace=-']);
  });

  test('waits until the cancellation has gone out (R26)', async () => {
    world.account.cancellationTime = 7_000;
    world.account.add('job-1', 'IN_PROGRESS', { executionsInProgress: 1 });
    await world.run(deletion({ CancelFirst: 'true', Force: 'true' }));
    const [cancelled, deleted] = world.account.calls.filter(({ operation }) => /^(Cancel|Delete)Job$/.test(operation));
    expect(deleted!.at - cancelled!.at).toBeGreaterThanOrEqual(7_000);
    expect(world.effects).toHaveLength(2);
  });

  test('without force: waits until no execution is in progress', async () => {
    const job = world.account.add('job-1', 'IN_PROGRESS', { executionsInProgress: 1 });
    void world.clock.sleep(30_000).then(() => (job.details.executionsInProgress = 0));
    await world.run(deletion({ CancelFirst: 'true' }));
    expect(world.effects).toEqual(['CancelJob job-1 force=false', ...DELETED]);
    expect(world.account.calls.find(({ operation }) => operation === 'DeleteJob')!.at).toBeGreaterThanOrEqual(
      REQUESTED + 29_000,
    );
  });

  test('somebody cancelled it first: looks again and goes on', async () => {
    const job = world.account.add('job-1', 'IN_PROGRESS');
    world.account.before = ({ operation }): void => void (operation === 'CancelJob' && (job.status = 'CANCELED'));
    expect(await world.run(deletion({ CancelFirst: 'true' }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test("the account's job concurrency is another limit than the deletion slots", async () => {
    world.account.add('job-1', 'IN_PROGRESS');
    world.account.fail('CancelJob', full, { times: Infinity });
    expect(await world.failure(deletion({ CancelFirst: 'true', TimeoutSeconds: '60' }))).toContain(
      "could not be cancelled: the account's limit of concurrent jobs is reached",
    );
  });
});

describe('the deadline, and what the reader is told', () => {
  const within10Minutes = { TimeoutSeconds: '600' };

  test('still in deletion', async () => {
    world.account.add('job-1', 'DELETION_IN_PROGRESS');
    expect(await world.failure(deletion(within10Minutes))).toContain(
      'Job "job-1" is still DELETION_IN_PROGRESS after 10 minutes. Wait for AWS IoT to finish. Then delete the stack again.',
    );
  });

  test('no slot', async () => {
    world.account.add('job-1');
    world.account.occupy(10);
    expect(await world.failure(deletion(within10Minutes))).toContain(
      'Job "job-1" got no deletion slot within 10 minutes: 10 other jobs were in deletion. Wait until other deletions end: ' +
        'aws iot list-jobs --status DELETION_IN_PROGRESS --region us-east-1. Then delete the stack again.',
    );
  });

  test('executions in progress', async () => {
    world.account.add('job-1', 'IN_PROGRESS', { executionsInProgress: 3 });
    const reason = await world.failure(deletion({ ...within10Minutes, CancelFirst: 'true' }));
    expect(reason).toContain(
      'Job "job-1" is CANCELED, but 3 executions were still in progress after 10 minutes. Wait until',
    );
  });

  test('a service that does not respond', async () => {
    world.account.add('job-1');
    world.account.fail('DeleteJob', awsError('TimeoutError', undefined, 'no answer'), { times: Infinity });
    expect(await world.failure(deletion(within10Minutes))).toMatch(
      /because iot:DeleteJob did not respond: TimeoutError: no answer/,
    );
  });

  test('a status that AWS adds: left to itself, and named', async () => {
    world.account.add('job-1', 'ARCHIVED');
    expect(await world.failure(deletion({ TimeoutSeconds: '61' }))).toContain(
      'Job "job-1" is still ARCHIVED after 61 seconds. Look at the job: aws iot describe-job --job-id job-1 --region us-east-1.',
    );
    expect(world.effects).toEqual([]);
  });

  test("in an update's clean-up: the exact command, because CloudFormation forgets the job", async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    world.account.add('job-1', 'DELETION_IN_PROGRESS');
    const properties = { TimeoutSeconds: '60', Force: 'true', NamespaceId: 'n', Region: 'eu-west-1' };
    const PhysicalResourceId = 'arn:aws:iot:eu-west-1:123456789012:job/job-1';
    expect(await world.failure(event('Delete', properties, { PhysicalResourceId }))).toContain(
      'after 1 minute. Wait for AWS IoT to finish. CloudFormation retries three times, then forgets the job. ' +
        'To delete it yourself, run: aws iot delete-job --job-id job-1 --force --namespace-id n --region eu-west-1.',
    );
  });

  test('for a revision: another one', async () => {
    world.statuses.splice(0, 1, ['UPDATE_IN_PROGRESS']);
    world.account.add('job-1', 'DELETION_IN_PROGRESS');
    expect(await world.failure(event('Update', { Revision: 'r2' }))).toContain('Then deploy with another revision.');
  });

  test('is never passed by an order, and by no more than a look in its answer', async () => {
    world.account.add('job-1');
    world.account.deletionTime = Infinity;
    expect(await world.failure(deletion({ TimeoutSeconds: '100' }))).toContain('after 100 seconds');
    expect(world.time).toBeGreaterThanOrEqual(REQUESTED + 100_000);
    expect(world.time).toBeLessThan(REQUESTED + 103_000);
  });
});

describe('what cannot be deleted', () => {
  test('an active job without force: its name, its state, and the ways out', async () => {
    world.account.add('job-1', 'IN_PROGRESS');
    const reason = await world.failure(deletion());
    expect(reason).toContain('Job "job-1" is IN_PROGRESS, and force is false.');
    expect(reason).toContain('aws iot cancel-job --job-id job-1 --region us-east-1');
    expect(reason).toContain('aws iot delete-job --job-id job-1 --force --region us-east-1');
    expect(reason).toContain('Then delete the stack again.');
    expect(world.effects).toEqual([]);
    expect(world.time - REQUESTED).toBeLessThan(5_000);
  });

  test('a job in another namespace: names both', async () => {
    world.account.add('job-1', 'COMPLETED', { namespaceId: 'edge' });
    const reason = await world.failure(deletion({ NamespaceId: 'core' }));
    expect(reason).toContain('Job "job-1" is in the namespace "edge", not in "core".');
    expect(reason).toContain('aws iot delete-job --job-id job-1 --namespace-id edge --region us-east-1');
    expect(world.effects).toEqual([]);
  });

  test('a namespace that DescribeJob does not report is sent as given (R25)', async () => {
    world.account.add('job-1');
    await world.run(deletion({ NamespaceId: 'edge' }));
    expect(world.effects).toEqual(['DeleteJob job-1 force=false namespace=edge']);
  });

  test("a named job of AWS's own fails, and no order is sent (R24)", async () => {
    world.account.add('job-1', 'IN_PROGRESS', { namespaceId: 'aws-greengrass' });
    expect(await world.failure(deletion({ CancelFirst: 'true', Force: 'true' }))).toContain(
      'Job "job-1" belongs to AWS (namespace "aws-greengrass"). Delete the AWS resource that made it',
    );
    expect(world.effects).toEqual([]);
  });

  test("in an update's clean-up there is nothing left to deploy: the command, as it has to be", async () => {
    world.statuses.splice(0, 1, ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']);
    world.account.add('job-1', 'IN_PROGRESS', { namespaceId: 'edge' });
    for (const properties of [{ NamespaceId: 'core' }, {}]) {
      const reason = await world.failure(deletion(properties));
      expect(reason).toContain('CloudFormation retries three times, then forgets the job.');
      expect(reason).toMatch(/aws iot delete-job --job-id job-1 (--force )?--namespace-id edge --region us-east-1/);
    }
  });

  test('the companion of a declared job deletes only a job that has the tag: kept, and said', async () => {
    world.account.add('job-1', 'COMPLETED', { tags: { k: 'other' } });
    const DeclaredJob = { LogicalId: 'Job', TagKey: 'k', TagValue: 'v' };
    const answer = await world.run(deletion({ DeclaredJob }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', Reason: 'Kept: "job-1" lacks the tag k.' });
    expect(world.effects).toEqual([]);
    world.account.job('job-1')!.tags = { k: 'v' };
    expect(await world.run(deletion({ DeclaredJob }))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toEqual(DELETED);
  });
});

describe('the pause', () => {
  test('about 290 looks in 58 minutes, each an answer of whole seconds', async () => {
    world.account.add('job-1', 'DELETION_IN_PROGRESS');
    await world.failure(deletion({ TimeoutSeconds: '3480' }));
    expect(world.looks).toBeGreaterThan(230);
    expect(world.looks).toBeLessThan(320);
    const pauses = world.steps.flatMap(({ PauseSeconds = [] }) => PauseSeconds);
    expect(pauses.every((pause) => Number.isInteger(pause) && pause >= 1 && pause <= 15)).toBe(true);
    expect([...pauses.slice(0, -1)].sort((a, b) => a - b)).toEqual(pauses.slice(0, -1));
  });

  test('and little Lambda: a look at one job waits for nothing', async () => {
    world.account.add('job-1', 'DELETION_IN_PROGRESS');
    await world.failure(deletion({ TimeoutSeconds: '3480' }));
    expect(world.lookTime).toBeLessThan(1_000);
  });

  test('2,000 looks are enough', async () => {
    const job = world.account.add('job-1');
    const Step = {
      Deadline: REQUESTED + 3_300_000,
      Target: { 'job-1': job.createdAt },
      Rest: { Format: 1, Looks: 2_000, Reading: {}, Occasion: 'stack deletion' },
    } as const;
    expect((await world.wait({ Event: deletion(), Step })).Reason).toContain('were not deleted after 2000 looks');
    expect(world.effects).toEqual([]);
  });
});

test('the last look, after looking has failed for good, answers in any case', async () => {
  world.account.add('job-1', 'DELETION_IN_PROGRESS');
  await world.receive(deletion());
  const { Step } = world.inputs[0]!;
  expect(await world.look({ Event: deletion(), Step, IsLast: true })).toMatchObject({ Answered: true });
  expect(world.answers[0]!.Reason).toContain('is still DELETION_IN_PROGRESS');
});

test('a message is cut so that the whole answer stays under 4,096 bytes, and has no line breaks', async () => {
  world.account.add('job-1');
  world.account.fail('DeleteJob', awsError('InvalidRequestException', 400, 'é"\n'.repeat(5_000)), { times: Infinity });
  const answer = await world.run(deletion());
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
  expect(answer.Reason).not.toContain('\n');
});
