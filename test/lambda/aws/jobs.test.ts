import { type IoTClient, ResourceNotFoundException } from '@aws-sdk/client-iot';
import { Jobs } from '../../../lambda/aws/jobs';

/** AWS IoT with these answers, one after the other. */
function jobs(...answers: (object | Error)[]): Jobs {
  const send = (): Promise<object> => {
    const answer = answers.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return new Jobs({ send } as unknown as IoTClient);
}

const absent = new ResourceNotFoundException({ message: 'No such.', $metadata: {} });
const broken = new Error('broken');

describe('an answer that says nothing proves nothing', () => {
  test.each([[{}], [{ job: { status: 'COMPLETED' } }], [{ job: { createdAt: new Date() } }]])(
    'DescribeJob: %j',
    async (answer) => {
      await expect(jobs(answer).describe('a')).rejects.toThrow('without the status and createdAt of a');
    },
  );

  test.each([[{}], [{ jobs: [{}] }], [{ jobs: [{ jobId: 'a', jobArn: 'arn', status: 'COMPLETED' }] }]])(
    'ListJobs: %j',
    async (answer) => {
      await expect(jobs(answer).page({})).rejects.toThrow('ListJobs answered with');
    },
  );

  test('ListTagsForResource', async () => {
    await expect(jobs({}).tags('arn')).rejects.toThrow('answered without the tags of arn');
  });
});

test('what AWS IoT does not know is nothing, not an error; any other error is one', async () => {
  expect(await jobs(absent).describe('a')).toBeUndefined();
  expect(await jobs(absent).tags('arn')).toBeUndefined();
  expect(await jobs(absent).page({ thingGroupName: 'gone' })).toEqual({ jobs: [], nextToken: undefined });
  await expect(jobs(broken).describe('a')).rejects.toThrow('broken');
  await expect(jobs(broken).tags('arn')).rejects.toThrow('broken');
  await expect(jobs(broken).page({})).rejects.toThrow('broken');
});

test('tags come in pages, and one without a value is empty', async () => {
  const pages = jobs({ tags: [{ Key: 'a', Value: '1' }], nextToken: 'more' }, { tags: [{ Key: 'b' }] });
  expect(await pages.tags('arn')).toEqual({ a: '1', b: '' });
});

test('a key that objects have of their own is a tag like any other', async () => {
  const tags = await jobs({ tags: [{ Key: '__proto__', Value: '1' }] }).tags('arn');
  expect(Object.entries(tags!)).toEqual([['__proto__', '1']]);
});

test('a job without details of its executions has none', async () => {
  const seen = await jobs({ job: { status: 'COMPLETED', createdAt: new Date(5) } }).describe('a');
  expect(seen).toEqual({
    jobId: 'a',
    jobArn: '',
    status: 'COMPLETED',
    createdAt: 5,
    targetSelection: undefined,
    details: { namespaceId: undefined, executionsInProgress: 0, isConcurrent: false, targets: [] },
  });
});
