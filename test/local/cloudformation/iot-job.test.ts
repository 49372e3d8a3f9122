import { LocalAws, type LocalAwsOptions } from '../../../local/aws';
import type { StackOperation } from '../../../local/cloudformation/stack-request';
import { JumpingClock } from '../jumping-clock';

const stackName = 'fleet';
const group = 'arn:aws:iot:us-east-1:123456789012:thinggroup/sensors';
const job = {
  JobId: 'ota-1',
  Targets: [{ 'Fn::GetAtt': ['Sensors', 'Arn'] }],
  TargetSelection: 'CONTINUOUS',
  Document: '{"operation":"update"}',
  TimeoutConfig: { InProgressTimeoutInMinutes: '5' },
  Tags: [{ Key: 'team', Value: 'edge' }],
};

let aws: LocalAws;
let clock: JumpingClock;

async function start(options: LocalAwsOptions = {}): Promise<void> {
  clock = new JumpingClock();
  aws = await LocalAws.start({ clock, strict: true, ...options });
}

afterEach(() => aws.close());

const template = (properties: object | undefined, type = 'AWS::IoT::Job'): Record<string, unknown> => ({
  Resources: {
    Sensors: { Type: 'AWS::IoT::ThingGroup', Properties: { ThingGroupName: 'sensors' } },
    ...(properties && { Job: { Type: type, Properties: properties } }),
  },
  ...(properties && {
    Outputs: {
      Ref: { Value: { Ref: 'Job' } },
      ...(type === 'AWS::IoT::Job' && {
        Arn: { Value: { 'Fn::GetAtt': ['Job', 'Arn'] } },
        CreatedAt: { Value: { 'Fn::GetAtt': ['Job', 'CreatedAt'] } },
      }),
    },
  }),
});
const assetDirectory = (): string => '.';
const create = (properties: object, type?: string): Promise<StackOperation> =>
  aws.cloudFormation.createStack({ stackName, template: template(properties, type), assetDirectory });
const update = (properties?: object): Promise<StackOperation> =>
  aws.cloudFormation.updateStack({ stackName, template: template(properties), assetDirectory });
const destroy = (): Promise<StackOperation> => aws.cloudFormation.deleteStack({ stackName });
const outputs = (): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(aws.cloudFormation.stack(stackName).outputs).map(([name, { value }]) => [name, value]),
  );
const reasonsOf = ({ events }: StackOperation): string => events.map(({ reason }) => reason).join('\n');
const incarnations = (): unknown[] => aws.iot.histories.map(({ jobId, deletedAt }) => [jobId, deletedAt !== undefined]);

test('a declared job is made by CreateJob, Ref is its ARN, and numbers may be texts', async () => {
  await start();
  expect(await create(job)).toMatchObject({ status: 'CREATE_COMPLETE' });
  const arn = 'arn:aws:iot:us-east-1:123456789012:job/ota-1';
  const { createdAt } = aws.iot.job('ota-1')!;
  expect(outputs()).toStrictEqual({ Ref: arn, Arn: arn, CreatedAt: new Date(createdAt).toISOString() });
  expect(aws.iot.call('DescribeJob', { jobId: 'ota-1' })).toMatchObject({
    job: {
      status: 'IN_PROGRESS',
      targets: [group],
      targetSelection: 'CONTINUOUS',
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
    },
  });
  expect(aws.iot.call('ListTagsForResource', { resourceArn: arn })).toMatchObject({
    tags: [{ Key: 'team', Value: 'edge' }],
  });
});

test('settings and tags change in place', async () => {
  await start();
  await create(job);
  const changed = {
    ...job,
    Description: 'Second',
    TimeoutConfig: { InProgressTimeoutInMinutes: 9 },
    Tags: [{ Key: 'a', Value: 'b' }],
  };
  expect(await update(changed)).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(incarnations()).toStrictEqual([['ota-1', false]]);
  expect(aws.iot.call('DescribeJob', { jobId: 'ota-1' })).toMatchObject({
    job: { description: 'Second', timeoutConfig: { inProgressTimeoutInMinutes: 9 } },
  });
  expect(aws.iot.call('ListTagsForResource', { resourceArn: String(outputs().Ref) })).toMatchObject({
    tags: [{ Key: 'a', Value: 'b' }],
  });
});

test('a replacement makes the new job before the old one goes, which fails while that is in progress', async () => {
  await start();
  await create(job);
  expect(await update({ ...job, JobId: 'ota-2' })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  // The old one is IN_PROGRESS, and the clean-up does not use force: it is left.
  expect(incarnations()).toStrictEqual([
    ['ota-1', false],
    ['ota-2', false],
  ]);
  aws.iot.call('CancelJob', { jobId: 'ota-2', force: true });
  expect(await update({ ...job, JobId: 'ota-3' })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(incarnations()).toStrictEqual([
    ['ota-1', false],
    ['ota-2', true],
    ['ota-3', false],
  ]);
});

test('a replacement with the same JobId fails, because the service has that id', async () => {
  await start();
  await create(job);
  const operation = await update({ ...job, Document: '{"operation":"another"}' });
  expect(operation.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reasonsOf(operation)).toContain('Job ota-1 already exists. (Service: Iot, Status Code: 409)');
  expect(reasonsOf(operation)).toContain('HandlerErrorCode: AlreadyExists');
  expect(incarnations()).toStrictEqual([['ota-1', false]]);
});

test('deletion without force fails while a device may work on it, and waits until the job is gone otherwise', async () => {
  await start();
  await create(job);
  const failed = await destroy();
  expect(failed.status).toBe('DELETE_FAILED');
  expect(reasonsOf(failed)).toContain('without force, only a job that is COMPLETED or CANCELED can be deleted');
  aws.iot.call('CancelJob', { jobId: 'ota-1' });
  expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(aws.iot.jobs()).toStrictEqual([]);
  expect(aws.iot.histories[0]).toMatchObject({ deletedFrom: 'CANCELED', deletedWithForce: false });
});

test('another reading of the type: deletion with force', async () => {
  await start({ declaredJobs: { forceDelete: true } });
  await create(job);
  expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(aws.iot.histories[0]).toMatchObject({ deletedFrom: 'IN_PROGRESS', deletedWithForce: true });
});

test('a job that somebody else deletes is an error while that lasts, and gone afterwards', async () => {
  await start();
  await create(job);
  aws.iot.call('DeleteJob', { jobId: 'ota-1', force: true });
  const failed = await destroy();
  expect(failed.status).toBe('DELETE_FAILED');
  expect(reasonsOf(failed)).toContain('Job ota-1 is already in DELETION_IN_PROGRESS');
  await clock.sleep(60_000);
  expect((await destroy()).status).toBe('DELETE_COMPLETE');
});

test.each<[string, object, string]>([
  ['an id that the model forbids', { JobId: 'a b' }, "Value 'a b' at 'jobId' failed to satisfy constraint"],
  ['a property that the type does not have', { NamespaceId: 'edge' }, 'extraneous key [NamespaceId] is not permitted'],
  ['a target that is not there', { Targets: [group.replace('sensors', 'nobody')] }, 'HandlerErrorCode: NotFound'],
  [
    'a nested value that the model forbids',
    { PresignedUrlConfig: { ExpiresInSec: 1 } },
    "at 'presignedUrlConfig.expiresInSec'",
  ],
])('%s fails the creation', async (_, properties, reason) => {
  await start();
  const operation = await create({ ...job, ...properties });
  expect(operation.status).toBe('ROLLBACK_COMPLETE');
  expect(reasonsOf(operation)).toContain(reason);
});

test('a region that lacks the type says so', async () => {
  await start({ declaredJobs: { typeMissing: true } });
  expect(reasonsOf(await create(job))).toContain('Unrecognized resource types: [AWS::IoT::Job]');
});

test('an OTA update makes a job of its own, and its deletion minds one that is in progress', async () => {
  await start();
  const ota = {
    OtaUpdateId: 'release-7',
    Targets: job.Targets,
    TargetSelection: 'CONTINUOUS',
    Files: [],
    RoleArn: 'x',
  };
  expect(await create(ota, 'AWS::IoT::OTAUpdate')).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(outputs().Ref).toBe('arn:aws:iot:us-east-1:123456789012:otaupdate/release-7');
  expect(aws.iot.job('AFR_OTA-release-7')).toMatchObject({ status: 'IN_PROGRESS', targets: [group] });
  expect((await destroy()).status).toBe('DELETE_FAILED');
  aws.iot.call('CancelJob', { jobId: 'AFR_OTA-release-7' });
  expect((await destroy()).status).toBe('DELETE_COMPLETE');
  expect(aws.iot.jobs()).toStrictEqual([]);
});
