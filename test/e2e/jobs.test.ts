import { Duration } from 'aws-cdk-lib';
import type { LocalAws } from '../../local/aws';
import { deleting, effects, failures, startAws, takeAllSlots } from './world';

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
afterEach(() => aws.close());

const LOGS = / Log group: \S+, request id: \S+\./;

/** Deploys a stack and deletes it; resolves with how that ended, and why, without the log group. */
async function teardown(...jobs: Parameters<typeof deleting>): Promise<{ status: string; reasons: string[] }> {
  await aws.cloudFormation.createStack(deleting(...jobs));
  return destroy();
}

async function destroy(): Promise<{ status: string; reasons: string[] }> {
  const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  return { status, reasons: failures(events).map((reason) => reason.replace(LOGS, '')) };
}

const sentence = (text: string): string => expect.stringContaining(`Message returned: ${text}`) as string;

test("a job's own namespace is used", async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', namespaceId: 'edge' });
  expect(await teardown({ jobId: 'a' })).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
});

test('the right namespace is used', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', namespaceId: 'edge' });
  expect(await teardown({ jobId: 'a', namespaceId: 'edge' })).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
});

test('a wrong namespace fails, names both, and deletes nothing; the corrected stack is deleted', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', namespaceId: 'edge' });
  expect(await teardown({ jobId: 'a', namespaceId: 'core' })).toEqual({
    status: 'DELETE_FAILED',
    reasons: [
      sentence(
        'Job "a" is in the namespace "edge", not in "core". If it is the right job, delete it: ' +
          'aws iot delete-job --job-id a --namespace-id edge --region us-east-1. Then delete the stack again.',
      ),
    ],
  });
  expect(effects(aws)).toEqual([]);
});

test('a job that never existed: done', async () => {
  expect(await teardown({ jobId: 'never' })).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
  expect(effects(aws)).toEqual([]);
});

test('a job that is in deletion already: waits, asks nobody', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'DELETION_IN_PROGRESS', deletionTime: 4_000 });
  expect(await teardown({ jobId: 'a' })).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
  expect(effects(aws)).toEqual([]);
  expect(aws.iot.job('a')).toBeUndefined();
});

test('an id that is used again while the old job is deleted: the new job lives', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  aws.iot.intercept = async (operation, _jobId, next) => {
    const answer = await next();
    if (operation === 'DescribeJob' && answer.status === 404) {
      aws.iot.intercept = undefined;
      aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
      return next();
    }
    return answer;
  };
  expect(await teardown({ jobId: 'a', force: true })).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  expect(aws.iot.job('a')).toMatchObject({ status: 'IN_PROGRESS' });
});

test('an active job without force: fails with the three ways out; once it has ended, deleting again succeeds', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', executions: { inProgress: 2 } });
  expect(await teardown({ jobId: 'a' })).toEqual({
    status: 'DELETE_FAILED',
    reasons: [
      sentence(
        'Job "a" is IN_PROGRESS, and force is false. Wait until it ends, or cancel it: ' +
          'aws iot cancel-job --job-id a --region us-east-1. To cut off its devices, delete it: ' +
          'aws iot delete-job --job-id a --force --region us-east-1. Then delete the stack again.',
      ),
    ],
  });
  aws.iot.finishExecutions('a');
  expect(await destroy()).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
});

describe('cancelFirst', () => {
  test('without force: executions that are in progress come to their end first', async () => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', executions: { queued: 2, inProgress: 1 } });
    let looks = 0;
    let before: string[] = [];
    aws.iot.intercept = async (operation, _jobId, next) => {
      if (operation === 'DescribeJob' && aws.iot.job('a')?.status === 'CANCELED' && ++looks === 3) {
        before = effects(aws);
        aws.iot.finishExecutions('a');
      }
      return next();
    };
    expect(await teardown({ jobId: 'a', cancelFirst: true })).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
    expect(effects(aws)).toEqual(['CancelJob a: ok', 'DeleteJob a: ok']);
    expect(before).toEqual(['CancelJob a: ok']);
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  test('without force, and they do not end: fails at the timeout and says so', async () => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', executions: { inProgress: 1 } });
    expect(await teardown({ jobId: 'a', cancelFirst: true, timeout: Duration.seconds(2) })).toEqual({
      status: 'DELETE_FAILED',
      reasons: [sentence('Job "a" is CANCELED, but 1 execution was still in progress after 2 seconds. Wait until the')],
    });
  });

  test('with force: they are cancelled too', async () => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', executions: { inProgress: 1 } });
    const ended = await teardown({ jobId: 'a', cancelFirst: true, force: true });
    expect(ended).toEqual({ status: 'DELETE_COMPLETE', reasons: [] });
    expect(effects(aws)).toEqual(['CancelJob a: ok', 'DeleteJob a: ok']);
  });
});

describe('timeouts say why, and deleting the stack again goes on', () => {
  test('still in deletion', async () => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', deletionTime: 6_000 });
    expect(await teardown({ jobId: 'a', timeout: Duration.seconds(2) })).toEqual({
      status: 'DELETE_FAILED',
      reasons: [
        sentence(
          'Job "a" is still DELETION_IN_PROGRESS after 2 seconds. Wait for AWS IoT to finish. ' +
            'Then delete the stack again.',
        ),
      ],
    });
    let ended;
    do {
      ended = await destroy();
    } while (ended.status === 'DELETE_FAILED');
    expect(ended.status).toBe('DELETE_COMPLETE');
    expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  });

  test('no slot', async () => {
    takeAllSlots(aws, 3_600_000);
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    expect(await teardown({ jobId: 'a', timeout: Duration.seconds(2) })).toEqual({
      status: 'DELETE_FAILED',
      reasons: [sentence('Job "a" got no deletion slot within 2 seconds: 10 other jobs were in deletion.')],
    });
    expect(aws.iot.job('a')).toMatchObject({ status: 'COMPLETED' });
  });

  test("in an update's clean-up: the exact command, because CloudFormation tries three times and forgets", async () => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', namespaceId: 'edge' });
    aws.iot.createJob({ jobId: 'b', status: 'COMPLETED' });
    await aws.cloudFormation.createStack(deleting({ jobId: 'a', namespaceId: 'core', force: true }));
    const { status, events } = await aws.cloudFormation.updateStack(deleting({ jobId: 'b' }));
    expect(status).toBe('UPDATE_COMPLETE');
    const reasons = failures(events);
    expect(reasons).toContainEqual(
      expect.stringContaining(
        'delete it: aws iot delete-job --job-id a --force --namespace-id edge --region us-east-1.',
      ),
    );
    expect(aws.iot.job('a')).toMatchObject({ status: 'IN_PROGRESS' });
  });
});

describe('bad input through tokens fails in the events, and nothing is deleted', () => {
  const bad = 'x'.repeat(65);
  test.each([
    [
      'JobId',
      'a b',
      'JobId "a b" is not 1 to 64 characters of a-z, A-Z, 0-9, "_" and "-". Correct it and deploy again.',
    ],
    ['JobId', '', 'JobId "" is not 1 to 64 characters'],
    ['JobId', bad, `JobId "${bad}" is not 1 to 64 characters`],
    ['NamespaceId', 'a/b', 'NamespaceId "a/b" is not 1 to 64 characters'],
    ['NamespaceId', '', 'NamespaceId "" is not 1 to 64 characters'],
    ['Force', 'maybe', 'Force "maybe" is not true or false. Correct it and deploy again.'],
    ['TimeoutSeconds', '3600', 'TimeoutSeconds "3600" is not a number of seconds, more than 0 and at most 3480.'],
  ])('%s %s', async (property, value, reason) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    const stack = deleting({ jobId: 'a' });
    // As a token's value would arrive.
    const [resource] = Object.values(
      stack.template.Resources as Record<string, { Type: string; Properties: object }>,
    ).filter(({ Type }) => Type === 'Custom::IoTJobDeletion');
    Object.assign(resource!.Properties, { [property]: value });
    const { status, events } = await aws.cloudFormation.createStack(stack);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(failures(events)).toEqual([sentence(reason)]);
    expect(effects(aws)).toEqual([]);
    expect(aws.iot.job('a')).toBeDefined();
  });
});
