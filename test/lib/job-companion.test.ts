import {
  App,
  Aspects,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Fn,
  RemovalPolicies,
  RemovalPolicy,
  Stack,
  Tags,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnJob, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobAutoDelete, type JobCompanionOptions, JobDeletion, JobDeletionProvider } from '../../lib';

const TAG = { Key: 'cdk-iot-job-deletion:auto-delete', Value: 'true' };
const JOB = 'AWS::IoT::Job';
const COMPANION = 'Custom::IoTJobDeletion';

function newStack(): Stack {
  return new Stack(new App(), 'S', { env: { account: '111111111111', region: 'eu-central-1' } });
}

function newJob(stack: Stack, jobId = 'ota-1'): CfnJob {
  return new CfnJob(stack, 'Job', { jobId, targets: ['arn:aws:iot:eu-central-1:111111111111:thinggroup/vans'] });
}

/** A declared job as the oldest aws-cdk-lib knows it. */
function genericJob(stack: Stack, properties: object = {}): CfnResource {
  return new CfnResource(stack, 'Job', { type: JOB, properties: { JobId: 'ota-1', ...properties } });
}

/** The whole resource of a type, of which there is one. */
function only(stack: Stack, type: string): Record<string, unknown> {
  const all = Object.values(Template.fromStack(stack).findResources(type));
  expect(all).toHaveLength(1);
  return all[0] as Record<string, unknown>;
}

test('the companion deletes the job, and says by which resource and tag it may', () => {
  const stack = newStack();
  JobDeletion.forJob(stack, 'Companion', newJob(stack), { force: true });
  expect(only(stack, COMPANION)).toMatchObject({
    Properties: {
      Format: 1,
      JobId: 'ota-1',
      Force: true,
      CancelFirst: false,
      DeleteOnRollback: true,
      DeclaredJob: { LogicalId: 'Job', TagKey: TAG.Key, TagValue: TAG.Value },
    },
  });
});

test('the job is created after the provider, the companion after the job: torn down in reverse', () => {
  const stack = newStack();
  JobDeletion.forJob(stack, 'Companion', newJob(stack), { cancelFirst: true });
  expect(only(stack, JOB)).toMatchObject({
    DependsOn: expect.arrayContaining([expect.stringMatching(/^JobDeletionProviderPolicy/)]) as unknown,
  });
  expect(only(stack, COMPANION)).toMatchObject({ DependsOn: expect.arrayContaining(['Job']) as unknown });
});

test('every option', () => {
  const stack = newStack();
  const fleet = new CfnThingGroup(stack, 'Fleet');
  const provider = new JobDeletionProvider(stack, 'Provider');
  const options = { force: true, cancelFirst: true, deleteOnRollback: false, deleteBefore: [fleet], provider };
  JobDeletion.forJob(stack, 'Companion', newJob(stack), options);
  expect(only(stack, COMPANION)).toMatchObject({
    Properties: { CancelFirst: true, DeleteOnRollback: false },
    DependsOn: expect.arrayContaining(['Fleet']) as unknown,
  });
});

describe('the tag', () => {
  test('of a CfnJob, with those of the user and of the stack', () => {
    const stack = newStack();
    const job = newJob(stack);
    job.tags = [{ key: 'own', value: '1' }];
    Tags.of(stack).add('stack', '2');
    JobDeletion.forJob(stack, 'Companion', job, { force: true });
    expect(only(stack, JOB)).toMatchObject({
      Properties: { Tags: [TAG, { Key: 'own', Value: '1' }, { Key: 'stack', Value: '2' }] },
    });
  });

  test.each([[undefined, [TAG]] as const, [[{ Key: 'own', Value: '1' }], [{ Key: 'own', Value: '1' }, TAG]] as const])(
    'of a CfnResource with tags %j',
    (own, all) => {
      const stack = newStack();
      JobDeletion.forJob(stack, 'Companion', genericJob(stack, { Tags: own }), { force: true });
      expect(only(stack, JOB)).toMatchObject({ Properties: { Tags: all } });
    },
  );

  test('a list that is a token can not have it', () => {
    const stack = newStack();
    const job = genericJob(stack, { Tags: Fn.conditionIf('C', [], []) });
    expect(() => JobDeletion.forJob(stack, 'Companion', job, { force: true })).toThrow(
      'S/Companion: the Tags of the job S/Job are a token: write them as a list, so that the companion can add its tag.',
    );
  });

  test.each<[string, (job: CfnResource) => void]>([
    ['an override', (job) => job.addPropertyOverride('Tags', [{ Key: 'mine', Value: 'alone' }])],
    ['a deletion', (job) => job.addPropertyDeletionOverride('Tags')],
    ['an aspect', (job) => Tags.of(job).remove(TAG.Key, { priority: 900 })],
  ])('%s that takes it off is an error at synth', (_, takeOff) => {
    const stack = newStack();
    const job = newJob(stack);
    JobDeletion.forJob(stack, 'Companion', job, { force: true });
    takeOff(job);
    expect(() => Template.fromStack(stack)).toThrow(
      'the job S/Job has lost the tag "cdk-iot-job-deletion:auto-delete", without which its companion deletes nothing',
    );
  });
});

describe('a retained job is an error at synth', () => {
  test.each<[string, (job: CfnResource, stack: Stack) => void]>([
    ['by itself', (job) => job.applyRemovalPolicy(RemovalPolicy.RETAIN)],
    ['except on create', (job) => job.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)],
    ['in a replacement', (job) => (job.cfnOptions.updateReplacePolicy = 'Retain' as never)],
    ['by an override', (job) => job.addOverride('DeletionPolicy', 'Retain')],
    ['by an aspect of the stack', (_, stack) => RemovalPolicies.of(stack).retain()],
    [
      'by an aspect that comes late',
      (job, stack) =>
        Aspects.of(stack).add(
          { visit: (each) => each === job && job.addOverride('DeletionPolicy', 'Retain') },
          { priority: 900 },
        ),
    ],
  ])('%s', (_, retain) => {
    const stack = newStack();
    const job = newJob(stack);
    JobDeletion.forJob(stack, 'Companion', job, { force: true });
    retain(job, stack);
    expect(() => Template.fromStack(stack)).toThrow(
      /the job S\/Job is retained \(.*\), and its companion would delete it/,
    );
  });
});

describe('what the job is when it is rendered', () => {
  test('the companion has its condition, also one that comes later', () => {
    const stack = newStack();
    const job = newJob(stack);
    JobDeletion.forJob(stack, 'Companion', job, { force: true });
    job.cfnOptions.condition = new CfnCondition(stack, 'Prod', { expression: Fn.conditionEquals('a', 'b') });
    expect(only(stack, COMPANION)).toMatchObject({ Condition: 'Prod' });
  });

  test('without a condition there is none', () => {
    const stack = newStack();
    JobDeletion.forJob(stack, 'Companion', newJob(stack), { force: true });
    expect(only(stack, COMPANION)).not.toHaveProperty('Condition');
  });

  test('a job id that is a token, also of another stack', () => {
    const stack = newStack();
    const other = new Stack(stack.node.root, 'Other', {
      env: stack.environment ? { account: stack.account, region: stack.region } : {},
    });
    const name = new CfnThingGroup(other, 'Fleet').attrId;
    JobDeletion.forJob(stack, 'Companion', newJob(stack, name), { force: true });
    const [job, companion] = [JOB, COMPANION].map((type) => only(stack, type).Properties as { JobId: unknown });
    expect(companion!.JobId).toEqual({ 'Fn::ImportValue': expect.stringMatching(/^Other:/) as unknown });
    expect(companion!.JobId).toEqual(job!.JobId);
  });

  test('an id that is changed afterwards is an error at synth', () => {
    const stack = newStack();
    const job = newJob(stack);
    JobDeletion.forJob(stack, 'Companion', job, { force: true });
    job.addPropertyOverride('JobId', 'ota-2');
    expect(() => Template.fromStack(stack)).toThrow('the JobId of S/Job was changed after its companion was made');
  });

  test('a job of a template that is included', () => {
    const folder = mkdtempSync(join(tmpdir(), 'include-'));
    const templateFile = join(folder, 'template.json');
    const Job = { Type: JOB, Properties: { JobId: { Ref: 'Name' }, Targets: ['arn'] } };
    writeFileSync(templateFile, JSON.stringify({ Parameters: { Name: { Type: 'String' } }, Resources: { Job } }));
    const stack = newStack();
    const template = new CfnInclude(stack, 'Template', { templateFile });
    rmSync(folder, { recursive: true });
    JobDeletion.forJob(stack, 'Companion', template.getResource('Job'), { force: true });
    expect(only(stack, COMPANION)).toMatchObject({ Properties: { JobId: { Ref: 'Name' } } });
    expect(only(stack, JOB)).toMatchObject({ Properties: { Tags: [TAG] } });
  });
});

describe('bad input', () => {
  const neither =
    'S/Companion: give force, cancelFirst or both: AWS IoT refuses to delete an active job without force.';
  test.each<[JobCompanionOptions | undefined, string]>([
    [{}, neither],
    [{ force: false }, neither],
    [{ force: false, cancelFirst: false }, neither],
    [undefined, 'S/Companion: options must be an object, but is undefined.'],
    [{ force: 'yes' as never }, 'S/Companion: force must be a boolean, but is "yes".'],
    [{ force: true, timeout: 5 as never }, 'S/Companion: timeout must be a Duration, but is 5.'],
    [{ force: true, deleteBefore: {} as never }, 'S/Companion: deleteBefore must be a list of constructs, but is {}.'],
    [
      { force: true, removalPolicy: 'retain' } as object,
      'S/Companion: unknown option "removalPolicy": an option is one of force,',
    ],
    [{ force: true, provider: null as never }, 'S/Companion: provider must be a JobDeletionProvider, but is null.'],
  ])('%j', (options, message) => {
    const stack = newStack();
    expect(() => JobDeletion.forJob(stack, 'Companion', newJob(stack), options!)).toThrow(message);
  });

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['another resource', (stack) => new CfnThingGroup(stack, 'G'), 'but is the construct S/G.'],
    ['nothing', () => undefined, 'but is undefined.'],
    ['an id', () => 'ota-1', 'but is "ota-1".'],
  ])('%s is no job', (_, job, message) => {
    const stack = newStack();
    expect(() => JobDeletion.forJob(stack, 'Companion', job(stack) as CfnResource, { force: true })).toThrow(
      `S/Companion: the job must be a CfnJob, or another CfnResource of type AWS::IoT::Job, ${message}`,
    );
  });

  test('a job of another stack', () => {
    const stack = newStack();
    const job = newJob(new Stack(stack.node.root, 'Other'));
    expect(() => JobDeletion.forJob(stack, 'Companion', job, { force: true })).toThrow(
      'S/Companion: the job Other/Job is in another stack: make its companion there.',
    );
  });

  test('a second companion', () => {
    const stack = newStack();
    const job = newJob(stack, new CfnParameter(stack, 'P').valueAsString);
    JobDeletion.forJob(stack, 'One', job, { force: true });
    expect(() => JobDeletion.forJob(stack, 'Two', job, { force: true })).toThrow(
      'S/Two: the job S/Job has a companion already, at S/One.',
    );
  });

  test('a companion and a JobDeletion for one job', () => {
    const stack = newStack();
    JobDeletion.forJob(stack, 'One', newJob(stack), { force: true });
    expect(() => new JobDeletion(stack, 'Two', { jobId: 'ota-1' })).toThrow(
      'the stack already deletes the job "ota-1"',
    );
  });
});

describe('JobAutoDelete', () => {
  test('one job', () => {
    const stack = newStack();
    newJob(stack).with(new JobAutoDelete({ force: true }));
    expect(only(stack, COMPANION)).toMatchObject({ DependsOn: expect.arrayContaining(['Job']) as unknown });
    expect(only(stack, JOB)).toMatchObject({ Properties: { Tags: [TAG] } });
  });

  test('the whole app: every declared job that has no companion', () => {
    const stack = newStack();
    const [a, b] = ['a', 'b'].map((jobId) => new CfnJob(stack, jobId, { jobId, targets: ['arn'] }));
    new CfnThingGroup(stack, 'Fleet');
    JobDeletion.forJob(stack, 'Own', a!, { cancelFirst: true });
    const mixin = new JobAutoDelete({ force: true });
    stack.node.root.with(mixin);
    stack.node.root.with(mixin);
    expect(b!.node.tryFindChild('AutoDelete')).toBeDefined();
    Template.fromStack(stack).resourceCountIs(COMPANION, 2);
    Template.fromStack(stack).hasResourceProperties(COMPANION, { JobId: 'b', Force: true });
  });
});

test('the logical id is that of a JobDeletion: one that becomes a companion is updated in place', () => {
  const [plain, companion] = [newStack(), newStack()];
  new JobDeletion(plain, 'Teardown', { jobId: 'ota-1' });
  JobDeletion.forJob(companion, 'Companion', newJob(companion), { force: true });
  const ids = [plain, companion].map((stack) => Object.keys(Template.fromStack(stack).findResources(COMPANION)));
  expect(ids[0]).toEqual(ids[1]);
  Template.fromStack(companion).hasResource(COMPANION, { Properties: Match.objectLike({ JobId: 'ota-1' }) });
});
