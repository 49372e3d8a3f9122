import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { type IJobDeletionProvider, JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';
import { type SynthesizedStack, synthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { effects, failures, startAws, synthesize } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  ['ota-1', 'ota-2', 'fleet-1'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
});
afterEach(() => aws.close());

/** A resource of each kind: a literal id, a token, and a sweep. */
function useAll(stack: Stack, provider?: IJobDeletionProvider): void {
  const jobId = new CfnParameter(stack, 'Job', { default: 'ota-2' }).valueAsString;
  new JobDeletion(stack, 'Literal', { jobId: 'ota-1', provider });
  new JobDeletion(stack, 'Token', { jobId, provider });
  new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'fleet-' }), provider });
}

describe('CloudFormation refuses to change a ServiceToken, so another provider is an update by replacement', () => {
  const withProvider = (id?: string): SynthesizedStack =>
    synthesize((stack) => useAll(stack, id === undefined ? undefined : new JobDeletionProvider(stack, id)));

  test.each<[string, string | undefined, string | undefined]>([
    ['is introduced', undefined, 'Mine'],
    ['is renamed', 'Mine', 'Renamed'],
    ["gives way to the stack's own", 'Mine', undefined],
  ])('a provider %s: the jobs are kept, and go with the stack', async (_, before, after) => {
    expect(await aws.cloudFormation.createStack(withProvider(before))).toMatchObject({ status: 'CREATE_COMPLETE' });
    const update = await aws.cloudFormation.updateStack(withProvider(after));
    expect(failures(update.events)).toEqual([]);
    expect(update.status).toBe('UPDATE_COMPLETE');
    expect(effects(aws)).toEqual([]);
    const { resources } = aws.cloudFormation.stack('S');
    expect(resources.filter(({ type }) => type === 'AWS::Lambda::Function')).toHaveLength(1);
    expect(await aws.cloudFormation.deleteStack({ stackName: 'S' })).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(aws.iot.jobs()).toEqual([]);
  });
});

describe('a provider that another stack uses', () => {
  /** Two stacks: one with providers, and one that uses the last of them. */
  function apps(providers: readonly string[], keepExport?: string): Record<'platform' | 'fleet', SynthesizedStack> {
    const app = new App();
    const [platform, fleet] = [new Stack(app, 'Platform'), new Stack(app, 'Fleet')];
    new CfnThing(platform, 'Else');
    const made = new Map(providers.map((id) => [id, new JobDeletionProvider(platform, id)]));
    useAll(fleet, made.get(providers.at(-1)!));
    if (keepExport !== undefined) {
      platform.exportValue(made.get(keepExport)!.serviceToken);
    }
    const assembly = app.synth();
    return { platform: synthesizedStack(assembly, 'Platform'), fleet: synthesizedStack(assembly, 'Fleet') };
  }

  beforeEach(async () => {
    const { platform, fleet } = apps(['Old']);
    await aws.cloudFormation.createStack(platform);
    await aws.cloudFormation.createStack(fleet);
  });

  test('renamed in one deployment: refused, because its export is in use', async () => {
    const { status, reason } = await aws.cloudFormation.updateStack(apps(['New']).platform);
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toMatch(/Export Platform:\S+OldHandler\S+ cannot be deleted as it is in use by Fleet/);
    expect(effects(aws)).toEqual([]);
  });

  test('renamed in two deployments, as operating.md shows: the jobs are kept', async () => {
    const first = apps(['Old', 'New'], 'Old');
    expect(await aws.cloudFormation.updateStack(first.platform)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await aws.cloudFormation.updateStack(first.fleet)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    const second = apps(['New']);
    expect(await aws.cloudFormation.updateStack(second.platform)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(effects(aws)).toEqual([]);
    expect(await aws.cloudFormation.deleteStack({ stackName: 'Fleet' })).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(aws.iot.jobs()).toEqual([]);
  });
});
