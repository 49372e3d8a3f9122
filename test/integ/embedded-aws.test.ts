import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exampleAccount } from '../../local/account';
import { synthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { failures, startAws } from '../e2e/world';
import { synthesizedHere } from '../rehearsal/in-process';

let aws: LocalAws;
beforeEach(async () => (aws = await startAws({ regions: ['us-west-2'] })));
afterEach(() => aws.close());

// What integ-runner would do on AWS: deploy the stacks, then the one with the assertions, and destroy in reverse.
test.each([
  ['integ.job-deletion.ts', 1],
  ['integ.job-sweep.ts', 3],
  ['integ.other-places.ts', 1],
  ['integ.shared-provider.ts', 1],
])('%s: its assertions hold, and its jobs go with the stacks', async (file, count) => {
  const { accountId, region } = exampleAccount;
  process.env.INTEG_ACCOUNT = accountId;
  const assembly = synthesizedHere(join(__dirname, file));
  const names = assembly.stacks.map(({ stackName }) => stackName);
  for (const stackName of names) {
    const { status } = await aws.cloudFormation.createStack(synthesizedStack(assembly, stackName));
    expect(status).toBe('CREATE_COMPLETE');
  }
  const results = Object.values(aws.cloudFormation.stack(names.at(-1)!).outputs).map(({ value }) => value);
  expect(results).toEqual(Array.from({ length: count }, () => '{"status":"success"}'));
  expect(aws.iot.jobs()).toHaveLength(count);

  for (const stackName of names.reverse()) {
    const { status, events } = await aws.cloudFormation.deleteStack({ stackName });
    expect([status, ...failures(events)]).toEqual(['DELETE_COMPLETE']);
  }
  expect(aws.iot.jobs()).toEqual([]);
  const [command] = hooksAfterDestroy(assembly.directory);
  const credentials = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_REGION: region };
  await run(command!.split(' '), { AWS_ENDPOINT_URL: aws.endpoint.url, ...credentials });
});

/** What integ-runner runs after it has destroyed a test case. */
function hooksAfterDestroy(folder: string): string[] {
  const { testCases } = JSON.parse(readFileSync(join(folder, 'integ.json'), 'utf8')) as {
    readonly testCases: Readonly<Record<string, { readonly hooks: { readonly postDestroy: string[] } }>>;
  };
  return Object.values(testCases).flatMap(({ hooks }) => hooks.postDestroy);
}

async function run([command, ...options]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)(command!, options, { cwd: __dirname, env: { ...process.env, ...env } });
}
