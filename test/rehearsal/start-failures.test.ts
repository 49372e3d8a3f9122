import type { LocalAws } from '../../local';
import { StartFailures } from '../../rehearsal/command/start-failures';

/** What ends the rehearsal when a function has written these lines, and its process has ended. */
async function told(...lines: readonly string[]): Promise<string> {
  const lambda = {
    arnOf: (name: string) => name,
    has: () => true,
    isOff: () => false,
  } as unknown as LocalAws['lambda'];
  const failures = new StartFailures();
  failures.watch({ lambda } as LocalAws);
  lines.forEach((line) => failures.log('handler', line));
  const errorMessage = 'Error: Runtime exited with error: exit status 1';
  const payload = JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage });
  await lambda.intercept!(
    'handler',
    '{}',
    () => Promise.resolve({ functionError: 'Unhandled', payload }) as never,
    'Event',
  );
  return (failures.signal.reason as Error).message;
}

const START = 'The function handler did not start: Error: Runtime exited with error: exit status 1';

test('an error is found among the lines that Node writes around it', async () => {
  const stack = Array.from({ length: 10 }, (_, i) => `    at Module._load (node:internal/modules/cjs/loader:${i}:12)`);
  const error = "Error: Cannot find module '@acme/apm'";
  const said = await told(
    'node:internal/modules/cjs/loader:1215',
    '  throw err;',
    '  ^',
    error,
    ...stack,
    '}',
    'Node.js v22',
  );
  expect(said).toBe(`${START} · ${error}`);
});

test('without one, the last lines', async () => {
  expect(await told('one', 'two', 'three', 'four')).toBe(`${START} · two · three · four`);
});
