import { claimOf, jobArn, physicalId } from '../../lambda/identity';
import { parseProperties } from '../../lambda/properties';
import { ROLE } from './world';

const home = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const DELETION = 'Custom::IoTJobDeletion';
const SWEEP = 'Custom::IoTJobSweep';
const idOf = (type: string, sent: Record<string, unknown>): string => physicalId(parseProperties(type, sent), home);

// Part of the contract: a change of one deletes jobs.
test.each([
  [DELETION, { JobId: 'a' }, 'a'],
  [DELETION, { JobId: 'a', Region: 'eu-west-1' }, 'arn:aws:iot:eu-west-1:123456789012:job/a'],
  [DELETION, { JobId: 'a', AssumeRole: { RoleArn: ROLE } }, 'arn:aws:iot:us-east-1:222222222222:job/a'],
  [SWEEP, { JobIds: ['b', 'a'] }, 'jobs:us-east-1:123456789012?jobIds=b%2Ca'],
  [SWEEP, { JobIdPrefix: 'ota-', Region: 'eu-west-1' }, 'jobs:eu-west-1:123456789012?jobIdPrefix=ota-'],
  [
    SWEEP,
    { ThingGroupName: 'g', TargetSelection: 'SNAPSHOT', Statuses: ['COMPLETED'], NamespaceId: 'n', Tags: { a: 'b' } },
    'jobs:us-east-1:123456789012?namespaceId=n&statuses=COMPLETED&tag%3Aa=b&targetSelection=SNAPSHOT&thingGroupName=g',
  ],
])('the physical id of a %s with %j', (type, sent, id) => {
  expect(idOf(type, sent)).toBe(id);
});

test('a list that is too long for a physical id has one all the same', () => {
  const id = idOf(SWEEP, { JobIds: Array.from({ length: 100 }, (_, i) => `a-long-name-of-a-job-${i}`) });
  expect(id).toMatch(/^jobs:us-east-1:123456789012\?sha256=[0-9a-f]{64}$/);
  expect(claimOf(id, {}, home)).toBe('unknown');
  expect(claimOf(id, { region: 'eu-west-1' }, home)).toBeUndefined();
});

describe('what others hold on to, read from their physical ids', () => {
  const there = { region: 'eu-west-1', assumeRole: { roleArn: ROLE } };

  test('a job, here and elsewhere', () => {
    expect(claimOf('a', {}, home)).toEqual({ jobs: ['a'] });
    expect(claimOf('a', there, home)).toBeUndefined();
    expect(claimOf(jobArn('a', there, home), there, home)).toEqual({ jobs: ['a'] });
    expect(claimOf(jobArn('a', there, home), {}, home)).toBeUndefined();
  });

  test('a list of jobs, and a filter with everything in it', () => {
    expect(claimOf(idOf(SWEEP, { JobIds: ['b', 'a'] }), {}, home)).toEqual({ jobs: ['b', 'a'] });
    const sent = {
      JobIdPrefix: 'p',
      ThingGroupName: 'g',
      TargetSelection: 'SNAPSHOT',
      Statuses: ['COMPLETED', 'CANCELED'],
      NamespaceId: 'n',
      Tags: { a: 'b', 'c&d': 'e=f' },
    };
    expect(claimOf(idOf(SWEEP, sent), {}, home)).toEqual({
      filter: {
        jobIdPrefix: 'p',
        thingGroupName: 'g',
        targetSelection: 'SNAPSHOT',
        statuses: ['COMPLETED', 'CANCELED'],
        namespaceId: 'n',
        tags: { a: 'b', 'c&d': 'e=f' },
      },
    });
  });
});
