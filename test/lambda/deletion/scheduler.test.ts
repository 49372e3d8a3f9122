import { deleteJobs } from '../../lambda/scheduler';
import { awsError, deletion, failureOf, job, World } from './world';

let world: World;
beforeEach(() => {
  world = new World();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

/** Strangers hold every slot. */
const FULL = Array.from({ length: 10 }, (_, index) => `stranger-${index}`);

const START = Date.parse('2026-11-23T12:00:00Z');
const run = (order = deletion(), leaveAt = START + 3_600_000): Promise<boolean> =>
  deleteJobs(order, world.services, ['*'], leaveAt);

describe('DeleteJob answers … → next', () => {
  test('ok: waits until DescribeJob says not found', async () => {
    world.describe.push(job('COMPLETED'), job('DELETION_IN_PROGRESS'), job('DELETION_IN_PROGRESS'), undefined);
    expect(await run()).toBe(true);
    expect(world.calls).toEqual([
      'describe job-1',
      'inDeletion',
      'delete job-1 force=false namespace=-',
      'inDeletion',
      'inDeletion',
      'describe job-1',
    ]);
  });

  test('ResourceNotFoundException: done only if DescribeJob says so too', async () => {
    world.describe.push(job('COMPLETED'), undefined);
    world.delete.splice(0, 1, awsError('ResourceNotFoundException', 404));
    expect(await run()).toBe(true);
    expect(world.effects).toHaveLength(1);
  });

  test('ResourceNotFoundException, but DescribeJob still knows the job: fails with what the service said', async () => {
    world.describe.push(job('COMPLETED'));
    world.delete.splice(0, 1, awsError('ResourceNotFoundException', 404, 'No such job.'));
    await expect(run()).rejects.toThrow(
      'AWS refused iot:DeleteJob for job "job-1": ResourceNotFoundException: No such job. Correct what it names',
    );
  });

  test('LimitExceededException: waits for a slot, with jitter; not an error until the timeout', async () => {
    const full = awsError('LimitExceededException', 410);
    world.describe.push(job('COMPLETED'), job('COMPLETED'), job('COMPLETED'), job('DELETION_IN_PROGRESS'), undefined);
    world.delete.splice(0, 1, full, full, 'deleted');
    expect(await run()).toBe(true);
    expect(world.effects).toHaveLength(3);
    expect(world.pauses.slice(0, 2).every((pause) => pause >= 750 && pause <= 1250)).toBe(true);
  });

  test('ten jobs are in deletion: looks again, and asks for nothing until there is a slot', async () => {
    world.describe.push(job('COMPLETED'), job('DELETION_IN_PROGRESS'), undefined);
    world.inDeletion.splice(0, 1, FULL, FULL, FULL.slice(1));
    expect(await run()).toBe(true);
    expect(world.effects).toEqual(['delete job-1 force=false namespace=-']);
    expect(world.pauses.slice(0, 2).every((pause) => pause >= 750 && pause <= 1250)).toBe(true);
  });

  test('where it was seen just now, it is tried at once: without a look for a slot, but only once', async () => {
    const seen = job('COMPLETED');
    world.describe.push(seen, job('DELETION_IN_PROGRESS'), undefined);
    world.delete.splice(0, 1, awsError('LimitExceededException', 410), 'deleted');
    world.inDeletion.splice(0, 1, FULL, FULL, FULL.slice(1));
    expect(await deleteJobs(deletion(), world.services, ['*'], START + 3_600_000, [seen])).toBe(true);
    expect(world.calls[0]).toBe('delete job-1 force=false namespace=-');
    expect(world.effects).toHaveLength(2);
  });

  test("the id is a newer job's when there is a slot at last: left alone", async () => {
    world.describe.push(job('COMPLETED'), job('COMPLETED', { createdAt: 2000 }));
    world.inDeletion.splice(0, 1, FULL, FULL, FULL, FULL, FULL, []);
    expect(await run()).toBe(true);
    expect(world.effects).toEqual([]);
  });

  test.each([
    ['ThrottlingException', 400],
    ['InternalFailureException', 500],
    ['ServiceUnavailableException', 503],
    ['TimeoutError', undefined],
    ['ECONNRESET', undefined],
    ['SyntaxError', 200],
  ])('%s (%s): tries again', async (name, status) => {
    world.describe.push(job('COMPLETED'), job('COMPLETED'), job('DELETION_IN_PROGRESS'), undefined);
    world.delete.splice(0, 1, awsError(name, status), 'deleted');
    expect(await run()).toBe(true);
    expect(world.effects).toHaveLength(2);
  });

  test.each(['InvalidStateTransitionException', 'InvalidRequestException'])(
    '%s: looks again, and waits if it is in deletion now',
    async (name) => {
      world.describe.push(job('COMPLETED'), job('DELETION_IN_PROGRESS'), undefined);
      world.delete.splice(0, 1, awsError(name, 409));
      expect(await run()).toBe(true);
      expect(world.effects).toHaveLength(1);
    },
  );

  test.each(['InvalidStateTransitionException', 'InvalidRequestException'])(
    '%s, and it is not in deletion: fails with what the service said',
    async (name) => {
      world.describe.push(job('COMPLETED'));
      world.delete.splice(0, 1, awsError(name, 409, 'Not\nnow.'));
      await expect(run()).rejects.toThrow(`AWS refused iot:DeleteJob for job "job-1": ${name}: Not now. Correct`);
    },
  );

  test.each([
    ['AccessDeniedException', 403],
    ['UnauthorizedException', 401],
  ])('%s: tries for 20 s, then fails with the action, the ARN and the role', async (name, status) => {
    world.describe.push(job('COMPLETED'));
    world.delete.splice(0, 1, awsError(name, status, 'no'));
    await expect(run(deletion(), START)).rejects.toThrow(
      'The role arn:aws:iam::123456789012:role/handler may not iot:DeleteJob on ' +
        `arn:aws:iot:us-east-1:123456789012:job/job-1: ${name}: no. Allow it`,
    );
    expect(world.time - START).toBeGreaterThanOrEqual(20_000);
    expect(world.time - START).toBeLessThan(25_000);
  });

  test('AccessDenied that passes within the 20 s: deletes', async () => {
    const denied = awsError('AccessDeniedException', 403);
    world.describe.push(job('COMPLETED'), job('COMPLETED'), job('COMPLETED'), undefined);
    world.delete.splice(0, 1, denied, denied, 'deleted');
    expect(await run()).toBe(true);
  });
});

describe('cancelFirst', () => {
  test('with force: CancelJob with the same force, then DeleteJob', async () => {
    world.describe.push(job('IN_PROGRESS'), job('CANCELED', { executionsInProgress: 1 }), undefined);
    expect(await run(deletion({ cancelFirst: true, force: true }))).toBe(true);
    expect(world.effects).toEqual(['cancel job-1 force=true', 'delete job-1 force=true namespace=-']);
  });

  test('without force: waits until no execution is in progress', async () => {
    world.describe.push(
      job('IN_PROGRESS', { executionsInProgress: 1 }),
      job('CANCELED', { executionsInProgress: 1 }),
      job('CANCELED'),
      undefined,
    );
    expect(await run(deletion({ cancelFirst: true }))).toBe(true);
    expect(world.effects).toEqual(['cancel job-1 force=false', 'delete job-1 force=false namespace=-']);
  });

  test('somebody cancelled it first: looks again and goes on', async () => {
    world.describe.push(job('IN_PROGRESS'), job('CANCELED'), undefined);
    world.cancel.splice(0, 1, awsError('InvalidStateTransitionException', 409));
    expect(await run(deletion({ cancelFirst: true }))).toBe(true);
  });
});

describe('the deadline, and what the reader is told', () => {
  const after10Minutes = deletion({ timeoutSeconds: 600, startedAt: START - 600_000 });

  test('still in deletion', async () => {
    world.describe.push(job('DELETION_IN_PROGRESS'));
    await expect(run(after10Minutes)).rejects.toThrow(
      'Job "job-1" is still DELETION_IN_PROGRESS after 10 minutes. Let AWS IoT go on; ' +
        'then delete the stack again: it continues where this stopped.',
    );
  });

  test.each([
    ['when asked', (): unknown => world.delete.splice(0, 1, awsError('LimitExceededException', 410))],
    ['when looked for', (): unknown => world.inDeletion.splice(0, 1, FULL)],
  ])('no slot, %s', async (_, full) => {
    world.describe.push(job('COMPLETED'));
    full();
    await expect(run(after10Minutes)).rejects.toThrow(
      'Job "job-1" could not be deleted within 10 minutes: 10 other jobs held the account\'s deletion slots. ' +
        'Wait until they are gone (aws iot list-jobs --status DELETION_IN_PROGRESS); then delete the stack again',
    );
  });

  test('executions in progress', async () => {
    world.describe.push(job('CANCELED', { executionsInProgress: 3 }));
    await expect(run({ ...after10Minutes, cancelFirst: true })).rejects.toThrow(
      'Job "job-1" is CANCELED but still has executions in progress (3) after 10 minutes. ' +
        'Let the devices finish, or delete it as it is (aws iot delete-job --job-id job-1); then delete the stack again',
    );
  });

  test('a service that does not answer', async () => {
    world.describe.push(awsError('TimeoutError', undefined, 'no answer'));
    await expect(run(after10Minutes)).rejects.toThrow(
      'Job "job-1" could not be deleted within 10 minutes, because iot:DescribeJob got no usable answer: ' +
        'TimeoutError: no answer. When the service answers again, delete the stack again',
    );
  });

  test('any other state', async () => {
    world.describe.push(job('ARCHIVED'));
    await expect(run(deletion({ timeoutSeconds: 61, startedAt: START - 61_000 }))).rejects.toThrow(
      'Job "job-1" is still ARCHIVED after 61 seconds. ' +
        'Look at the job (aws iot describe-job --job-id job-1); then delete the stack again',
    );
  });

  test("in an update's clean-up: the exact command, because CloudFormation forgets the job", async () => {
    process.env.AWS_REGION = 'eu-west-1';
    world.describe.push(job('DELETION_IN_PROGRESS'));
    const order = deletion({
      ...after10Minutes,
      timeoutSeconds: 60,
      occasion: 'clean-up',
      force: true,
      namespaceId: 'n',
    });
    await expect(run(order)).rejects.toThrow(
      'after 1 minute. Let AWS IoT go on; then run: aws iot delete-job --job-id job-1 --force ' +
        "--namespace-id n --region eu-west-1 (CloudFormation tries three times in an update's clean-up, then forgets",
    );
    delete process.env.AWS_REGION;
  });

  test('for a revision: another one', async () => {
    world.describe.push(job('DELETION_IN_PROGRESS'));
    await expect(run({ ...after10Minutes, occasion: 'revision' })).rejects.toThrow(
      'then deploy with another revision.',
    );
  });

  test('is never passed by a pause', async () => {
    world.describe.push(job('DELETION_IN_PROGRESS'));
    await expect(run(deletion({ timeoutSeconds: 100 }))).rejects.toThrow('after 100 seconds');
    expect(world.time).toBe(START + 100_000);
  });
});

describe("what AWS says no to in an update's clean-up: the exact command, because CloudFormation forgets the job", () => {
  test.each([
    ['InvalidRequestException', 400, 'Correct what it names, and run: aws iot delete-job --job-id job-1 --force ('],
    ['AccessDeniedException', 403, 'cover the job?), and run: aws iot delete-job --job-id job-1 --force ('],
  ])('%s', async (name, status, told) => {
    world.describe.push(job('COMPLETED'));
    world.delete.splice(0, 1, awsError(name, status));
    await expect(run(deletion({ occasion: 'clean-up', force: true }))).rejects.toThrow(told);
  });
});

describe('what cannot be deleted', () => {
  test('an active job without force: its name, its state, and the three ways out', async () => {
    world.describe.push(job('IN_PROGRESS'));
    await expect(run()).rejects.toThrow(
      'Job "job-1" is IN_PROGRESS, and force is false. Let it end, cancel it (aws iot cancel-job --job-id job-1), ' +
        'or delete it (aws iot delete-job --job-id job-1 --force); ' +
        'then delete the stack again: it continues where this stopped.',
    );
    expect(world.effects).toEqual([]);
  });

  test.each([
    ['edge', 'the namespace "edge"'],
    [undefined, 'no namespace'],
  ])('a job in another namespace (%s): names both', async (namespaceId, named) => {
    world.describe.push(job('COMPLETED', { namespaceId }));
    await expect(run(deletion({ namespaceId: 'core' }))).rejects.toThrow(
      `Job "job-1" is in ${named}, not in "core". If it is the job you mean, delete it (aws iot delete-job --job-id job-1`,
    );
    expect(world.effects).toEqual([]);
  });

  test("in an update's clean-up there is nothing left to deploy: the command, as it has to be", async () => {
    const order = deletion({ occasion: 'clean-up', namespaceId: 'core' });
    world.describe.push(job('IN_PROGRESS', { namespaceId: 'edge' }));
    await expect(run(order)).rejects.toThrow(
      'is in the namespace "edge", not in "core". If it is the job you mean, ' +
        'delete it (aws iot delete-job --job-id job-1 --namespace-id edge), if not, retain it: CloudFormation tries',
    );
    await expect(run({ ...order, namespaceId: undefined })).rejects.toThrow(
      'is IN_PROGRESS, and force is false. Let it end, cancel it (aws iot cancel-job --job-id job-1), ' +
        "or delete it (aws iot delete-job --job-id job-1 --force): CloudFormation tries three times in an update's " +
        'clean-up, then forgets the job.',
    );
  });
});

describe('polling', () => {
  test('quick at first, a twentieth of the elapsed time later, 5 s at the most', async () => {
    world.describe.push(...Array<ReturnType<typeof job>>(120).fill(job('DELETION_IN_PROGRESS')), undefined);
    await run();
    // The shorter ones keep the call rate.
    const pauses = world.pauses.filter((pause) => pause >= 250);
    expect(pauses[0]).toBe(250);
    expect(pauses.at(-1)).toBe(5_000);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
  });

  test('leaves before the invocation ends; what remains is for the next one', async () => {
    world.describe.push(job('DELETION_IN_PROGRESS'));
    expect(await run(deletion(), START + 10_000)).toBe(false);
    expect(world.time).toBeLessThanOrEqual(START + 10_000);
  });
});

test('a message is cut so that the whole answer stays under 4,096 bytes, and has no line breaks', async () => {
  world.describe.push(awsError('InvalidRequestException', 400, 'é\n'.repeat(5_000)));
  const failure = await failureOf(run());
  expect(Buffer.byteLength(failure.message)).toBeLessThan(2_001);
  expect(failure.message).not.toContain('\n');
});
