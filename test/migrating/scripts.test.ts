import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IoTClient } from '@aws-sdk/client-iot';
import { JobSelection, JobSweep } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { markdownRows } from '../docs/markdown-rows';
import { synthesize } from '../e2e/world';
import { close, run, startAws } from '../operator/operator-world';
import { SCRIPTS } from './scripts';

const STATUSES = ['COMPLETED', 'IN_PROGRESS', 'SCHEDULED', 'CANCELED'] as const;
const jobIds = Array.from({ length: 25 }, (_, index) => `ota-${index}`);

/** An hour later every deletion that was begun has ended. */
const HOUR = 3_600_000;

let aws: LocalAws;
beforeEach(async () => {
  // Nothing but the deletion slots stands in the scripts' way.
  aws = await startAws([], { callRate: Infinity });
  jobIds.forEach((jobId, index) => aws.iot.createJob({ jobId, status: STATUSES[index % STATUSES.length] }));
  aws.iot.createThing('gateway');
});
afterEach(() => close(aws));

/** The rows of the table in docs/migrating.md, by their first cell. */
function documented(first: string): readonly string[] | undefined {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'migrating.md'), 'utf8');
  return markdownRows(text).find(([cell]) => cell === first);
}

function inDeletion(): number {
  return aws.iot.jobs().filter(({ status }) => status === 'DELETION_IN_PROGRESS').length;
}

test.each(Object.keys(SCRIPTS))('%s leaves behind what docs/migrating.md says', async (name) => {
  const iot = new IoTClient({ endpoint: aws.endpoint.url, region: 'us-east-1', maxAttempts: 1 });
  const start = aws.clock.now();
  const ended = await SCRIPTS[name]!({ iot, jobIds, sleep: (milliseconds) => aws.clock.sleep(milliseconds) }).then(
    () => 'success',
    (error: Error) => error.name,
  );
  iot.destroy();
  const seconds = Math.round((aws.clock.now() - start) / 1000);
  const busy = inDeletion();
  await aws.clock.sleep(HOUR);

  expect([name, ended, String(busy), String(aws.iot.jobs().length), String(seconds)]).toStrictEqual(documented(name));
});

test('one sweep leaves none behind', async () => {
  const { code, took } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--force', '--yes']);

  const left = aws.iot.jobs().length;
  expect(code).toBe(0);
  const [, verdict, busy, rest, seconds] = documented('`sweep --job-id-prefix ota- --force --yes`') ?? [];
  expect([verdict, busy, rest]).toStrictEqual(['success', String(inDeletion()), String(left)]);
  expect(Math.abs(Number(seconds) - took / 1000)).toBeLessThanOrEqual(1);
  expect(took).toBeLessThanOrEqual(1.15 * 12_000);
});

test('one JobSweep leaves none behind when its stack is deleted', async () => {
  const stack = synthesize((scope) => {
    new JobSweep(scope, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }), force: true });
  });
  await aws.cloudFormation.createStack(stack);
  const start = aws.clock.now();
  const { status } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  const seconds = (aws.clock.now() - start) / 1000;

  const [, verdict, ...figures] = documented('`JobSweep`, when its stack is deleted') ?? [];
  expect([verdict, ...figures.slice(0, 2)]).toStrictEqual([
    status,
    String(inDeletion()),
    String(aws.iot.jobs().length),
  ]);
  expect(Math.abs(Number(figures[2]) - seconds)).toBeLessThanOrEqual(1);
});

test('25 parallel delete-job leave none behind', async () => {
  const most = process.getMaxListeners();
  // Each listens for Ctrl-C, and they share a process here.
  process.setMaxListeners(most + jobIds.length);
  const ended = await Promise.all(jobIds.map((jobId) => run(aws, 'delete-job', ['--job-id', jobId, '--force'])));
  process.setMaxListeners(most);

  expect(ended.filter(({ code }) => code !== 0)).toStrictEqual([]);
  expect([aws.iot.jobs().length, inDeletion()]).toStrictEqual([0, 0]);
  const [, verdict, ...figures] = documented('25 parallel `delete-job --job-id ID --force`') ?? [];
  expect([verdict, ...figures.slice(0, 2)]).toStrictEqual(['success', '0', '0']);
  const longest = Math.max(...ended.map(({ took }) => took)) / 1000;
  expect(Math.abs(Number(figures[2]) - longest)).toBeLessThanOrEqual(2);
});
