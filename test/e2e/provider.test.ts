import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { deleting, effects, failures, startAws, synthesize } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  ['ota-1', 'fw-1'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
});
afterEach(() => aws.close());

const withPatterns = (
  jobIdPatterns: string[],
  build: (stack: Stack, provider: JobDeletionProvider) => void,
): SynthesizedStack => synthesize((stack) => build(stack, new JobDeletionProvider(stack, 'Mine', { jobIdPatterns })));

test('narrowing the patterns in the update in which a job leaves still deletes it: the old policy goes last', async () => {
  await aws.cloudFormation.createStack(
    withPatterns(['*'], (stack, provider) => {
      new JobDeletion(stack, 'Ota', { jobId: 'ota-1', provider });
      new JobDeletion(stack, 'Fw', { jobId: 'fw-1', provider });
    }),
  );
  const { status, events } = await aws.cloudFormation.updateStack(
    withPatterns(['ota-*'], (stack, provider) => {
      new JobDeletion(stack, 'Ota', { jobId: 'ota-1', provider });
    }),
  );
  expect(status).toBe('UPDATE_COMPLETE');
  expect(failures(events)).toEqual([]);
  expect(effects(aws)).toEqual(['DeleteJob fw-1: ok']);
  const cleanUp = events.filter(({ status: each }) => each === 'DELETE_COMPLETE').map(({ type }) => type);
  expect(cleanUp).toEqual(['Custom::IoTJobDeletion', 'AWS::IAM::Policy']);
});

test("a job outside the provider's patterns, through a token: fails when it is created, not when it is to go", async () => {
  const stack = withPatterns(['ota-*'], (scope, provider) => {
    new JobDeletion(scope, 'Teardown', { jobId: new CfnParameter(scope, 'Job').valueAsString, provider });
  });
  const { status, events } = await aws.cloudFormation.createStack({ ...stack, parameters: { Job: 'fw-1' } });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(failures(events)).toEqual([
    expect.stringContaining(
      'Job "fw-1" is outside the provider\'s jobIdPatterns (ota-*). Add a pattern that covers it, and deploy again.',
    ),
  ]);
  expect(effects(aws)).toEqual([]);
});

test('a permission that is missing: named with its ARN and the role, after 20 seconds of patience', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
  // Somebody took it away by hand.
  const handler = aws.cloudFormation.stack('S').resources.find(({ logicalId }) => /HandlerRole/.test(logicalId));
  aws.iam.role(handler!.physicalId!).policies.forEach((policy) => {
    (policy as { Statement: object[] }).Statement = policy.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((action) => action !== 'iot:DeleteJob'),
    }));
  });
  const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  expect(status).toBe('DELETE_FAILED');
  expect(failures(events)).toEqual([
    expect.stringMatching(
      /The role arn:aws:iam::123456789012:role\/\S+ may not iot:DeleteJob on arn:aws:iot:us-east-1:123456789012:job\/ota-1: AccessDeniedException/,
    ),
  ]);
});

test('a deletion that outlasts an invocation of the handler goes on in the next one', async () => {
  aws.iot.createJob({ jobId: 'slow', status: 'COMPLETED', deletionTime: 14_000 });
  await aws.cloudFormation.createStack(deleting({ jobId: 'slow' }));
  const { status } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  expect(status).toBe('DELETE_COMPLETE');
  expect(effects(aws)).toEqual(['DeleteJob slow: ok']);
  expect(aws.iot.job('slow')).toBeUndefined();
});
