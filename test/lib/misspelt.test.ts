import { App, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';

const job = { jobId: 'ota-1' };
const jobs = JobSelection.ids(['ota-1']);
const deletion = (stack: Stack, props: object) => new JobDeletion(stack, 'Teardown', { ...job, ...props });
const sweep = (stack: Stack, props: object) => new JobSweep(stack, 'Teardown', { jobs, ...props });
const provider = (stack: Stack, props: object) => new JobDeletionProvider(stack, 'Teardown', props);

test.each([
  // Their silence would widen what may be deleted, or where.
  [provider, 'jobIds', 'jobIdPatterns'],
  [provider, 'jobIdPattern', 'jobIdPatterns'],
  [provider, 'jobIDPatterns', 'jobIdPatterns'],
  [provider, 'patterns', 'jobIdPatterns'],
  [provider, 'environmentEncryption', 'encryptionKey'],
  [provider, 'assumeRoles', 'assumableRoles'],
  [provider, 'region', 'regions'],
  [deletion, 'regoin', 'region'],
  [deletion, 'assumedRole', 'assumeRole'],
  [deletion, 'Provider', 'provider'],
  [deletion, 'removalPolcy', 'removalPolicy'],
  [sweep, 'maxJob', 'maxJobs'],
  [sweep, 'cancelfirst', 'cancelFirst'],
])('%p %s: an error that names the right one', (construct, key, name) => {
  expect(() => construct(new Stack(new App(), 'S'), { [key]: undefined })).toThrow(
    `S/Teardown: there is no prop "${key}": ${name} is its name.`,
  );
});

test('the stack’s own provider, too', () => {
  const stack = new Stack(new App(), 'S');
  JobDeletionProvider.getOrCreate(stack);
  const ask = () => JobDeletionProvider.getOrCreate(stack, { jobIds: ['ota-*'] } as object);
  expect(ask).toThrow('S: there is no prop "jobIds": jobIdPatterns is its name.');
});

test('the props of a subclass may have keys of their own', () => {
  const own = {
    stage: 'beta',
    fleet: 'sensors',
    cost: 1,
    description: '',
    tags: [],
    env: {},
    removal: RemovalPolicy.RETAIN,
  };
  for (const construct of [deletion, sweep, provider]) {
    expect(() => construct(new Stack(), own)).not.toThrow();
  }
});

describe('resources that wait for each other', () => {
  test.each([
    [
      'its own provider',
      (stack: Stack) => deletion(stack, {}).deleteAfter(JobDeletionProvider.getOrCreate(stack)),
      /S\/JobDeletionProvider\//,
    ],
    [
      'before and after the same',
      (stack: Stack) => {
        const thing = new CfnThing(stack, 'Thing');
        deletion(stack, { deleteBefore: [thing] }).deleteAfter(thing);
      },
      / → S\/Thing → /,
    ],
    [
      'each after the other',
      (stack: Stack) => {
        const [one, other] = [deletion(stack, {}), new JobSweep(stack, 'Sweep', { jobs })];
        one.deleteAfter(other);
        other.deleteAfter(one);
      },
      /S\/Sweep\/Resource/,
    ],
  ])('%s: an error at synth, with their paths', (_, build, paths) => {
    const app = new App();
    build(new Stack(app, 'S'));
    const synth = () => app.synth();
    expect(synth).toThrow('these resources depend on each other: S/Teardown/Resource');
    expect(synth).toThrow(paths);
  });

  test.each(['deleteAfter', 'deleteBefore'] as const)('%s of its own stack, stage or app: an error', (method) => {
    const app = new App();
    const stage = new Stage(app, 'Prod');
    const stack = new Stack(stage, 'S');
    const teardown = deletion(stack, {});
    const own = `Prod/S/Teardown: ${method} was given its own`;
    expect(() => teardown[method](stack)).toThrow(`${own} stack Prod/S, which`);
    expect(() => teardown[method](stage)).toThrow(`${own} stage Prod, which`);
    expect(() => teardown[method](app)).toThrow(`${own} stage, which`);
  });

  test('one after the other is no circle', () => {
    const app = new App();
    const stack = new Stack(app, 'S');
    const thing = new CfnThing(stack, 'Thing');
    deletion(stack, {}).deleteAfter(thing, sweep(new Stack(app, 'T'), {}));
    new JobSweep(stack, 'Sweep', { jobs, deleteBefore: [thing] });
    expect(() => app.synth()).not.toThrow();
  });
});
