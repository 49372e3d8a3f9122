import { parseProperties } from '../../lambda/properties';

test('reads what the library sends, as CloudFormation turns it into strings', () => {
  const sent = {
    ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:f',
    ServiceTimeout: '720',
    JobId: 'job-1',
    Force: 'true',
    NamespaceId: 'edge',
    CancelFirst: 'false',
    Revision: '7',
    DeleteOnRollback: 'true',
    TimeoutSeconds: '600',
  };
  expect(parseProperties(sent)).toEqual({
    jobId: 'job-1',
    force: true,
    namespaceId: 'edge',
    cancelFirst: false,
    revision: '7',
    deleteOnRollback: true,
    timeoutSeconds: 600,
  });
});

test('what is absent has its default; what is unknown is left alone', () => {
  expect(parseProperties({ JobId: 'job-1', FromTheFuture: 'x' })).toEqual({
    jobId: 'job-1',
    force: false,
    namespaceId: undefined,
    cancelFirst: false,
    revision: undefined,
    deleteOnRollback: false,
    timeoutSeconds: 3300,
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
  expect(() => parseProperties(sent)).toThrow(message);
});
