import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { LocalAws } from '../../local/aws';
import { event } from './world';

type Handler = (event: CloudFormationCustomResourceEvent, context: Context) => Promise<unknown>;

const context = {
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:handler',
  getRemainingTimeInMillis: () => 300_000,
} as Context;

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
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  ({ handler } = jest.requireActual<{ handler: Handler }>('../../lambda/index'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  process.env = environment;
  await aws.close();
});

const send = (sent: object): Promise<unknown> => handler(sent as CloudFormationCustomResourceEvent, context);

async function run(sent: object): Promise<unknown> {
  return send({ ...sent, ...((await send(sent)) as object) });
}

test('deletes a job over the wire: reads the stack, describes, deletes, waits', async () => {
  aws.iot.createJob({ jobId: 'job-1', status: 'IN_PROGRESS', namespaceId: 'edge' });
  expect(await run(event('Delete', {}, { StackId }))).toEqual({ IsComplete: true });
  expect(aws.iot.job('job-1')).toBeUndefined();
});

test('cancels over the wire', async () => {
  aws.iot.createJob({ jobId: 'job-1', status: 'SCHEDULED' });
  expect(await run(event('Delete', { CancelFirst: 'true' }, { StackId }))).toEqual({ IsComplete: true });
  expect(aws.iot.calls.map(({ operation }) => operation)).toContain('CancelJob');
});

test('an answer without a job proves nothing: it is asked for again', async () => {
  aws.iot.createJob({ jobId: 'job-1', status: 'COMPLETED' });
  let answers = 0;
  aws.iot.intercept = (_operation, _jobId, next) =>
    ++answers === 1 ? Promise.resolve({ status: 200, body: '{}' }) : next();
  expect(await run(event('Delete', {}, { StackId }))).toEqual({ IsComplete: true });
  expect(aws.iot.job('job-1')).toBeUndefined();
});

test('a stack that CloudFormation does not know: what the service said', async () => {
  await expect(send(event('Delete'))).rejects.toThrow(
    /^AWS refused cloudformation:DescribeStacks for job "job-1": ValidationError: Stack with id .* does not exist\. Correct/,
  );
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
    expect(await run(event('Delete', properties, { StackId, PhysicalResourceId }))).toEqual({ IsComplete: true });
    expect(iot.job('job-1')).toBeUndefined();
  }
  expect(new Set(iot.calls.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
});
