import { App, Aws, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnThing, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import {
  JobDeletionProvider,
  JobSelection,
  JobStatus,
  JobSweep,
  type JobFilter,
  type JobSweepProps,
  TargetSelection,
} from '../../lib';

const ota = JobSelection.matching({ jobIdPrefix: 'ota-' });

function sweep(props: Partial<JobSweepProps>, patterns = ['*']): Template {
  const stack = new Stack(new App(), 'S');
  const provider = new JobDeletionProvider(stack, 'JobDeletionProvider', { jobIdPatterns: patterns });
  new JobSweep(stack, 'Sweep', { jobs: ota, provider, ...props });
  return Template.fromStack(stack);
}

const properties = (template: Template): Record<string, unknown> => {
  const [resource] = Object.values(template.findResources('Custom::IoTJobSweep')) as [
    { Properties: Record<string, unknown> },
  ];
  return resource.Properties;
};

test('by default: nothing but what was selected, with every setting in full', () => {
  const { ServiceToken, ...rest } = properties(sweep({}));
  expect(ServiceToken).toBeDefined();
  expect(rest).toEqual({
    Format: 1,
    JobIdPrefix: 'ota-',
    MaxJobs: 1000,
    Force: false,
    CancelFirst: false,
    DeleteOnRollback: false,
    TimeoutSeconds: 3300,
    ServiceTimeout: '3420',
  });
});

test('every filter and setting', () => {
  const jobs = JobSelection.matching({
    jobIdPrefix: 'ota-',
    thingGroupName: 'fleet',
    targetSelection: TargetSelection.SNAPSHOT,
    statuses: [JobStatus.COMPLETED, JobStatus.CANCELED],
    tags: { app: 'ota' },
  });
  expect(
    properties(sweep({ jobs, force: true, cancelFirst: true, namespaceId: 'edge', maxJobs: 5, revision: '1' })),
  ).toMatchObject({
    ThingGroupName: 'fleet',
    TargetSelection: 'SNAPSHOT',
    Statuses: ['COMPLETED', 'CANCELED'],
    Tags: { app: 'ota' },
    Force: true,
    CancelFirst: true,
    NamespaceId: 'edge',
    MaxJobs: 5,
    Revision: '1',
  });
});

test('jobs by name: each once, and a list that is known later as it is', () => {
  expect(properties(sweep({ jobs: JobSelection.ids(['a', 'b', 'a']) }))).toMatchObject({ JobIds: ['a', 'b'] });
  const stack = new Stack();
  const list = new CfnParameter(stack, 'Jobs', { type: 'CommaDelimitedList' });
  new JobSweep(stack, 'Sweep', { jobs: JobSelection.ids(list.valueAsList) });
  expect(properties(Template.fromStack(stack))).toMatchObject({ JobIds: { Ref: 'Jobs' } });
});

test('targeting a thing group: its name, and the group goes after the jobs', () => {
  const stack = new Stack();
  const group = new CfnThingGroup(stack, 'Fleet');
  new JobSweep(stack, 'Sweep', { jobs: JobSelection.targeting(group, { jobIdPrefix: 'ota-' }) });
  Template.fromStack(stack).hasResource('Custom::IoTJobSweep', {
    Properties: {
      ThingGroupName: { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Fleet', 'Arn'] }] }] },
      JobIdPrefix: 'ota-',
    },
    DependsOn: Match.arrayWith(['Fleet']),
  });
});

test('deleteBefore and deleteAfter: the order of deletion', () => {
  const stack = new Stack();
  const [before, after] = ['Before', 'After'].map((id) => new CfnThing(stack, id));
  new JobSweep(stack, 'Sweep', { jobs: ota, deleteBefore: [before!] }).deleteAfter(after!);
  const template = Template.fromStack(stack);
  template.hasResource('Custom::IoTJobSweep', { DependsOn: Match.arrayWith(['Before']) });
  template.hasResource('AWS::IoT::Thing', { DependsOn: [Match.stringLikeRegexp('^Sweep')] });
});

test('one more resource, whatever the number of jobs', () => {
  const count = (template: Template): number =>
    Object.keys((template.toJSON() as { Resources: object }).Resources).length;
  const many = JobSelection.ids(Array.from({ length: 100 }, (_, i) => `job-${i}`));
  expect(count(sweep({ jobs: many }))).toBe(count(sweep({})));
});

describe('bad input is an error at synth', () => {
  test.each<[JobFilter, string]>([
    [{}, 'a selection without a filter would match every job: give at least one filter.'],
    [{ jobIdPrefix: undefined }, 'a selection without a filter would match every job'],
    [{ jobIdPrefix: '' }, 'jobIdPrefix "" is not what AWS IoT allows: 1 to 64 characters'],
    [{ jobIdPrefix: 'a/b' }, 'jobIdPrefix "a/b" is not what AWS IoT allows'],
    [{ namespaceId: 'a b' }, 'namespaceId "a b" is not what AWS IoT allows'],
    [{ thingGroupName: 'a b' }, 'thingGroupName "a b" is not what AWS IoT allows: 1 to 128 characters'],
    [{ statuses: [] }, 'statuses is empty'],
    [{ tags: {} }, 'tags is empty'],
    [{ tags: { '': 'a' } }, 'tags has "": a tag\'s key has 1 to 128 characters'],
    [
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, ''])) },
      "tags has 51: a tag's key has 1 to 128 characters, known at synth, and a job has at most 50 tags.",
    ],
    [{ tags: { app: 'a'.repeat(257) } }, 'tags has a value of 257 characters: AWS IoT allows 256.'],
  ])('JobSelection.matching(%j)', (filter, message) => {
    expect(() => JobSelection.matching(filter)).toThrow(`JobSelection.matching: ${message}`);
  });

  test.each([
    [[], 'JobSelection.ids: the list is empty: name at least one job.'],
    [['a', 'b c'], 'JobSelection.ids: job id "b c" is not what AWS IoT allows'],
  ])('JobSelection.ids(%j)', (jobIds, message) => {
    expect(() => JobSelection.ids(jobIds)).toThrow(message);
  });

  test.each<[Partial<JobSweepProps>, string]>([
    [
      { jobs: undefined },
      'S/Sweep: jobs must be a JobSelection, such as JobSelection.matching({ jobIdPrefix }), but is',
    ],
    [{ jobs: ['a'] as unknown as JobSelection }, 'but is ["a"].'],
    [{ maxJobs: 0 }, 'S/Sweep: maxJobs must be a whole number, at least 1, but is 0.'],
    [{ maxJobs: 1.5 }, 'S/Sweep: maxJobs must be a whole number'],
    [{ namespaceId: 'a/b' }, 'S/Sweep: namespaceId "a/b" is not what AWS IoT allows'],
    [
      { jobs: JobSelection.matching({ namespaceId: 'edge' }), namespaceId: 'core' },
      'S/Sweep: namespaceId "core" is not that of the selection, "edge": give it once.',
    ],
    [
      { jobs: JobSelection.matching({ statuses: [JobStatus.IN_PROGRESS] }), cancelFirst: true },
      'S/Sweep: cancelFirst changes the status by which the jobs are selected (IN_PROGRESS): select CANCELED too',
    ],
    [{ region: 'eu-west-1' }, 'S/Sweep: region "eu-west-1" is not one of the provider S/JobDeletionProvider'],
    [
      { assumeRole: { roleArn: 'arn:aws:iam::222222222222:role/jobs' } },
      'S/Sweep: the role "arn:aws:iam::222222222222:role/jobs" is not one that the provider S/JobDeletionProvider may assume',
    ],
  ])('%#', (props, message) => {
    expect(() => sweep(props)).toThrow(message);
  });

  test("outside the provider's patterns: a named job, and a prefix that no pattern covers whole", () => {
    expect(() => sweep({ jobs: JobSelection.ids(['ota-1', 'fw-1']) }, ['ota-*'])).toThrow(
      'S/Sweep: jobId "fw-1" is outside what the provider S/JobDeletionProvider may touch',
    );
    expect(() => sweep({ jobs: JobSelection.matching({ jobIdPrefix: 'ot' }) }, ['ota-*'])).toThrow(
      'S/Sweep: jobs that begin with "ot" are outside what the provider S/JobDeletionProvider may touch',
    );
    expect(() => sweep({ jobs: ota }, ['ota-?'])).toThrow('jobs that begin with "ota-" are outside');
    expect(() => sweep({ jobs: JobSelection.matching({ jobIdPrefix: 'ota-2026' }) }, ['ota-*'])).not.toThrow();
  });

  test('what is known only when it is deployed passes', () => {
    const token = Aws.STACK_NAME;
    expect(() =>
      sweep({ jobs: JobSelection.matching({ jobIdPrefix: token, thingGroupName: token }) }, ['x*']),
    ).not.toThrow();
    expect(() =>
      sweep({ jobs: JobSelection.ids([token]), region: Aws.REGION, maxJobs: Token.asNumber(7) }),
    ).not.toThrow();
  });
});
