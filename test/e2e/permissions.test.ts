import { DeleteJobCommand, IoTClient } from '@aws-sdk/client-iot';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import type { LocalAws } from '../../local/aws';
import type { Role } from '../../local/iam/iam';
import { simulatedIam } from '../../rehearsal/authoriser';
import { startAws, synthesize } from './world';

let aws: LocalAws;
let handlerRole: Role;
beforeAll(async () => {
  aws = await startAws();
  await aws.cloudFormation.createStack(
    synthesize((stack) => {
      const provider = new JobDeletionProvider(stack, 'Mine', {
        jobIdPatterns: ['ota-*'],
      });
      new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider });
    }),
  );
  const { resources } = aws.cloudFormation.stack('S');
  handlerRole = aws.iam.role(resources.find(({ logicalId }) => logicalId.startsWith('MineHandlerRole'))!.physicalId!);
});
afterAll(() => aws.close());

test("with the handler's own credentials: a job inside the patterns can be deleted, one outside cannot", async () => {
  const iot = new IoTClient({
    endpoint: aws.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: handlerRole.accessKeyId, secretAccessKey: 'secret' },
  });
  ['ota-2', 'fw-1'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
  await iot.send(new DeleteJobCommand({ jobId: 'ota-2' }));
  await expect(iot.send(new DeleteJobCommand({ jobId: 'fw-1' }))).rejects.toThrow(
    `${handlerRole.arn} is not authorized to perform: iot:DeleteJob on resource: arn:aws:iot:us-east-1:123456789012:job/fw-1`,
  );
  expect(aws.iot.job('fw-1')).toMatchObject({ status: 'COMPLETED' });
  iot.destroy();
});

test.each(['iot:DescribeJob', 'iot:CancelJob', 'iot:DeleteJob', 'iot:ListTagsForResource'])(
  "%s on jobs of the patterns alone, and of no other region's or account's",
  async (action) => {
    const allows = (resource: string): Promise<boolean> =>
      simulatedIam({
        principalArn: handlerRole.arn,
        action,
        resource,
        accountId: resource.split(':')[4]!,
        identityPolicies: [...handlerRole.policies.values()],
      });
    expect(await allows('arn:aws:iot:us-east-1:123456789012:job/ota-1')).toBe(true);
    expect(await allows('arn:aws:iot:us-east-1:123456789012:job/fw-1')).toBe(false);
    expect(await allows('arn:aws:iot:eu-west-1:123456789012:job/ota-1')).toBe(false);
    expect(await allows('arn:aws:iot:us-east-1:999999999999:job/ota-1')).toBe(false);
  },
);

test('whoever may invoke the handler can forge an event, but not for a job outside the patterns', async () => {
  const { id: stackId, resources } = aws.cloudFormation.stack('S');
  const handler = resources.find(
    ({ type, logicalId }) => type === 'AWS::Lambda::Function' && logicalId.startsWith('MineHandler'),
  )!.physicalId!;
  ['ota-3', 'fw-3'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
  // A step of the waiter, as if everything had been decided.
  const forged = (jobId: string): string =>
    JSON.stringify({
      Event: {
        RequestType: 'Delete',
        ResponseURL: aws.responses.url,
        StackId: stackId,
        RequestId: 'forged',
        LogicalResourceId: 'Teardown',
        ResourceType: 'Custom::IoTJobDeletion',
        PhysicalResourceId: jobId,
        ResourceProperties: { JobId: jobId, Force: 'true' },
      },
      Step: {
        Deadline: Date.now() + 60_000,
        Target: { [jobId]: aws.iot.job(jobId)!.createdAt },
        Rest: { Format: 1, Looks: 0, Reading: {}, Occasion: 'stack deletion' },
      },
    });
  const [inside, outside] = await Promise.all([
    aws.lambda.invoke(handler, forged('ota-3')),
    aws.lambda.invoke(handler, forged('fw-3')),
  ]);
  expect([inside.functionError, outside.functionError]).toEqual([undefined, undefined]);
  expect([aws.iot.job('ota-3')?.status, aws.iot.job('fw-3')?.status]).toEqual(['DELETION_IN_PROGRESS', 'COMPLETED']);
  expect(aws.iot.calls.filter(({ jobId, outcome }) => jobId === 'fw-3' && outcome === 'ok')).toEqual([]);
});
