import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { reportingHandler, Sandbox } from '../lambda/sandbox';

const task = (resource: string, more: object = {}, others: object = {}): string =>
  JSON.stringify({
    StartAt: 'Work',
    States: { Work: { Type: 'Task', Resource: resource, End: true, ...more }, ...others },
  });

const REQUEST = {
  requestId: 'r',
  region: 'us-east-1',
  accessKeyId: 'AKIAPERSON',
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
};

const rescued = (resource: string): string =>
  task(resource, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rescue' }] }, { Rescue: { Type: 'Pass', End: true } });

describe('Step Functions', () => {
  const denied = new Set<string>();
  let sandbox: Sandbox;
  let failing: string;

  beforeAll(async () => {
    sandbox = await Sandbox.start({ authoriser: ({ action }) => Promise.resolve(!denied.has(action)) });
    failing = sandbox.createFunction(
      'failing',
      `exports.handler = async (event) => { throw Object.assign(new Error('for ' + event.who), { name: 'Refusal' }) };`,
    );
  });
  afterAll(() => sandbox.close());
  afterEach(() => denied.clear());

  let machines = 0;
  const createStateMachine = (definition: string): string =>
    sandbox.states.createStateMachine({ name: `machine-${++machines}`, definition, roleArn: sandbox.role.arn });

  /** Runs a machine to its end and returns what it caught. */
  async function caught(definition: string): Promise<{ Error: string; Cause: string }> {
    const execution = sandbox.states.startExecution(createStateMachine(definition), '{"who":"me"}');
    await execution.finished;
    return JSON.parse(execution.output ?? '') as { Error: string; Cause: string };
  }

  it('starts and describes executions over its API', async () => {
    const echo = sandbox.createFunction('echo', 'exports.handler = async (event) => ({ got: event });');
    const stateMachineArn = createStateMachine(task(echo));
    const client = sandbox.sfnClient();
    const { executionArn, startDate } = await client.send(
      new StartExecutionCommand({ stateMachineArn, input: '{"who":"me"}', name: 'first' }),
    );
    expect(executionArn).toBe(`arn:aws:states:us-east-1:123456789012:execution:machine-${machines}:first`);
    await sandbox.states.executions.at(-1)?.finished;
    const description = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(description).toMatchObject({
      stateMachineArn,
      name: 'first',
      status: 'SUCCEEDED',
      input: '{"who":"me"}',
      output: '{"got":{"who":"me"}}',
      startDate,
      stopDate: expect.any(Date) as Date,
    });
  });

  it('knows an execution by its name', async () => {
    const stateMachineArn = createStateMachine(task(sandbox.createFunction('waiting', reportingHandler)));
    const client = sandbox.sfnClient();
    const start = (input: string) =>
      client
        .send(new StartExecutionCommand({ stateMachineArn, input, name: 'once' }))
        .then((output) => output.executionArn);
    const arn = await start('{}');
    expect(await start('{}')).toBe(arn);
    await expect(start('{"other":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    (await sandbox.request()).answer();
    await sandbox.states.executions.at(-1)?.finished;
    await expect(start('{}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it.each([
    ['StateMachineDoesNotExist', { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:none' }],
    ['InvalidExecutionInput', { input: 'no JSON' }],
    ['InvalidExecutionInput', { input: JSON.stringify('é'.repeat(131_072)) }],
    ['InvalidName', { name: 'a b' }],
    ['InvalidName', { name: 'a:b' }],
    ['InvalidName', { name: 'a\u{1f600}\ud800' }],
    ['ValidationException', { name: 'a'.repeat(81) }],
    ['InvalidArn', { stateMachineArn: 'arn:aws:lambda:us-east-1:123456789012:function:f' }],
  ])('answers %s', async (name, input) => {
    const stateMachineArn = createStateMachine(task(failing));
    const call = sandbox.sfnClient().send(new StartExecutionCommand({ stateMachineArn, ...input }));
    await expect(call).rejects.toMatchObject({ name });
  });

  it('takes an input of 256 KiB', async () => {
    const input = JSON.stringify('é'.repeat(131_071));
    const stateMachineArn = createStateMachine(rescued(failing));
    const { executionArn } = await sandbox.sfnClient().send(new StartExecutionCommand({ stateMachineArn, input }));
    await sandbox.states.executions.at(-1)?.finished;
    expect(executionArn).toBeDefined();
  });

  it.each([
    ['no JSON', '{', 'SerializationException'],
    ['null', 'null', 'SerializationException'],
    ['a list', '[]', 'SerializationException'],
    ['a number for a text', '{"stateMachineArn":5}', 'SerializationException'],
    ['no ARN', '{"stateMachineArn":null}', 'ValidationException'],
  ])('answers 400 to a body that is %s', async (_what, body, type) => {
    const { status, body: answer = '' } = await sandbox.states.handle({
      ...REQUEST,
      headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution' },
      body,
    });
    expect([status, JSON.parse(answer)]).toEqual([400, expect.objectContaining({ __type: type })]);
  });

  it('is stopped by a person, once, and stays as it ended', async () => {
    const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 3600, End: true } } });
    const client = sandbox.sfnClient();
    const stateMachineArn = createStateMachine(definition);
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const first = await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'It was late.' }));
    const again = await client.send(new StopExecutionCommand({ executionArn, error: 'Other' }));
    expect(again.stopDate).toEqual(first.stopDate);
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'It was late.',
      stopDate: first.stopDate,
    });
  });

  it('asks IAM before it starts an execution', async () => {
    denied.add('states:StartExecution');
    const stateMachineArn = createStateMachine(task(failing));
    const call = sandbox.sfnClient(sandbox.role.accessKeyId).send(new StartExecutionCommand({ stateMachineArn }));
    await expect(call).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it("gives a Catch the function's error and Lambda's whole envelope", async () => {
    const { Error: name, Cause } = await caught(rescued(failing));
    expect(name).toBe('Refusal');
    expect(JSON.parse(Cause)).toMatchObject({
      errorType: 'Refusal',
      errorMessage: 'for me',
      trace: expect.any(Array) as string[],
    });
  });

  it('runs tasks as the role of the state machine', async () => {
    denied.add('lambda:InvokeFunction');
    const { Error: name, Cause } = await caught(rescued(failing));
    expect(name).toBe('Lambda.AWSLambdaException');
    expect(Cause).toContain(`User: ${sandbox.role.arn} is not authorized to perform: lambda:InvokeFunction`);
  });

  it('names the errors of Lambda itself', async () => {
    expect((await caught(rescued(`${failing}-not`))).Error).toBe('Lambda.ResourceNotFoundException');
    sandbox.lambda.accountConcurrency = 0;
    const throttled = await caught(rescued(failing));
    sandbox.lambda.accountConcurrency = undefined;
    expect(throttled.Error).toBe('Lambda.TooManyRequestsException');
  });

  it('fails an execution that catches nothing', async () => {
    const execution = sandbox.states.startExecution(createStateMachine(task(failing)));
    await execution.finished;
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Refusal' });
    expect(execution.cause).toContain('for undefined');
  });

  it('stops the executions of a machine that is deleted, between two attempts too', async () => {
    const attempts: string[] = [];
    let failed: () => void = () => undefined;
    const firstFailure = new Promise<void>((resolve) => (failed = resolve));
    sandbox.lambda.intercept = async (functionName, _payload, next) => {
      attempts.push(functionName);
      const outcome = await next();
      failed();
      return outcome;
    };
    const retry = { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 3600 }] };
    const arn = createStateMachine(task(failing, retry));
    const execution = sandbox.states.startExecution(arn);
    await firstFailure;
    sandbox.states.deleteStateMachine(arn);
    await execution.finished;
    sandbox.lambda.intercept = undefined;
    expect(execution.status).toBe('ABORTED');
    expect(attempts).toEqual(['failing']);
    expect(() => sandbox.states.startExecution(arn)).toThrow('State Machine Does Not Exist');
  });

  it('goes by the definition that is in force when an execution starts', async () => {
    const arn = createStateMachine(task(failing));
    sandbox.states.updateStateMachine(arn, { definition: rescued(failing) });
    const execution = sandbox.states.startExecution(arn);
    await execution.finished;
    expect(execution.status).toBe('SUCCEEDED');
  });

  it.each([
    ['a resource that it has not', task('arn:aws:states:::sqs:sendMessage'), 'runs the ARNs of Lambda functions only'],
    ['no definition', '{"StartAt":"Nowhere","States":{}}', 'Invalid State Machine Definition'],
    ['no JSON', '{', 'Invalid State Machine Definition'],
  ])('refuses %s', (_what, definition, message) => {
    expect(() => createStateMachine(definition)).toThrow(message);
  });
});
