import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobSelection, JobSweep } from '../../lib';
import type { Result } from '../../rehearsal/result';
import { runCommand } from './command';
import { rehearseHere } from './in-process';

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Rehearses what a test writes. */
const rehearse = async (fill: (app: App) => void, ...args: string[]): Promise<Result> => {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  fill(app);
  return (await rehearseHere(app.synth(), args)).result;
};

const told = ({ verdict, reason }: Result): string => `${verdict}: ${reason}`;

test('a stack that cdk destroy refuses to delete', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet', { terminationProtection: true });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
  });
  expect(told(result)).toMatch(
    /^FAIL: destroy Fleet: REFUSED: Stack \[Fleet\] cannot be deleted while TerminationProtection is enabled\. In the app: /,
  );
  expect(result.deletions[0]).toMatchObject({
    result: 'FAIL',
    reason: expect.stringMatching(
      /^Stack \[Fleet\] cannot be deleted while TerminationProtection is enabled\./,
    ) as string,
  });
});

test('a stack whose export another stack imports', async () => {
  const result = await rehearse((app) => {
    const importing = new Stack(app, 'A');
    new CfnThingGroup(importing, 'Group', { thingGroupName: Fn.importValue('Vans') });
    const exporting = new Stack(app, 'B');
    new CfnOutput(exporting, 'Vans', { value: 'vans', exportName: 'Vans' });
    new JobDeletion(exporting, 'Teardown', { jobId: 'ota-1', force: true });
  });
  expect(result.deletions).toMatchObject([
    { result: 'FAIL', reason: 'Delete canceled. Cannot delete export Vans as it is in use by A.' },
  ]);
  expect(result.verdict).toBe('FAIL');
});

test('a job option with the name of another stack', async () => {
  const rehearsed = rehearse(
    (app) => {
      new JobDeletion(new Stack(app, 'A'), 'Teardown', { jobId: 'ota-1', force: true });
      new JobDeletion(new Stack(app, 'B'), 'Teardown', { jobId: 'ota-2', force: true });
    },
    ...['--job', 'A:ota-2=COMPLETED'],
  );
  await expect(rehearsed).rejects.toThrow('--job: no deletion names the job "A:ota-2", only ota-1, ota-2.');
});

test('an app without a deletion', async () => {
  const result = await rehearse((app) => new CfnThingGroup(new Stack(app, 'Fleet'), 'Group'));
  expect(told(result)).toBe(
    'NOT_TESTED: No deployed stack has a JobDeletion or a JobSweep: there was nothing to test.',
  );
});

test('a deployment that fails: its reason, and the deletions that were not tested', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    new CfnResource(stack, 'Thing', { type: 'AWS::IoT::Thing', properties: { ThingName: 'not a name' } });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
  });
  expect(told(result)).toMatch(/^FAIL: deploy Fleet: ROLLBACK_COMPLETE: .*not a name/);
  expect(result.deletions).toEqual([
    expect.objectContaining({ path: 'Fleet/Teardown', result: 'NOT_TESTED', reason: 'its stack was not deployed' }),
  ]);
});

describe('a sweep by the name of a thing group that the app does not make, beside one that it does', () => {
  const fill = (app: App): void => {
    const stack = new Stack(app, 'Fleet');
    new CfnThingGroup(stack, 'Group', { thingGroupName: 'vans' });
    new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ thingGroupName: 'vnas' }), force: true });
  };

  test('is not tested, and the option is named', async () => {
    expect(told(await rehearse(fill))).toBe(
      'NOT_TESTED: Fleet/Sweep: the app does not make the thing group "vnas", only vans; if it is made elsewhere, give --thing-group vnas.',
    );
  });

  test('passes with the option', async () => {
    expect(told(await rehearse(fill, '--thing-group', 'vnas'))).toBe('PASS: 12 jobs deleted and 1 kept, as expected.');
  });
});

test('a job that the sweep of another stack takes first', async () => {
  const result = await rehearse((app) => {
    const named = new Stack(app, 'Named');
    new JobDeletion(named, 'Job', { jobId: 'ota-1', force: true });
    const swept = new Stack(app, 'Swept');
    new JobSweep(swept, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }), force: true });
    swept.addDependency(named);
  });
  expect(told(result)).toBe(
    "NOT_TESTED: Named/Job: its jobs were gone when its stack's destroy began: Swept/Sweep deleted them before.",
  );
});

test('Ctrl-C is an interruption, and no failure', async () => {
  const { code, stdout } = await runCommand(['rehearse', '--app', 'sleep 30', '--json'], {
    cwd: folder,
    home: folder,
    // It says what it waits for, once that takes long.
    watch: (child) => child.stderr!.on('data', (text) => String(text).includes('sleep 30') && child.kill('SIGINT')),
  });
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'INTERRUPTED', reason: 'Interrupted by SIGINT.' });
  expect(code).toBe(130);
});
