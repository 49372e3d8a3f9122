import { jobArn } from '../../../lambda/aws/place';
import { claimOfResource } from '../../../lambda/request/claims';
import { claimOf, homeOfJobs, isCreated, notCreatedId, physicalId } from '../../../lambda/request/identity';
import { parseProperties } from '../../../lambda/request/properties';
import { jobHash } from '../../../lambda/search/job-hash';
import { HOME as home, ROLE } from '../world';

const DELETION = 'Custom::IoTJobDeletion';
const SWEEP = 'Custom::IoTJobSweep';
const idOf = (type: string, sent: Record<string, unknown>): string => physicalId(parseProperties(type, sent), home);

// Part of the contract: a change of one deletes jobs.
test.each([
  [DELETION, { JobId: 'a' }, 'a'],
  [DELETION, { JobId: 'a', Region: 'us-east-1' }, 'a'],
  [DELETION, { JobId: 'a', Region: 'eu-west-1' }, 'arn:aws:iot:eu-west-1:123456789012:job/a'],
  [DELETION, { JobId: 'a', AssumeRole: { RoleArn: ROLE } }, 'arn:aws:iot:us-east-1:222222222222:job/a'],
  [DELETION, { JobId: 'a', AssumeRole: { RoleArn: ROLE.replace('222222222222', home.account) } }, 'a'],
  [SWEEP, { JobIds: ['b', 'a'] }, 'jobs:us-east-1:123456789012?jobs=PiPoFgA5ypeBEsob'],
  [SWEEP, { JobIdPrefix: 'ota-', Region: 'eu-west-1' }, 'jobs:eu-west-1:123456789012?jobIdPrefix=ota-'],
  [
    SWEEP,
    { ThingGroupName: 'g', TargetSelection: 'SNAPSHOT', Statuses: ['COMPLETED'], NamespaceId: 'n', Tags: { a: 'b' } },
    'jobs:us-east-1:123456789012?namespaceId=n&statuses=COMPLETED&tag%3Aa=b&targetSelection=SNAPSHOT&thingGroupName=g',
  ],
])('the physical id of a %s with %j', (type, sent, id) => {
  expect(idOf(type, sent)).toBe(id);
});

test('the order of names and statuses makes no other resource', () => {
  expect(idOf(SWEEP, { JobIds: ['a', 'b'] })).toBe(idOf(SWEEP, { JobIds: ['b', 'a', 'b'] }));
  const statuses = (...Statuses: string[]): string => idOf(SWEEP, { Statuses });
  expect(statuses('COMPLETED', 'CANCELED')).toBe(statuses('CANCELED', 'COMPLETED'));
});

test('100 names of 64 characters fit, and each of them is claimed, and no other (R1, R2)', () => {
  const names = Array.from({ length: 100 }, (_, index) => `${'a'.repeat(61)}${String(index).padStart(3, '0')}`);
  const id = idOf(SWEEP, { JobIds: names, Region: 'ap-southeast-2', AssumeRole: { RoleArn: ROLE } });
  expect(id.length).toBeLessThanOrEqual(1024);
  const claim = claimOf(id, { region: 'ap-southeast-2', assumeRole: { roleArn: ROLE } }, home);
  const hashes = (claim as { hashes: readonly string[] }).hashes;
  expect(names.every((name) => hashes.includes(jobHash(name)))).toBe(true);
  const others = Array.from({ length: 10_000 }, (_, index) => `other-${index}`);
  expect(others.filter((name) => hashes.includes(jobHash(name)))).toEqual([]);
  expect(claimOf(id, {}, home)).toBeUndefined();
});

test('tags that are too long for CloudFormation are refused', () => {
  const Tags = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`key-${index}`, 'v'.repeat(200)]));
  expect(() => idOf(SWEEP, { Tags })).toThrow('characters as a physical id, and CloudFormation allows 1024');
});

test('what Create has answered with, and what nobody has', () => {
  const LogicalResourceId = 'TeardownOfTheJob12345678';
  const isCreatedAs = (id: string, JobId?: string): boolean =>
    isCreated(id, { ResourceProperties: { ServiceToken: 'arn', JobId }, LogicalResourceId });
  const invented = `My-Stack-${LogicalResourceId}-1ABCDEFGHIJKL`;
  expect(isCreatedAs('a', 'a')).toBe(true);
  expect(isCreatedAs('arn:aws:iot:eu-west-1:123456789012:job/a', 'a')).toBe(true);
  expect(isCreatedAs('jobs:us-east-1:123456789012?jobIdPrefix=a')).toBe(true);
  expect(isCreatedAs(invented, 'a')).toBe(false);
  expect(isCreatedAs(`My-Sta-${LogicalResourceId.slice(0, 20)}-1ABCDEFGHIJKL`, 'a')).toBe(false);
  expect(isCreatedAs(invented, invented)).toBe(true);
  expect(isCreatedAs(`${'S'.repeat(40)}${invented}`, 'a')).toBe(false);
  expect(isCreatedAs(notCreatedId('request'), 'a')).toBe(false);
  expect(isCreatedAs('', 'a')).toBe(false);
  // Of a resource that continue-update-rollback has skipped.
  expect(isCreatedAs('b', 'a')).toBe(true);
  expect(isCreatedAs('My-Stack-job-1', 'a')).toBe(true);
});

describe('what others hold on to, read from their physical ids', () => {
  const there = { region: 'eu-west-1', assumeRole: { roleArn: ROLE } };

  test('a job, here and elsewhere', () => {
    expect(claimOf('a', {}, home)).toEqual({ job: 'a' });
    expect(claimOf('a', there, home)).toBeUndefined();
    expect(claimOf(jobArn('a', there, home), there, home)).toEqual({ job: 'a' });
    expect(claimOf(jobArn('a', there, home), {}, home)).toBeUndefined();
  });

  test('the marker of a Create that failed: nothing', () => {
    expect(claimOf(notCreatedId('request'), {}, home)).toBeUndefined();
  });

  test('a list of jobs, and a filter with everything in it', () => {
    expect(claimOf(idOf(SWEEP, { JobIds: ['b', 'a'] }), {}, home)).toEqual({ hashes: ['a', 'b'].map(jobHash).sort() });
    const sent = {
      JobIdPrefix: 'p',
      ThingGroupName: 'g',
      TargetSelection: 'SNAPSHOT',
      Statuses: ['CANCELED', 'COMPLETED'],
      NamespaceId: 'n',
      Tags: { a: 'b', 'c&d': 'e=f' },
    };
    expect(claimOf(idOf(SWEEP, sent), {}, home)).toEqual({
      filter: {
        jobIdPrefix: 'p',
        thingGroupName: 'g',
        targetSelection: 'SNAPSHOT',
        statuses: ['CANCELED', 'COMPLETED'],
        namespaceId: 'n',
        tags: { a: 'b', 'c&d': 'e=f' },
      },
    });
  });

  test.each([
    ['AWS::IoT::Job', 'a', { job: 'a' }],
    ['AWS::IoT::Job', 'arn:aws:iot:us-east-1:123456789012:job/a', { job: 'a' }],
    ['AWS::IoT::OTAUpdate', 'u', { job: 'AFR_OTA-u' }],
    ['AWS::IoT::OTAUpdate', 'arn:aws:iot:us-east-1:123456789012:otaupdate/u', { job: 'AFR_OTA-u' }],
    ['AWS::IoT::Thing', 'a', undefined],
  ])('a live %s %s', (type, id, claim) => {
    expect(claimOfResource({ physicalId: id, type }, {}, home)).toEqual(claim);
    expect(claimOfResource({ physicalId: id, type }, there, home)).toBeUndefined();
  });
});

test.each([
  ['job-1', {}],
  [idOf(SWEEP, { JobIdPrefix: 'a' }), {}],
  [idOf(SWEEP, { JobIdPrefix: 'a', Region: 'eu-west-1' }), { region: 'eu-west-1' }],
  [idOf(SWEEP, { JobIdPrefix: 'a', AssumeRole: { RoleArn: ROLE } }), { account: '222222222222' }],
  [
    'arn:aws-cn:iot:cn-north-1:222222222222:job/a',
    { partition: 'aws-cn', region: 'cn-north-1', account: '222222222222' },
  ],
])('the jobs of %s are where it says', (id, elsewhere) =>
  expect(homeOfJobs(id, home)).toEqual({ ...home, ...elsewhere }),
);
