import { DescribeJobCommand, IoTClient } from '@aws-sdk/client-iot';
import fc from 'fast-check';
import { Jobs } from '../../../lambda/aws/jobs';
import { parseProperties } from '../../../lambda/request/properties';
import { isValidId } from '../../../lib/job-id';
import { LocalAws } from '../../../local/aws';

let aws: LocalAws;
let iot: IoTClient;
beforeAll(async () => {
  aws = await LocalAws.start({ callRate: Infinity });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  iot = new IoTClient({ endpoint: aws.endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  iot.destroy();
  await aws.close();
});

/** Ids that would mean something in a path, a query, an ARN or a shell. */
const hostile = fc
  .array(
    fc.constantFrom('a', 'Z', '9', '_', '-', '/', '..', '?', '&', '#', '%', '%2F', '*', ':', ' ', '\n', '\0', 'é'),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((parts) => parts.join(''));
const anything = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 80 }));

test('an id that holds anything but letters, digits, "_" and "-" is refused before any call', () => {
  fc.assert(
    fc.property(anything, (id) => {
      const harmless = id.length >= 1 && id.length <= 64 && [...id].every((char) => /[a-zA-Z0-9_-]/.test(char));
      expect(isValidId(id)).toBe(harmless);
      const reads = (sent: Record<string, unknown>): boolean => {
        try {
          parseProperties('Custom::IoTJobDeletion', sent);
          return true;
        } catch {
          return false;
        }
      };
      expect(reads({ JobId: id })).toBe(harmless);
      expect(reads({ JobId: 'a', NamespaceId: id })).toBe(harmless);
    }),
  );
});

test('a newline at the end is refused too', () => {
  expect(isValidId('job\n')).toBe(false);
});

test('an id that passes reaches AWS IoT as it is: one path segment, and nothing in the query', async () => {
  const valid = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
  await fc.assert(
    fc.asyncProperty(valid, valid, async (jobId, namespaceId) => {
      const sent = { JobId: jobId, NamespaceId: namespaceId };
      const { selection } = parseProperties('Custom::IoTJobDeletion', sent);
      expect(selection).toEqual({ job: jobId });
      await expect(new Jobs(iot).delete(jobId, true, namespaceId)).rejects.toThrow(/./);
      expect(aws.iot.calls.at(-1)).toMatchObject({
        operation: 'DeleteJob',
        jobId,
        outcome: 'ResourceNotFoundException',
      });
    }),
    { numRuns: 50 },
  );
});

test('were one to pass all the same, the SDK would still make one path segment of it', async () => {
  await expect(iot.send(new DescribeJobCommand({ jobId: '../things/a?force=true' }))).rejects.toThrow(/./);
  expect(aws.iot.calls.at(-1)).toMatchObject({ operation: 'DescribeJob', jobId: '../things/a?force=true' });
});
