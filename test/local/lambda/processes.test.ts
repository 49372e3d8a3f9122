import { InvokeCommand } from '@aws-sdk/client-lambda';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Outcome } from '../../../local/lambda/execution-environment';
import { RuntimeApi } from '../../../local/lambda/runtime-api';
import { isRunning, reportingHandler, Sandbox } from './sandbox';

const resultOf = ({ payload }: Outcome): Record<string, unknown> => JSON.parse(payload) as Record<string, unknown>;

describe('the processes of a function', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.start({ processesPerFunction: 2 });
  });
  afterEach(() => sandbox.close());

  it('are reused while they are warm', async () => {
    sandbox.createFunction('counter', 'let n = 0; exports.handler = async () => [process.pid, ++n];');
    const first = resultOf(await sandbox.lambda.invoke('counter', '{}'));
    const second = resultOf(await sandbox.lambda.invoke('counter', '{}'));
    expect(first[1]).toBe(1);
    expect(second).toEqual([first[0], 2]);
  });

  it('start without what a layer would preload, which is not here', async () => {
    const options = '--require /opt/apm.js --max-old-space-size=200 --import="/opt/hook.mjs" -r /opt/a/b';
    sandbox.createFunction(
      'traced',
      'exports.handler = async () => process.execArgv.concat(process.env.NODE_OPTIONS);',
      {
        environment: { NODE_OPTIONS: options },
      },
    );
    const { functionError, payload } = await sandbox.lambda.invoke('traced', '{}');
    expect([functionError, payload]).toEqual([undefined, expect.stringMatching(/max-old-space-size=200"\]$/)]);
  });

  it('are no more than the limit: further invocations wait, first come, first served', async () => {
    sandbox.createFunction('busy', reportingHandler);
    const invoke = (path: string): Promise<Outcome> => sandbox.lambda.invoke('busy', JSON.stringify({ path }));
    const running = [invoke('a'), invoke('b')];
    const reports = [await sandbox.request(), await sandbox.request()];
    running.push(invoke('c'), invoke('d'));
    reports[0]?.answer();
    const third = await sandbox.request();
    third.answer();
    const fourth = await sandbox.request();
    fourth.answer();
    reports[1]?.answer();
    expect([third.path, fourth.path]).toEqual(['/c', '/d']);
    const pids = (await Promise.all(running)).map((outcome) => resultOf(outcome).pid);
    expect(new Set(pids).size).toBe(2);
  });

  it('are refused when the account runs as many invocations as it may', async () => {
    sandbox.lambda.accountConcurrency = 1;
    sandbox.createFunction('busy', reportingHandler);
    const first = sandbox.lambda.invoke('busy', '{}');
    const report = await sandbox.request();
    await expect(sandbox.lambdaClient().send(new InvokeCommand({ FunctionName: 'busy' }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    report.answer();
    const { pid } = JSON.parse((await first).payload) as { pid: number };
    await sandbox.lambda.deleteFunction('busy');
    expect(isRunning(pid)).toBe(false);
  });

  it('serve invocations that invoke another function and wait', async () => {
    const inner = sandbox.createFunction('inner', reportingHandler);
    const source = `const { Lambda } = require('@aws-sdk/client-lambda');
      exports.handler = async () => (await new Lambda().invoke({ FunctionName: '${inner}' })).StatusCode;`;
    sandbox.createFunction('outer', source);
    const outer = [1, 2, 3, 4].map(() => sandbox.lambda.invoke('outer', '{}'));
    for (let report = 0; report < 4; report++) {
      (await sandbox.request()).answer();
    }
    expect((await Promise.all(outer)).map(({ payload }) => payload)).toEqual(['200', '200', '200', '200']);
  });

  it('are killed at the timeout, and the next invocation starts cold', async () => {
    const source = `exports.handler = async (event) => (event.hang ? new Promise(() => {}) : process.pid);`;
    sandbox.createFunction('slow', source, { timeoutSeconds: 1 });
    const warm = Number((await sandbox.lambda.invoke('slow', '{}')).payload);
    const outcome = await sandbox.lambda.invoke('slow', '{"hang":true}');
    expect(outcome.functionError).toBe('Unhandled');
    expect(resultOf(outcome)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/) as string,
    });
    const cold = Number((await sandbox.lambda.invoke('slow', '{}')).payload);
    expect(cold).not.toBe(warm);
    expect(isRunning(warm)).toBe(false);
  });

  it.each([
    ['process.exit(1)', 'Runtime.ExitError', 'Runtime exited with error: exit status 1'],
    ['process.exit(0)', 'Runtime.ExitError', 'Runtime exited without providing a reason'],
    ["process.kill(process.pid, 'SIGKILL')", 'Runtime.ExitError', 'Runtime exited with error: signal: killed'],
    ["setImmediate(() => { throw new RangeError('late') })", 'RangeError', 'late'],
    ["Promise.reject(new Error('lost'))", 'Runtime.UnhandledPromiseRejection', 'Error: lost'],
  ])('crash: %s', async (statement, errorType, message) => {
    sandbox.createFunction(
      'crashing',
      `exports.handler = async (event) => event.crash && new Promise(() => { ${statement} });`,
    );
    const [crash, next] = await Promise.all([
      sandbox.lambda.invoke('crashing', '{"crash":true}'),
      sandbox.lambda.invoke('crashing', '{"crash":false}'),
    ]);
    expect(crash.functionError).toBe('Unhandled');
    expect(resultOf(crash)).toMatchObject({ errorType });
    expect(resultOf(crash).errorMessage).toMatch(new RegExp(`(^|Error: )${message}$`));
    expect(next).toEqual({ payload: 'false' });
    expect(await sandbox.lambda.invoke('crashing', '{}')).toEqual({ payload: 'null' });
  });

  it.each([
    ['Runtime.ImportModuleError', "require('./missing')", 'index.handler', /Cannot find module '\.\/missing'/],
    ['Runtime.UserCodeSyntaxError', 'exports.handler = =', 'index.handler', /SyntaxError/],
    ['Runtime.HandlerNotFound', '', 'index.other', /index\.other is undefined or not exported/],
    ['Runtime.MalformedHandlerName', '', 'index', /Bad handler index/],
    ['TypeError', "throw new TypeError('at load')", 'index.handler', /at load/],
  ])('fail to start: %s', async (errorType, source, handler, message) => {
    sandbox.createFunction('broken', source, { handler });
    const outcome = await sandbox.lambda.invoke('broken', '{}');
    expect(outcome.functionError).toBe('Unhandled');
    expect(resultOf(outcome)).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) as string });
  });

  it('follow an update: what runs ends as it began, what comes next starts cold', async () => {
    const source = `exports.handler = async () => { await fetch(process.env.SANDBOX); return process.env.COLOUR ?? 'none' };`;
    sandbox.createFunction('painter', source);
    const running = sandbox.lambda.invoke('painter', '{}');
    (
      await sandbox.request().then((report) => {
        sandbox.lambda.updateFunction({
          functionName: 'painter',
          environment: { SANDBOX: sandbox.url, COLOUR: 'red' },
        });
        return report;
      })
    ).answer();
    expect((await running).payload).toBe('"none"');
    const next = sandbox.lambda.invoke('painter', '{}');
    (await sandbox.request()).answer();
    expect((await next).payload).toBe('"red"');
  });

  it('are gone after close(), busy or not, and so are the invocations that wait', async () => {
    const source = `exports.handler = async () => { await fetch(process.env.SANDBOX + '/' + process.pid) };`;
    sandbox.createFunction('busy', source);
    const invocations = [1, 2, 3].map(() => sandbox.lambda.invoke('busy', '{}').catch((error: unknown) => error));
    const pids = [await sandbox.request(), await sandbox.request()].map(({ path }) => Number(path.slice(1)));
    expect(pids.map(isRunning)).toEqual([true, true]);
    await sandbox.lambda.close();
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect(await Promise.all(invocations)).toMatchObject([
      { functionError: 'Unhandled' },
      { functionError: 'Unhandled' },
      { code: 'ResourceNotFoundException' },
    ]);
  });

  it('say when their role is gone', async () => {
    sandbox.createFunction('orphan', reportingHandler);
    sandbox.iam.deleteRole('functions');
    await expect(sandbox.lambda.invoke('orphan', '{}')).rejects.toThrow('cannot be assumed by Lambda');
  });

  it('end by themselves when the embedded AWS has died', async () => {
    const api = new RuntimeApi('arn');
    const address = await api.listen();
    const child = spawn(process.execPath, [join(__dirname, '../../../local/lambda/bootstrap.cjs')], {
      env: { AWS_LAMBDA_RUNTIME_API: address, LAMBDA_TASK_ROOT: '/', _HANDLER: 'process.cwd' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const exited = once(child, 'exit');
    await once(child, 'spawn');
    child.stdin.end();
    expect(await exited).toEqual([1, null]);
    api.close();
  });
});
