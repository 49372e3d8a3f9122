import {
  GetFunctionCommand,
  InvokeCommand,
  waitUntilFunctionActiveV2,
  type InvokeCommandOutput,
} from '@aws-sdk/client-lambda';
import { reportingHandler, Sandbox } from './sandbox';

const payloadOf = (output: InvokeCommandOutput): unknown => JSON.parse(output.Payload?.transformToString() ?? '');

describe('the Lambda API', () => {
  const denied = new Set<string>();
  let sandbox: Sandbox;
  let arn: string;

  beforeAll(async () => {
    sandbox = await Sandbox.start({ authoriser: ({ action }) => Promise.resolve(!denied.has(action)) });
    arn = sandbox.createFunction(
      'greeter',
      `const { Lambda } = require('@aws-sdk/client-lambda');
       const { SFN } = require('@aws-sdk/client-sfn');
       class Refusal extends Error { name = 'Refusal' }
       exports.handler = async (event, context) => {
         console.log('greeting', event.who);
         if (event.fail) throw new Refusal('not today');
         return {
           who: event.who,
           context,
           remaining: context.getRemainingTimeInMillis(),
           environment: process.env,
           sdk: [typeof Lambda, typeof SFN],
         };
       };`,
      { environment: { COLOUR: 'blue' } },
    );
  });
  afterAll(() => sandbox.close());
  afterEach(() => denied.clear());

  it('invokes a function by its ARN, with a context and its own environment', async () => {
    const output = await sandbox
      .lambdaClient()
      .send(new InvokeCommand({ FunctionName: arn, Payload: JSON.stringify({ who: 'wörld' }) }));
    expect(output.StatusCode).toBe(200);
    expect(output.FunctionError).toBeUndefined();
    const result = payloadOf(output) as { remaining: number; environment: Record<string, string> };
    expect(result).toMatchObject({
      who: 'wörld',
      sdk: ['function', 'function'],
      context: {
        functionName: 'greeter',
        invokedFunctionArn: arn,
        awsRequestId: output.$metadata.requestId,
        memoryLimitInMB: '128',
        logGroupName: '/aws/lambda/greeter',
      },
    });
    expect(result.remaining).toBeGreaterThan(20_000);
    expect(result.environment).toMatchObject({
      COLOUR: 'blue',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: sandbox.role.accessKeyId,
    });
    expect(result.environment).not.toHaveProperty('JEST_WORKER_ID');
    expect(sandbox.lines).toContain('greeter: greeting wörld');
  });

  it("answers an error of the function with Lambda's envelope", async () => {
    const output = await sandbox
      .lambdaClient()
      .send(new InvokeCommand({ FunctionName: 'greeter', Payload: JSON.stringify({ fail: true }) }));
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(payloadOf(output)).toMatchObject({
      errorType: 'Refusal',
      errorMessage: 'not today',
      trace: expect.arrayContaining([expect.stringContaining('not today')]) as string[],
    });
  });

  it('loses what a function writes whose role may not log', async () => {
    denied.add('logs:PutLogEvents');
    sandbox.createFunction('mute', `exports.handler = async () => { console.log('anyone?'); return 'done'; };`);
    sandbox.createFunction('audible', `exports.handler = async () => { console.log('anyone?'); return 'done'; };`);
    await sandbox.lambda.invoke('mute', '{}');
    denied.clear();
    await sandbox.lambda.invoke('audible', '{}');
    expect(sandbox.lines.filter((line) => line.includes('anyone?'))).toEqual(['audible: anyone?']);
  });

  it.each([
    ['kms:Decrypt', 'KMSAccessDeniedException', { kmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/k' }],
    ['ec2:CreateNetworkInterface', 'EC2AccessDeniedException', { inVpc: true }],
  ])('does not start a function that needs %s while its role may not', async (action, name, properties) => {
    const FunctionName = sandbox.createFunction(name, `exports.handler = async () => 'started';`, properties);
    denied.add(action);
    const client = sandbox.lambdaClient();
    await expect(client.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({ name });
    denied.clear();
    expect(payloadOf(await client.send(new InvokeCommand({ FunctionName })))).toBe('started');
  });

  it('describes a function, so that the waiter of the SDK ends', async () => {
    const client = sandbox.lambdaClient();
    const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: arn }));
    expect(Configuration).toMatchObject({ FunctionName: 'greeter', State: 'Active', LastUpdateStatus: 'Successful' });
    const { state } = await waitUntilFunctionActiveV2({ client, maxWaitTime: 5 }, { FunctionName: 'greeter' });
    expect(state).toBe('SUCCESS');
  });

  it.each([
    ['lambda:InvokeFunction', new InvokeCommand({ FunctionName: 'greeter' })],
    ['lambda:GetFunction', new GetFunctionCommand({ FunctionName: 'greeter' })],
  ])('asks IAM for %s', async (action, command) => {
    denied.add(action);
    const call = sandbox.lambdaClient(sandbox.role.accessKeyId).send(command);
    await expect(call).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${sandbox.role.arn} is not authorized to perform: ${action} on resource: ${arn}`,
    });
  });

  it.each([
    ['ResourceNotFoundException', { FunctionName: 'nobody' }],
    ['InvalidRequestContentException', { FunctionName: 'greeter', Payload: 'no JSON' }],
    ['ResourceNotFoundException', { FunctionName: 'greeter:live' }],
    ['ResourceNotFoundException', { FunctionName: 'greeter', Qualifier: '1' }],
    ['InvalidParameterValueException', { FunctionName: 'greeter:live', Qualifier: '1' }],
    ['ResourceNotFoundException', { FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:greeter' }],
    ['ResourceNotFoundException', { FunctionName: '999999999999:function:greeter' }],
    ['ValidationException', { FunctionName: 'made up' }],
    ['RequestTooLargeException', { FunctionName: 'greeter', Payload: JSON.stringify('x'.repeat(6_291_455)) }],
    [
      'RequestTooLargeException',
      { FunctionName: 'greeter', InvocationType: 'Event', Payload: JSON.stringify('é'.repeat(524_288)) },
    ],
  ] as const)('answers %s', async (name, input) => {
    await expect(sandbox.lambdaClient().send(new InvokeCommand(input))).rejects.toMatchObject({ name });
  });

  it('says that a function of another region is not reached from here', async () => {
    const FunctionName = 'arn:aws:lambda:eu-west-1:123456789012:function:greeter';
    await expect(sandbox.lambdaClient().send(new InvokeCommand({ FunctionName }))).rejects.toThrow(
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    );
  });

  it.each(['$LATEST', undefined])('runs a function by the qualifier %s', async (Qualifier) => {
    const output = await sandbox.lambdaClient().send(new InvokeCommand({ FunctionName: 'greeter', Qualifier }));
    expect(output.FunctionError).toBeUndefined();
  });

  it('answers 400 to a path that can not be decoded', async () => {
    const { status } = await sandbox.lambda.handle({
      requestId: 'r',
      region: 'us-east-1',
      accessKeyId: 'AKIAPERSON',
      method: 'POST',
      path: '/2015-03-31/functions/%zz/invocations',
      query: new URLSearchParams(),
      headers: {},
      body: '{}',
    });
    expect(status).toBe(400);
  });

  it('makes an error of an answer that is too long', async () => {
    sandbox.createFunction('verbose', `exports.handler = async () => 'x'.repeat(6291555);`);
    const { payload, functionError } = await sandbox.lambda.invoke('verbose', '{}');
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('accepts an event without waiting for it, and runs nothing for DryRun', async () => {
    sandbox.createFunction('reporter', reportingHandler);
    const client = sandbox.lambdaClient();
    const dry = await client.send(new InvokeCommand({ FunctionName: 'reporter', InvocationType: 'DryRun' }));
    expect(dry.StatusCode).toBe(204);
    const Payload = JSON.stringify({ path: 'event' });
    const event = await client.send(new InvokeCommand({ FunctionName: 'reporter', InvocationType: 'Event', Payload }));
    expect(event.StatusCode).toBe(202);
    const report = await sandbox.request();
    expect(report.path).toBe('/event');
    report.answer();
  });

  it('lets somebody stand between an invocation and its function', async () => {
    sandbox.lambda.intercept = async (functionName, payload, next) => {
      const outcome = await next();
      return { payload: JSON.stringify([functionName, payload, outcome.functionError]) };
    };
    const { payload } = await sandbox.lambda.invoke('greeter', '{"fail":true}');
    sandbox.lambda.intercept = undefined;
    expect(JSON.parse(payload)).toEqual(['greeter', '{"fail":true}', 'Unhandled']);
  });
});
