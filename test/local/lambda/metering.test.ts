import type { ExecutionEnvironment } from '../../../local/lambda/execution-environment';
import { metered, type MeteredInvocation, usageOf } from '../../../local/lambda/metering';
import { Sandbox } from './sandbox';

const CONFIGURATION = {
  functionName: 'f',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
  codeDirectory: '/',
  handler: 'index.handler',
  environment: {},
  timeoutSeconds: 3,
  memorySize: 128,
  roleArn: 'arn:aws:iam::123456789012:role/r',
  runtime: 'nodejs24.x',
};

test('an invocation is billed from the moment that its environment takes it to its outcome', async () => {
  let time = 1_000;
  const environment: ExecutionEnvironment = {
    invoke: () => {
      time += 250;
      return Promise.resolve({ payload: '{}' });
    },
    ready: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
  const reported: MeteredInvocation[] = [];
  const clock = { now: () => time, sleep: () => Promise.resolve() };
  const outcome = await metered(environment, CONFIGURATION, clock, (invocation) => reported.push(invocation)).invoke({
    requestId: 'r',
    event: '{}',
  });
  expect(outcome).toEqual({ payload: '{}' });
  expect(reported).toEqual([{ functionName: 'f', memorySize: 128, startedAt: 1_000, milliseconds: 250 }]);
});

test('Lambda keeps the journal of its invocations, failed ones too', async () => {
  const sandbox = await Sandbox.start();
  try {
    const arn = sandbox.createFunction('f', 'exports.handler = async () => { throw new Error("no"); };');
    await sandbox.lambda.invoke(arn, '{}');
    expect(sandbox.lambda.invocations.map(({ functionName }) => functionName)).toEqual(['f']);
  } finally {
    await sandbox.close();
  }
});

test('invocations add up; one that ends when another begins has made room for it', () => {
  const invocation = (startedAt: number, milliseconds: number): MeteredInvocation => ({
    functionName: 'f',
    memorySize: 256,
    startedAt,
    milliseconds,
  });
  const invocations = [invocation(0, 1_000), invocation(500, 1_500), invocation(1_000, 500), invocation(5_000, 1_000)];
  expect(usageOf(invocations)).toEqual({ invocations: 4, seconds: 4, gigabyteSeconds: 1, peakConcurrency: 2 });
  expect(usageOf([])).toEqual({ invocations: 0, seconds: 0, gigabyteSeconds: 0, peakConcurrency: 0 });
});
