import { exampleAccount } from '../../../local/account';
import { Iam } from '../../../local/iam/iam';
import type { Outcome } from '../../../local/lambda/execution-environment';
import { Lambda } from '../../../local/lambda/lambda';
import type { Execution } from '../../../local/states/execution';
import { StepFunctions } from '../../../local/states/step-functions';
import { JumpingClock } from '../jumping-clock';

type Work = (input: never) => unknown;

let clock: JumpingClock;
let lambda: Lambda;
let states: StepFunctions;
let roleArn: string;
let work: Work;

beforeEach(() => {
  clock = new JumpingClock();
  const iam = new Iam(exampleAccount.accountId);
  roleArn = iam.createRole('machine').arn;
  lambda = new Lambda({
    account: exampleAccount,
    clock,
    iam,
    endpointUrl: () => '',
    createEnvironment: () => ({
      invoke: async ({ event }): Promise<Outcome> => {
        try {
          return { payload: JSON.stringify((await work(JSON.parse(event) as never)) ?? null) };
        } catch (error) {
          const { name, message } = error as Error;
          return { payload: JSON.stringify({ errorType: name, errorMessage: message }), functionError: 'Unhandled' };
        }
      },
      ready: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    }),
  });
  lambda.createFunction({
    functionName: 'work',
    codeDirectory: '/',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 900,
    roleArn,
    runtime: 'nodejs24.x',
  });
  states = new StepFunctions({ account: exampleAccount, clock, iam, lambda, random: () => 0.5 });
});
afterEach(async () => {
  await states.close();
  await lambda.close();
});

const WORK = 'arn:aws:lambda:us-east-1:123456789012:function:work';
const task = (more: object = {}): object => ({ Type: 'Task', Resource: WORK, End: true, ...more });
const DONE = { Type: 'Succeed' };

/** Runs a machine to its end. */
async function run(States: Record<string, object>, input: unknown = {}, more: object = {}): Promise<Execution> {
  const definition = JSON.stringify({ StartAt: Object.keys(States)[0], States, ...more });
  const execution = states.startExecution(
    states.createStateMachine({ name: 'machine', definition, roleArn }),
    JSON.stringify(input),
  );
  await execution.finished;
  return execution;
}

const seconds = ({ startDate, stopDate = NaN }: Execution): number => (stopDate - startDate) / 1000;
const fail = (name: string): Work => {
  return () => {
    throw Object.assign(new Error('no'), { name });
  };
};

describe('Wait', () => {
  it.each([
    ['Seconds', { Seconds: 7 }, 7],
    ['SecondsPath', { SecondsPath: '$.pause' }, 13],
    ['TimestampPath', { TimestampPath: '$.until' }, 3600],
    ['no time at all', { SecondsPath: '$.none' }, 0],
  ])('%s: passes in the time of the clock', async (_what, wait, expected) => {
    const input = { pause: 13, none: 0, until: '2026-01-01T01:00:00Z' };
    const execution = await run({ Pause: { Type: 'Wait', ...wait, Next: 'Done' }, Done: DONE }, input);
    expect([execution.status, seconds(execution)]).toEqual(['SUCCEEDED', expected]);
    expect(JSON.parse(execution.output ?? '')).toEqual(input);
  });

  it.each([
    ['half a second', 0.5],
    ['a text', '7'],
    ['nothing', undefined],
  ])('takes whole seconds: not %s', async (_what, pause) => {
    const execution = await run(
      { Pause: { Type: 'Wait', SecondsPath: '$.pause', Next: 'Done' }, Done: DONE },
      { pause },
    );
    expect([execution.status, execution.error]).toEqual(['FAILED', 'States.Runtime']);
  });
});

describe('Choice', () => {
  const choice = (rule: object): Record<string, object> => ({
    Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: 'yes', End: true },
    No: { Type: 'Pass', Result: 'no', End: true },
  });

  it.each([
    ['IsPresent, and it is', { Variable: '$.a', IsPresent: true }, { a: null }, 'yes'],
    ['IsPresent, and it is not', { Variable: '$.a.b', IsPresent: true }, {}, 'no'],
    ['IsPresent false, and it is', { Variable: '$.a', IsPresent: false }, { a: 1 }, 'no'],
    ['IsPresent false, and it is not', { Variable: '$.a', IsPresent: false }, {}, 'yes'],
    ['IsNull false', { Variable: '$.a', IsNull: false }, { a: 1 }, 'yes'],
    [
      'And asks no further',
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', BooleanEquals: true },
        ],
      },
      {},
      'no',
    ],
    ['Not', { Not: { Variable: '$.a', IsPresent: false } }, { a: 1 }, 'yes'],
  ])('%s', async (_what, rule, input, expected) => {
    expect((await run(choice(rule), input)).output).toBe(`"${expected}"`);
  });

  it('fails for good where no rule and no Default applies, or a path leads nowhere', async () => {
    const rule = { Variable: '$.a', IsPresent: true, Next: 'Yes' };
    const none = await run({ Choose: { Type: 'Choice', Choices: [rule] }, Yes: DONE });
    expect(none.error).toBe('States.NoChoiceMatched');
    states.deleteStateMachine(none.properties.stateMachineArn);
    expect((await run(choice({ Variable: '$.a', BooleanEquals: true }))).error).toBe('States.Runtime');
  });
});

describe('Retry', () => {
  const retry = (...retriers: object[]): Record<string, object> => ({ Work: task({ Retry: retriers }) });

  it.each([
    ['as it is by default', {}, [1, 2, 4]],
    [
      'growing up to a limit',
      { IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 5, MaxDelaySeconds: 10 },
      [2, 6, 10, 10, 10],
    ],
    ['with full jitter', { IntervalSeconds: 4, MaxAttempts: 2, JitterStrategy: 'FULL' }, [2, 4]],
    ['not at all', { MaxAttempts: 0 }, []],
  ])('%s', async (_what, retrier, pauses) => {
    work = fail('Refusal');
    const execution = await run(retry({ ErrorEquals: ['States.ALL'], ...retrier }));
    expect([execution.status, execution.error]).toEqual(['FAILED', 'Refusal']);
    expect(clock.slept.map((pause) => Math.floor(pause / 1000))).toEqual(pauses);
    expect(execution.transitions).toBe(1 + pauses.length);
  });

  it('counts for each retrier, and the first that matches decides', async () => {
    const names = ['Sandbox.Timedout', 'Other', 'Sandbox.Timedout', 'Other', 'Other'];
    work = (): unknown => fail(names.shift() ?? '')(undefined as never);
    await run(
      retry(
        { ErrorEquals: ['Sandbox.Timedout'], IntervalSeconds: 10, BackoffRate: 1 },
        { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 },
      ),
    );
    expect(clock.slept).toEqual([10_000, 1_000, 10_000, 1_000]);
  });

  it('goes on for a day, where it may', async () => {
    work = fail('Refusal');
    const retrier = { ErrorEquals: ['States.ALL'], MaxAttempts: 99_999_999, MaxDelaySeconds: 600 };
    const execution = await run(retry(retrier), {}, { TimeoutSeconds: 86_400 });
    expect([execution.status, seconds(execution)]).toEqual(['TIMED_OUT', 86_400]);
  });
});

describe('Catch', () => {
  const rescued = (...names: string[]): Record<string, object> => ({
    Work: task({ Catch: [{ ErrorEquals: names, ResultPath: '$.failure', Next: 'Rescue' }] }),
    Rescue: { Type: 'Pass', End: true },
  });

  it('keeps the input beside the failure', async () => {
    work = fail('Refusal');
    const { output = '' } = await run(rescued('States.ALL'), { a: 1 });
    expect(JSON.parse(output)).toMatchObject({ a: 1, failure: { Error: 'Refusal' } });
  });

  it('puts a result in the place of the input where ResultPath is $', async () => {
    work = (): unknown => ({ b: 2 });
    expect((await run({ Work: task({ ResultPath: '$' }) }, { a: 1 })).output).toBe('{"b":2}');
  });

  it('catches no data that are too long', async () => {
    work = (): unknown => 'x'.repeat(262_144);
    const execution = await run(rescued('States.ALL'));
    expect([execution.status, execution.error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
  });

  it('counts bytes, of what a state passes on too', async () => {
    const third = 'é'.repeat(50_000);
    work = (): unknown => third;
    const kept = { Work: task({ ResultPath: '$.b', Next: 'Done', End: undefined }), Done: DONE };
    const fits = await run(kept, { a: third });
    expect(fits.status).toBe('SUCCEEDED');
    states.deleteStateMachine(fits.properties.stateMachineArn);
    const execution = await run(kept, { a: third, c: third });
    expect([execution.status, execution.error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
  });
});

describe('TimeoutSeconds', () => {
  beforeEach(() => (work = (): unknown => new Promise(() => undefined)));

  it('of a task: States.Timeout, which States.TaskFailed is not', async () => {
    const catches = [
      { ErrorEquals: ['States.TaskFailed'], Next: 'No' },
      { ErrorEquals: ['States.Timeout'], Next: 'Yes' },
    ];
    const execution = await run({
      Work: task({ TimeoutSeconds: 910, Catch: catches }),
      No: { Type: 'Fail' },
      Yes: DONE,
    });
    expect([execution.status, seconds(execution)]).toEqual(['SUCCEEDED', 910]);
  });

  it('of the machine: nobody catches it', async () => {
    const States = { Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] }), Done: DONE };
    const execution = await run(States, {}, { TimeoutSeconds: 7200 });
    expect([execution.status, execution.error, seconds(execution)]).toEqual(['TIMED_OUT', 'States.Timeout', 7200]);
  });
});

describe('a stopped execution', () => {
  it('takes no result of a task that still runs, and starts no other', async () => {
    let answer: (value: unknown) => void = () => undefined;
    let calls = 0;
    let called: () => void = () => undefined;
    const firstCall = new Promise<void>((resolve) => (called = resolve));
    work = (): unknown => {
      calls += 1;
      called();
      return new Promise((resolve) => (answer = resolve));
    };
    const definition = JSON.stringify({ StartAt: 'A', States: { A: task({ Next: 'B', End: undefined }), B: task() } });
    const arn = states.createStateMachine({ name: 'machine', definition, roleArn });
    const execution = states.startExecution(arn);
    await firstCall;
    states.stopExecution(execution.properties.executionArn, 'Enough', 'said a person');
    answer({});
    await execution.finished;
    expect(execution).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'said a person', output: undefined });
    await new Promise(setImmediate);
    expect(calls).toBe(1);
  });
});

it('keeps the name of an ended execution for 90 days', async () => {
  const { stateMachineArn, name, input } = (await run({ Done: DONE })).properties;
  const again = (): Execution => states.startExecution(stateMachineArn, input, name);
  expect(again).toThrow('Execution Already Exists');
  await clock.sleep(90 * 24 * 3_600_000 - 1);
  expect(again).toThrow('Execution Already Exists');
  await clock.sleep(1);
  await again().finished;
  expect(states.executions).toHaveLength(2);
});

describe('the history', () => {
  const loop = {
    Look: task({ Next: 'Choose', End: undefined }),
    Choose: { Type: 'Choice', Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'Done' }], Default: 'Pause' },
    Pause: { Type: 'Wait', Seconds: 1, Next: 'Look' },
    Done: DONE,
  };

  it('has five events for a task, two for any other state; a transition is a state that is entered', async () => {
    let looks = 0;
    work = (): unknown => ({ done: ++looks === 3 });
    const execution = await run(loop);
    expect(execution.transitions).toBe(3 * 2 + 2 + 1);
    // Started, Succeeded; Look, Choose; Pause; Done.
    expect(execution.historyEvents).toBe(2 + 3 * (5 + 2) + 2 * 2 + 2);
  });

  it('tells failed attempts, and a catch', async () => {
    work = fail('Refusal');
    const execution = await run({
      Work: task({
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
      }),
      Done: DONE,
    });
    // Started, Succeeded; entered, two attempts of three events each, exited; Done.
    expect([execution.transitions, execution.historyEvents]).toEqual([3, 2 + 1 + 2 * 3 + 1 + 2]);
  });

  it('ends an execution at 25,000 events, and nobody catches it', async () => {
    work = (): unknown => ({ done: false });
    const execution = await run({
      ...loop,
      Look: task({ Next: 'Choose', End: undefined, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] }),
    });
    expect(execution).toMatchObject({
      status: 'FAILED',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(execution.historyEvents).toBe(25_000);
  });
});

describe('arn:aws:states:::lambda:invoke', () => {
  const invoke = (Parameters: object, more: object = {}): Record<string, object> => ({
    Work: { ...task(more), Resource: 'arn:aws:states:::lambda:invoke', Parameters },
  });

  it('calls the function of its parameters, and wraps the result', async () => {
    work = (input: { who: string }): unknown => `hello ${input.who}`;
    const parameters = { FunctionName: 'work', Payload: { 'who.$': '$.name' } };
    const { output = '' } = await run(invoke(parameters), { name: 'you' });
    expect(JSON.parse(output)).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: 'hello you' });
  });

  it('names errors as the ARN of the function does', async () => {
    work = fail('Refusal');
    expect((await run(invoke({ FunctionName: WORK }))).error).toBe('Refusal');
  });

  it('knows no alias', async () => {
    expect((await run(invoke({ FunctionName: WORK, Qualifier: 'live' }))).error).toBe(
      'Lambda.ResourceNotFoundException',
    );
  });
});
