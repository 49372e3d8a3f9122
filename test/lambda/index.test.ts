import type { Context } from 'aws-lambda';
import type { Answer } from '../../lambda/request/answer';
import type { Step } from '../../lambda/request/step';
import { LocalAws } from '../../local/aws';
import { event, sweepEvent } from './world';

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const context = {
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:handler',
  functionName: 'handler',
  logGroupName: '/aws/lambda/handler',
  awsRequestId: 'r',
  getRemainingTimeInMillis: () => 300_000,
} as Context;

const answers: Answer[] = [];
// The bucket of the answers: what the handler sends there is tested over the wire in test/e2e.
jest.mock('../../lambda/aws/put', () => ({
  put: (_url: string, body: string): Promise<number> => {
    answers.push(JSON.parse(body) as Answer);
    return Promise.resolve(200);
  },
}));
// A file of its own in the bundle.
jest.mock('../../lambda/clients', () => jest.requireActual<object>('../../lambda/aws/clients'), { virtual: true });

let aws: LocalAws;
let handler: Handler;
let StackId: string;
const environment = { ...process.env };
beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  aws = await LocalAws.start({ deletionTime: () => 50, regions: ['eu-west-1'] });
  const template = { Resources: { Thing: { Type: 'AWS::IoT::Thing', Properties: {} } } };
  const stack = await aws.cloudFormation.createStack({ stackName: 'S', template, assetDirectory: (hash) => hash });
  StackId = stack.stackId;
  aws.cloudFormation.setStatus(StackId, 'DELETE_IN_PROGRESS');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    REGIONS: 'eu-west-1',
    ASSUMABLE_ROLES: 'arn:aws:iam::222222222222:role/jobs',
  });
  ({ handler } = jest.requireActual<{ handler: Handler }>('../../lambda/index'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  process.env = environment;
  await aws.close();
});
beforeEach(() => answers.splice(0));

/** An event whose waiter looks at once, again and again. */
async function run(sent: object): Promise<Answer> {
  for (let step: Step = { Deadline: Date.now() + 3_300_000 }; !step.Answered;) {
    step = (await handler({ Event: sent, Step: step }, context)) as Step;
  }
  return answers.at(-1)!;
}

const deletion = (properties: object = {}, rest: object = {}): object => ({
  ...event('Delete', properties, { StackId, ...rest }),
  ResponseURL: 'https://bucket.example/answer?X-Amz-Signature=secret',
});

test('deletes a job over the wire: reads the stack and its events, describes, deletes, waits', async () => {
  aws.iot.createJob({ jobId: 'job-1', status: 'IN_PROGRESS', namespaceId: 'edge' });
  expect(await run(deletion())).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'job-1' });
  expect(aws.iot.job('job-1')).toBeUndefined();
});

test('cancels over the wire', async () => {
  aws.iot.createJob({ jobId: 'job-1', status: 'SCHEDULED' });
  expect(await run(deletion({ CancelFirst: 'true' }))).toMatchObject({ Status: 'SUCCESS' });
  expect(aws.iot.calls.map(({ operation }) => operation)).toContain('CancelJob');
});

test('an answer without a job proves nothing: it is asked for again', async () => {
  aws.iot.createJob({ jobId: 'job-1', status: 'COMPLETED' });
  let count = 0;
  aws.iot.intercept = (_operation, _jobId, next) =>
    ++count === 1 ? Promise.resolve({ status: 200, body: '{}' }) : next();
  expect(await run(deletion())).toMatchObject({ Status: 'SUCCESS' });
  expect(aws.iot.job('job-1')).toBeUndefined();
});

test('jobs of another region and account: with the credentials of a role there, which are asked for once', async () => {
  const roleArn = 'arn:aws:iam::222222222222:role/jobs';
  const other = aws.addAccount('222222222222');
  other.iam.createRole('jobs');
  const iot = other.iotIn('eu-west-1');
  const properties = { Region: 'eu-west-1', AssumeRole: { RoleArn: roleArn, ExternalId: 'teardown' } };
  for (let round = 0; round < 2; round++) {
    iot.createJob({ jobId: 'job-1', status: 'COMPLETED' });
    const PhysicalResourceId = 'arn:aws:iot:eu-west-1:222222222222:job/job-1';
    expect(await run(deletion(properties, { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
    expect(iot.job('job-1')).toBeUndefined();
  }
  expect(new Set(iot.calls.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
});

test('an event with nothing to do is answered at once', async () => {
  expect(await handler(deletion({}, { PhysicalResourceId: 'Stack-Teardown-1ABCDEF' }), context)).toBeUndefined();
  expect(answers).toHaveLength(1);
});

describe('what nobody answers for', () => {
  test.each([undefined, null, 'text', {}, { RequestType: 'Delete' }, { Event: {} }, { Event: null, Step: {} }])(
    '%j is neither an event nor a step',
    async (input) => {
      await expect(handler(input, context)).rejects.toThrow('This function serves custom resources of CloudFormation');
    },
  );

  test.each([undefined, '', 'no url', 42])(
    'an event whose ResponseURL is %j: nothing is done, and its waiter ends',
    async (url) => {
      aws.iot.intercept = undefined;
      aws.iot.createJob({ jobId: `job-${String(url).length}`, status: 'COMPLETED' });
      const before = aws.iot.calls.length;
      const sent = { ...deletion(), ResponseURL: url };
      expect(await handler(sent, context)).toBeUndefined();
      expect(await handler({ Event: sent, Step: { Deadline: Date.now() + 3_300_000 } }, context)).toMatchObject({
        Answered: true,
      });
      expect([answers.length, aws.iot.calls.length]).toEqual([0, before]);
    },
  );
});

describe('an emulator that does not say where the function is (R28)', () => {
  test.each(['', undefined])('invokedFunctionArn %j: the StackId says it', async (invokedFunctionArn) => {
    const ResponseURL = 'https://bucket.example/answer?X-Amz-Signature=secret';
    const Event = sweepEvent('Create', { JobIdPrefix: 'ota-' }, { StackId, ResponseURL });
    const where = { ...context, invokedFunctionArn } as Context;
    const sent = { Event, Step: { Deadline: Date.now() + 3_300_000 } };
    expect(await handler(sent, where)).toMatchObject({ Answered: true });
    expect(answers[0]!.PhysicalResourceId).toMatch(/^jobs:us-east-1:123456789012\?/);
  });

  test('nor the StackId: a clear failure', async () => {
    const where = { ...context, invokedFunctionArn: '' };
    await expect(handler(deletion({}, { StackId: 'S' }), where)).rejects.toThrow(
      "Neither the function's ARN nor the StackId says where this is: S",
    );
  });
});
