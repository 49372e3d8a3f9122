import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { exampleAccount } from '../../local/account';
import { synthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { failures, startAws } from '../e2e/world';

let aws: LocalAws;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'integ-'));
  aws = await startAws({ regions: ['us-west-2'] });
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

// What integ-runner would do on AWS: deploy the stacks, then the one with the assertions, and destroy in reverse.
test.each([
  ['integ.job-deletion.ts', 1],
  ['integ.job-sweep.ts', 3],
  ['integ.other-places.ts', 1],
  ['integ.shared-provider.ts', 1],
])('%s: its assertions hold, and its jobs go with the stacks', async (file, count) => {
  const { accountId, region } = exampleAccount;
  await run(['node', '--import', 'tsx', file], { CDK_OUTDIR: folder, INTEG_ACCOUNT: accountId });
  const assembly = new CloudAssembly(folder);
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
  const [command] = hooksAfterDestroy();
  const credentials = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_REGION: region };
  await run(command!.split(' '), { AWS_ENDPOINT_URL: aws.endpoint.url, ...credentials });
});

/** What integ-runner runs after it has destroyed a test case. */
function hooksAfterDestroy(): string[] {
  const { testCases } = JSON.parse(readFileSync(join(folder, 'integ.json'), 'utf8')) as {
    readonly testCases: Readonly<Record<string, { readonly hooks: { readonly postDestroy: string[] } }>>;
  };
  return Object.values(testCases).flatMap(({ hooks }) => hooks.postDestroy);
}

async function run([command, ...options]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)(command!, options, { cwd: __dirname, env: { ...process.env, ...env } });
}
