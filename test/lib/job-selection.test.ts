import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { type JobFilter, JobSelection, JobSweep, type JobSweepProps } from '../../lib';

const env = { account: '111111111111', region: 'eu-west-1' };

function stackIn(app = new App()): Stack {
  return new Stack(app, 'S', { env });
}

function sweep(stack: Stack, jobs: JobSelection, props: Partial<JobSweepProps> = {}): Template {
  new JobSweep(stack, 'Sweep', { jobs, ...props });
  return Template.fromStack(stack);
}

describe('ids', () => {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `job-${index}`);

  test('100 ids are as many as one selection may have, each counted once', () => {
    expect(() => JobSelection.ids([...ids(100), ...ids(100)])).not.toThrow();
    expect(() => JobSelection.ids(ids(101))).toThrow(
      'JobSelection.ids: the list has 101 ids, and one selection may have 100: split it among several JobSweeps, or ' +
        'select the jobs by prefix: JobSelection.matching({ jobIdPrefix }).',
    );
  });

  test('maxJobs does not apply to ids', () => {
    sweep(stackIn(), JobSelection.ids(ids(3)), { maxJobs: 1 }).hasResourceProperties('Custom::IoTJobSweep', {
      JobIds: ids(3),
      MaxJobs: Match.absent(),
    });
  });
});

describe('targeting', () => {
  const nameOf = (template: Template): unknown =>
    Object.values(template.findResources('Custom::IoTJobSweep') as Record<string, { Properties: object }>).map(
      ({ Properties }) => (Properties as { ThingGroupName: unknown }).ThingGroupName,
    )[0];
  const lastPart = (arn: unknown): unknown => ({ 'Fn::Select': [1, { 'Fn::Split': ['/', arn] }] });

  test.each<[string, (stack: Stack) => CfnThingGroup | ReturnType<typeof CfnThingGroup.fromThingGroupArn>, unknown]>([
    ['a group of the stack', (stack) => new CfnThingGroup(stack, 'G'), lastPart({ 'Fn::GetAtt': ['G', 'Arn'] })],
    ['an imported name', (stack) => CfnThingGroup.fromThingGroupName(stack, 'G', 'vans'), 'vans'],
    [
      'an imported ARN, of a name with colons',
      (stack) => CfnThingGroup.fromThingGroupArn(stack, 'G', 'arn:aws:iot:eu-west-1:111111111111:thinggroup/a:b'),
      'a:b',
    ],
    [
      'an ARN alone, which is a token',
      (stack) => reference(stack, undefined, Fn.importValue('group')),
      lastPart({ 'Fn::ImportValue': 'group' }),
    ],
    [
      'an ARN alone, which is literal',
      (stack) => reference(stack, undefined, 'arn:aws:iot:eu-west-1:111111111111:thinggroup/x:y'),
      'x:y',
    ],
  ])('%s', (_, group, name) => {
    const stack = stackIn();
    expect(nameOf(sweep(stack, JobSelection.targeting(group(stack))))).toEqual(name);
  });

  /** What somebody's own construct may refer to a group with. */
  function reference(stack: Stack, thingGroupName: unknown, thingGroupArn: unknown): CfnThingGroup {
    const group = CfnThingGroup.fromThingGroupName(stack, 'Own', 'own');
    return Object.defineProperty(group, 'thingGroupRef', { value: { thingGroupName, thingGroupArn } }) as never;
  }

  test('the group of another stack is deleted after the jobs: its stack is', () => {
    const app = new App();
    const fleet = new Stack(app, 'Fleet', { env });
    const stack = stackIn(app);
    sweep(stack, JobSelection.targeting(new CfnThingGroup(fleet, 'G')));
    expect(stack.dependencies).toEqual([fleet]);
  });

  const elsewhere = 'arn:aws:iot:us-east-1:222222222222:thinggroup/vans';
  test.each<[string, Partial<JobSweepProps>, string]>([
    [elsewhere, {}, 'S/Sweep: the thing group is in the region us-east-1, but the sweep deletes jobs in eu-west-1.'],
    [
      elsewhere.replace('us-east-1', 'eu-west-1'),
      {},
      'S/Sweep: the thing group is in the account 222222222222, but the sweep deletes jobs in 111111111111.',
    ],
  ])('a group elsewhere: %s', (arn, props, message) => {
    const stack = stackIn();
    const group = CfnThingGroup.fromThingGroupArn(stack, 'G', arn);
    expect(() => sweep(stack, JobSelection.targeting(group), props)).toThrow(message);
  });

  test.each<[unknown, string]>([
    ['sensors', '"sensors"'],
    [undefined, 'undefined'],
    [{ thingGroupRef: { thingGroupName: '', thingGroupArn: '' } }, '{ thingGroupRef }'],
    [{ thingGroupName: 'x' }, '{ thingGroupName }'],
  ])('no group: %j', (group, printed) => {
    expect(() => JobSelection.targeting(group as never)).toThrow(
      'JobSelection.targeting: the thing group must be a CfnThingGroup or another IThingGroupRef with a name, but is ' +
        `${printed}. To select by name, use JobSelection.matching({ thingGroupName }).`,
    );
  });

  test('two groups are one too many', () => {
    const group = new CfnThingGroup(stackIn(), 'G');
    expect(() => JobSelection.targeting(group, { thingGroupName: 'x' })).toThrow('the filter has a thingGroupName too');
  });
});

describe('what a JavaScript user may give is our error', () => {
  test.each<[unknown, string]>([
    [{ prefix: 'ota-' }, 'unknown filter "prefix": a filter is one of jobIdPrefix, thingGroupName, targetSelection,'],
    [undefined, 'filter must be an object, but is undefined.'],
    [null, 'filter must be an object, but is null.'],
    ['ota-', 'filter must be an object, but is "ota-".'],
    [['ota-'], 'filter must be an object, but is ["ota-"].'],
    [{ jobIdPrefix: 42 }, 'jobIdPrefix must be a string, but is 42.'],
    [{ thingGroupName: ['a'] }, 'thingGroupName must be a string, but is ["a"].'],
    [{ statuses: 'COMPLETED' }, 'statuses must be a list of strings, but is "COMPLETED".'],
    [
      { statuses: ['DELETION_IN_PROGRESS'] },
      'statuses has "DELETION_IN_PROGRESS": it may have SCHEDULED, IN_PROGRESS,',
    ],
    [{ targetSelection: 'snapshot' }, 'targetSelection has "snapshot": it may have SNAPSHOT, CONTINUOUS.'],
    [{ tags: ['a'] }, 'tags must be an object, but is ["a"].'],
    [{ tags: { app: undefined } }, 'tags: app must be a string, but is undefined.'],
  ])('matching(%j)', (filter, message) => {
    expect(() => JobSelection.matching(filter as JobFilter)).toThrow(`JobSelection.matching: ${message}`);
  });

  test.each<[unknown, string]>([
    [[undefined], '[undefined]'],
    [['a', 42], '["a", 42]'],
    ['a', '"a"'],
    [undefined, 'undefined'],
  ])('ids(%j)', (jobIds, printed) => {
    expect(() => JobSelection.ids(jobIds as string[])).toThrow(
      `JobSelection.ids: jobIds must be a list of strings, but is ${printed}.`,
    );
  });
});

describe('values that are not known yet', () => {
  test('dummies of a lookup are noted, and the run goes on to what it must look up', () => {
    const app = new App();
    const stack = stackIn(app);
    const dummy = StringParameter.valueFromLookup(stack, '/fleet/job');
    new JobSweep(stack, 'Ids', { jobs: JobSelection.ids([dummy]) });
    new JobSweep(stack, 'Prefix', { jobs: JobSelection.matching({ jobIdPrefix: dummy, thingGroupName: dummy }) });
    const { missing } = app.synth().manifest;
    expect(missing).toHaveLength(1);
    Annotations.fromStack(stack).hasError(
      '/S/Ids',
      Match.stringLikeRegexp('job id "dummy-value-for-/fleet/job" is not'),
    );
  });

  test('where nothing is looked up such a value is judged as any other', () => {
    const jobs = JobSelection.matching({ jobIdPrefix: 'dummy/value' });
    expect(() => new JobSweep(stackIn(), 'Sweep', { jobs })).toThrow(
      'S/Sweep: JobSelection.matching: jobIdPrefix "dummy/value" is not what AWS IoT allows',
    );
  });

  test('dynamic references and tokens pass', () => {
    const stack = stackIn();
    const parameter = new CfnParameter(stack, 'P').valueAsString;
    const reference = '{{resolve:ssm:/fleet/job}}';
    const jobs = JobSelection.matching({ jobIdPrefix: reference, thingGroupName: parameter, tags: { a: parameter } });
    expect(() => new JobSweep(stack, 'A', { jobs })).not.toThrow();
    expect(() => new JobSweep(stack, 'B', { jobs: JobSelection.ids([reference, parameter]) })).not.toThrow();
  });
});
