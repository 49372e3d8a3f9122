import { join } from 'node:path';
import { nameOf } from '../../rehearsal/command/jobs';
import { jsonDocument } from '../../rehearsal/document';
import { UsageError } from '../../rehearsal/usage';
import { rehearseHere, type Told } from './in-process';

jest.setTimeout(60_000);

/** Rehearses one of the small apps in `cases/`, whose head comments say what is right. */
const rehearse = (name: string, ...args: string[]): Promise<Told> => rehearseHere(join(__dirname, 'cases', name), args);

/** The jobs that went, by deletion. */
const gone = ({ result }: Told): Record<string, readonly string[]> =>
  Object.fromEntries(result.deletions.map((deletion) => [nameOf(deletion), deletion.jobs]));

const numbered = (prefix: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `${prefix}${String(first + i).padStart(2, '0')}`);

describe('what has nothing to do with jobs fails no rehearsal', () => {
  test.each([
    ['cidr-two-arguments', 'Fleet/Teardown', 'ota-1'],
    ['empty-stack', 'Fleet/Teardown', 'ota-1'],
    ['find-in-map-default', 'Fleet/Teardown', 'ota-us'],
    ['ipam-vpc', 'Fleet/Teardown', 'ota-1'],
    ['made-up-list', 'Fleet/Teardown', 'ota-1'],
    ['made-up-url', 'Fleet/Teardown', 'ota-1'],
    ['nested-template-elsewhere', 'Fleet/Teardown', 'ota-1'],
    ['nag-2', 'Fleet/Teardown', 'ota-1'],
    ['precreated-roles', 'Fleet/Teardown', 'ota-1'],
  ])('%s', async (name, path, jobId) => {
    const told = await rehearse(name);
    expect([told.result.verdict, told.result.reason]).toEqual(['PASS', '1 job deleted and 1 kept, as expected.']);
    expect(gone(told)).toEqual({ [path]: [jobId] });
  });

  test('a stack without resources is skipped, and said so', async () => {
    expect((await rehearse('empty-stack')).text).toContain('Placeholder: no resources, skipped\n');
  });

  test('what is walked past is named', async () => {
    const { result } = await rehearse('nested-template-elsewhere');
    const { stubs } = JSON.parse(jsonDocument('rehearse', result)) as { readonly stubs: readonly unknown[] };
    const reason = expect.stringMatching(/^No asset/) as string;
    expect(stubs).toContainEqual(
      expect.objectContaining({ stack: 'Fleet', logicalId: 'Network', type: 'AWS::CloudFormation::Stack', reason }),
    );
    expect(result.warnings).toEqual([
      expect.stringMatching(/^Fleet\/Network \(AWS::CloudFormation::Stack\) is stubbed: No asset/),
    ]);
  });
});

describe('a value that only an account knows is stubbed by one that fits, and named', () => {
  test.each([
    ['import-value', 'stub-export-Rollouts-JobId', 'export Rollouts-JobId'],
    ['job-from-custom-resource', 'stub-Fleet-Rollout5400B0F2-jobId', 'Fleet.Rollout5400B0F2.jobId'],
    ['ssm-foreign-parameter', 'stub-ssm-fleet-job', 'ssm /fleet/job'],
  ])('%s', async (name, value, from) => {
    const told = await rehearse(name);
    expect(told.result.verdict).toBe('PASS');
    expect(gone(told)).toEqual({ 'Fleet/Teardown': [value] });
    expect(told.result.deletions[0]!.stubbed).toEqual([{ property: 'JobId', value, from }]);
    expect(told.result.warnings).toEqual([`Fleet/Teardown: JobId is ${value} here, in place of ${from}`]);
  });

  test('a parameter of the app is real', async () => {
    const told = await rehearse('ssm-own-parameter');
    expect(told.result.verdict).toBe('PASS');
    expect(gone(told)).toEqual({ 'Fleet/Teardown': ['ota-from-ssm'] });
    expect(told.result.deletions[0]!.stubbed).toEqual([]);
  });
});

describe("the rehearsal's own jobs suit the sweep", () => {
  test('no more than maxJobs', async () => {
    const told = await rehearse('few-jobs');
    expect(told.result.verdict).toBe('PASS');
    expect(gone(told)).toEqual({ 'Fleet/Sweep': numbered('canary-', 1, 5) });
  });

  test("ids that the provider's patterns cover", async () => {
    const told = await rehearse('narrow-provider');
    expect(told.result.verdict).toBe('PASS');
    const [jobs] = Object.values(gone(told));
    expect(jobs).toHaveLength(12);
    expect(jobs!.filter((id) => !/^ota-Fleet-Vans-\w+-\d\d$/.test(id))).toEqual([]);
  });

  test('each of two sweeps has jobs of its own', async () => {
    const told = await rehearse('two-sweeps');
    expect([told.result.verdict, told.result.reason]).toEqual(['PASS', '24 jobs deleted and 2 kept, as expected.']);
    expect(Object.values(gone(told))).toEqual([numbered('rehearsed-', 1, 12), numbered('rehearsed-', 13, 24)]);
  });
});

describe('no green without evidence', () => {
  test('stacks of one name in two accounts each have their own template and jobs', async () => {
    const told = await rehearse('same-stack-name');
    expect(told.result.verdict).toBe('PASS');
    expect(gone(told)).toEqual({
      'beta/Fleet/Teardown': ['ota-beta in 111111111111/eu-west-1'],
      'prod/Fleet/Teardown': ['ota-prod in 222222222222/eu-west-1'],
    });
  });

  test('a job option reaches the one of them that names the job', async () => {
    const { result } = await rehearse('same-stack-name', '--job', 'ota-prod=IN_PROGRESS');
    expect(result.verdict).toBe('FAIL');
    expect(result.deletions.map(({ path, result: shown }) => [path, shown])).toEqual([
      ['beta/Fleet/Teardown', 'PASS'],
      ['prod/Fleet/Teardown', 'FAIL'],
    ]);
  });

  test('a job option that names no job', async () => {
    const rehearsed = rehearse('unknown-job', '--job', 'ota-l=IN_PROGRESS');
    await expect(rehearsed).rejects.toThrow(UsageError);
    await expect(rehearsed).rejects.toThrow('--job: no deletion names the job "ota-l", only ota-1.');
  });

  test('what cdk synth and cdk deploy stop at', async () => {
    const rehearsed = rehearse('error-annotation');
    await expect(rehearsed).rejects.toThrow(UsageError);
    await expect(rehearsed).rejects.toThrow(
      'cdk synth and cdk deploy stop at this error:\n/Fleet: Not in this account.',
    );
  });

  test('a made-up value that a check at synth refuses: what to look up', async () => {
    await expect(rehearse('lookup-job-id')).rejects.toThrow(
      /dummy-value-for-\/fleet\/job.*\nCDK made up values that are missing in cdk\.context\.json: ssm:.*Run cdk synth once/,
    );
  });

  test('without force, what an active job would do is said', async () => {
    const { result } = await rehearse('unknown-job');
    expect(result.verdict).toBe('PASS');
    expect(result.warnings).toEqual([
      expect.stringMatching(
        /^Fleet\/Teardown: a job that is still active makes the teardown fail: Job "ota-1" is IN_PROGRESS, .* In the app: force: true .* cancelFirst: true /,
      ),
    ]);
  });
});

test('a function that does not start is named within seconds', async () => {
  const { result } = await rehearse('instrumented-functions');
  expect(result.verdict).toBe('FAIL');
  expect(result.reason).toMatch(
    /^deploy Fleet: STOPPED: The function Fleet-JobDeletionProvider\S+ did not start: .*Cannot find module '\/opt\/nodejs\/apm'/,
  );
});
