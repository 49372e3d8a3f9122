import { VirtualClock } from '../../../local/virtual-clock';
import { Sandbox } from './sandbox';

let clock: VirtualClock;
let sandbox: Sandbox;
beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  sandbox = await Sandbox.start({ clock, inThisProcess: true });
});
afterEach(async () => {
  await sandbox.close();
  clock.close();
});

/** What a function of this body answers with. */
async function run(body: string, more: Parameters<Sandbox['createFunction']>[2] = {}, event: unknown = {}) {
  const arn = sandbox.createFunction('of-the-test', `exports.handler = async (event, context) => { ${body} };`, more);
  const { payload, functionError } = await sandbox.lambda.invoke(arn, JSON.stringify(event));
  return { result: JSON.parse(payload) as unknown, functionError };
}

test("a function's time is the clock's: Date, timers, their promises, and what remains to it", async () => {
  const { result } = await run(
    `const began = Date.now();
     await require('node:timers/promises').setTimeout(60_000);
     await new Promise((resolve) => setTimeout(resolve, 30_000));
     return { passed: Date.now() - began, today: new Date().toISOString(), left: context.getRemainingTimeInMillis() };`,
    { timeoutSeconds: 100 },
  );
  expect(result).toEqual({ passed: 90_000, today: '2026-01-01T00:01:30.000Z', left: 10_000 });
});

test('it has variables and output of its own', async () => {
  process.env.COLOUR = 'red';
  const { result } = await run(
    `console.log('a line'); process.stdout.write('another\\n');
     return [process.env.COLOUR, process.env.HOME ?? 'none', process.env.AWS_LAMBDA_FUNCTION_NAME];`,
    { environment: { COLOUR: 'blue' } },
  );
  delete process.env.COLOUR;
  expect(result).toEqual(['blue', 'none', 'of-the-test']);
  expect(sandbox.lines).toEqual(['of-the-test: a line', 'of-the-test: another']);
});

test("a request to CloudFormation's response URL comes to the embedded one", async () => {
  const host = 'cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com';
  const answered = run(
    `return new Promise((resolve, reject) => {
       const request = require('node:https').request({ hostname: '${host}', path: '/x?y', method: 'PUT' });
       request.on('error', reject).on('response', (response) => resolve(response.statusCode));
       request.end('done');
     });`,
  );
  const request = await sandbox.request();
  expect(request).toMatchObject({ path: '/x?y', host, body: 'done' });
  request.answer();
  expect((await answered).result).toBe(200);
});

test('a function that outlives its timeout ends there, and does nothing any more', async () => {
  const began = clock.now();
  const { result, functionError } = await run(
    `await new Promise((resolve) => setTimeout(resolve, 3_001)); console.log('too late');`,
    { timeoutSeconds: 3 },
  );
  expect([result, functionError]).toEqual([
    {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 3.00 seconds') as string,
    },
    'Unhandled',
  ]);
  expect(clock.now() - began).toBe(3_000);
  await clock.sleep(10_000);
  expect(sandbox.lines).toEqual([]);
});

test.each([
  ['throws', `throw new TypeError('not today');`, { errorType: 'TypeError', errorMessage: 'not today' }],
  [
    'ends its process',
    'process.exit(3);',
    { errorMessage: expect.stringContaining('exited with error: exit status 3') as string },
  ],
  [
    'requires what is not there',
    `require('nothing');`,
    { errorMessage: expect.stringContaining("Cannot find module 'nothing'") as string },
  ],
])('a function that %s fails as a process would', async (_, body, error) => {
  expect(await run(body)).toMatchObject({ functionError: 'Unhandled', result: error });
});

test('a crash ends an invocation in the middle of a request; the next one starts anew', async () => {
  const arn = sandbox.createFunction(
    'counting',
    `let count = 0;
     exports.handler = async ({ hang }) => {
       count += 1;
       if (hang) await new Promise((resolve) => require('node:http').get(process.env.SANDBOX, resolve));
       return count;
     };`,
  );
  const invoke = async (event: object): Promise<unknown> =>
    JSON.parse((await sandbox.lambda.invoke(arn, JSON.stringify(event))).payload);
  expect([await invoke({}), await invoke({})]).toEqual([1, 2]);
  const hanging = invoke({ hang: true });
  await sandbox.request();
  sandbox.lambda.crash(arn);
  expect(await hanging).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await invoke({})).toBe(1);
});
