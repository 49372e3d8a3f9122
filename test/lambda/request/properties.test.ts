import { parseProperties, timeoutIn } from '../../../lambda/request/properties';

const DELETION = 'Custom::IoTJobDeletion';
const SWEEP = 'Custom::IoTJobSweep';

test('reads what the library sends, as CloudFormation turns it into strings', () => {
  const sent = {
    ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:f',
    ServiceTimeout: '720',
    Format: '1',
    JobId: 'job-1',
    Force: 'true',
    NamespaceId: 'edge',
    CancelFirst: 'false',
    Revision: '7',
    DeleteOnRollback: 'true',
    TimeoutSeconds: '600',
  };
  expect(parseProperties(DELETION, sent)).toEqual({
    selection: { job: 'job-1' },
    place: { region: undefined, assumeRole: undefined },
    force: true,
    namespaceId: 'edge',
    cancelFirst: false,
    revision: '7',
    deleteOnRollback: true,
    timeoutSeconds: 600,
    maxJobs: 1000,
  });
});

test('what is absent has its default', () => {
  expect(parseProperties(DELETION, { JobId: 'job-1' })).toEqual({
    selection: { job: 'job-1' },
    place: { region: undefined, assumeRole: undefined },
    force: false,
    namespaceId: undefined,
    cancelFirst: false,
    revision: undefined,
    deleteOnRollback: false,
    timeoutSeconds: 3300,
    maxJobs: 1000,
  });
});

test.each([
  [{}, 'JobId is missing. Give the JobDeletion a jobId and deploy again.'],
  [{ JobId: '' }, 'JobId "" is not 1 to 64 characters of a-z, A-Z, 0-9, "_" and "-". Correct it and deploy again.'],
  [{ JobId: 'a'.repeat(65) }, 'is not 1 to 64 characters'],
  [{ JobId: 'a/b?force=true' }, 'JobId "a/b?force=true" is not 1 to 64 characters'],
  [{ JobId: ['a'] }, 'JobId ["a"] is not a string.'],
  [{ JobId: 'a', NamespaceId: '' }, 'NamespaceId "" is not 1 to 64 characters'],
  [{ JobId: 'a', Force: 'yes' }, 'Force "yes" is not true or false.'],
  [{ JobId: 'a', CancelFirst: '' }, 'CancelFirst "" is not true or false.'],
  [{ JobId: 'a', TimeoutSeconds: '0' }, 'TimeoutSeconds "0" is not a number of seconds, more than 0 and at most 3480.'],
  [{ JobId: 'a', TimeoutSeconds: '3481' }, 'TimeoutSeconds "3481" is not'],
  [{ JobId: 'a', TimeoutSeconds: 'soon' }, 'TimeoutSeconds "soon" is not'],
  [{ JobId: 'a', Revision: { a: 'b' } }, 'Revision {"a":"b"} is not a string.'],
])('%j', (sent, message) => {
  expect(() => parseProperties(DELETION, sent)).toThrow(message);
});

describe('what a newer release has sent is refused: it may narrow the selection', () => {
  test.each([
    [{ JobId: 'a', Format: '2' }, 'The handler does not know the format "2" of the resource\'s properties. Deploy the'],
    [{ JobId: 'a', FromTheFuture: 'x' }, 'The handler does not know the property FromTheFuture. Deploy the provider'],
    [{ JobId: 'a', jobId: 'b' }, 'does not know the property jobId.'],
  ])('%j', (sent, message) => {
    expect(() => parseProperties(DELETION, sent)).toThrow(message);
    expect(() => parseProperties(SWEEP, { ...sent, JobId: undefined, JobIdPrefix: 'a' })).toThrow(message);
  });
});

test.each([
  [{}, 3300],
  [{ TimeoutSeconds: '600' }, 600],
  [{ TimeoutSeconds: '0' }, 3300],
  [{ TimeoutSeconds: '-1' }, 3300],
  [{ TimeoutSeconds: '99999' }, 3300],
  [{ TimeoutSeconds: 'soon' }, 3300],
])('the timeout of properties that may be malformed: %j is %i', (sent, seconds) => {
  expect(timeoutIn(sent)).toBe(seconds);
});

test('the companion of a declared job', () => {
  const DeclaredJob = { LogicalId: 'Job', TagKey: 'k', TagValue: 'v' };
  expect(parseProperties(DELETION, { JobId: 'a', DeclaredJob })).toMatchObject({
    declaredJob: { logicalId: 'Job', tag: { key: 'k', value: 'v' } },
  });
  expect(() => parseProperties(DELETION, { JobId: 'a', DeclaredJob: { ...DeclaredJob, TagKey: '' } })).toThrow(
    'DeclaredJob.TagKey "" is not a name.',
  );
});

describe('a sweep', () => {
  test('of jobs by name: each once', () => {
    expect(parseProperties(SWEEP, { JobIds: ['a', 'b', 'a'], MaxJobs: '5' })).toMatchObject({
      selection: { jobs: ['a', 'b'] },
      maxJobs: 5,
    });
  });

  test('of jobs by what they are', () => {
    const sent = {
      JobIdPrefix: 'ota-',
      ThingGroupName: 'fleet',
      TargetSelection: 'SNAPSHOT',
      Statuses: ['COMPLETED'],
      NamespaceId: 'edge',
      Tags: { app: 'ota' },
      Region: 'eu-west-1',
      AssumeRole: { RoleArn: 'arn:aws:iam::222222222222:role/jobs', ExternalId: 'x', SessionName: 's' },
    };
    expect(parseProperties(SWEEP, sent)).toMatchObject({
      selection: {
        filter: {
          jobIdPrefix: 'ota-',
          thingGroupName: 'fleet',
          targetSelection: 'SNAPSHOT',
          statuses: ['COMPLETED'],
          namespaceId: 'edge',
          tags: { app: 'ota' },
        },
      },
      namespaceId: 'edge',
      place: {
        region: 'eu-west-1',
        assumeRole: { roleArn: 'arn:aws:iam::222222222222:role/jobs', externalId: 'x', sessionName: 's' },
      },
    });
  });

  test.each([
    [{}, 'The selection has no filter, so it would match every job. Give the JobSweep a filter and deploy again.'],
    [{ JobIdPrefix: '' }, 'JobIdPrefix "" is not 1 to 64 characters'],
    [{ ThingGroupName: '' }, 'ThingGroupName "" is not a name.'],
    [{ JobIds: [] }, 'JobIds [] is not a list with at least one entry.'],
    [{ JobIds: 'a' }, 'JobIds "a" is not a list with at least one entry.'],
    [{ JobIds: ['a', ''] }, 'JobIds "" is not a name.'],
    [{ JobIds: ['a b'] }, 'JobIds "a b" is not 1 to 64 characters'],
    [
      { JobIds: Array.from({ length: 101 }, (_, i) => `a${i}`) },
      'JobIds has 101 job ids, and at most 100 are allowed.',
    ],
    [{ Tags: {} }, 'Tags {} is not at least one tag.'],
    [{ Tags: 'x' }, 'Tags "x" is not an object.'],
    [{ Tags: { a: ['b'] } }, 'Tags.a ["b"] is not a string.'],
    [{ JobIdPrefix: 'a', MaxJobs: '0' }, 'MaxJobs "0" is not a number, more than 0.'],
    [{ JobIdPrefix: 'a', AssumeRole: { RoleArn: 'jobs' } }, 'RoleArn "jobs" is not the ARN of an IAM role.'],
  ])('%j', (sent, message) => {
    expect(() => parseProperties(SWEEP, sent)).toThrow(message);
  });
});
