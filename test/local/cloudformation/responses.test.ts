import { CustomResourceResponses } from '../../../local/cloudformation/responses';
import { ManualClock } from '../iot/manual-clock';

const REQUEST = {
  StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/S/1',
  RequestId: 'r',
  LogicalResourceId: 'A',
};

let clock: ManualClock;
let responses: CustomResourceResponses;
beforeEach(() => {
  clock = new ManualClock();
  responses = new CustomResourceResponses(clock);
});

/** Sends an answer to a response URL. */
async function put(responseUrl: string, answer: object): Promise<string> {
  const { pathname, search } = new URL(responseUrl);
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'a', ...REQUEST, ...answer });
  const { status, body: error = '' } = await responses.put(`${pathname}${search}`, body);
  return `${status} ${/<Code>(.*)<\/Code>/.exec(error)?.[1] ?? ''}`.trim();
}

test('a response URL is presigned, from this second on for two hours', () => {
  clock.pass(789);
  const url = new URL(responses.expect(REQUEST).responseUrl);
  expect(url.hostname).toMatch(/^cloudformation-custom-resource-response-useast1\.s3\./);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': '7200',
    'X-Amz-Credential': expect.stringMatching(/^AKIA\w+\/20260101\/us-east-1\/s3\/aws4_request$/) as string,
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
});

test('a response URL expires after two hours', async () => {
  const { responseUrl } = responses.expect(REQUEST);
  clock.pass(7_199_999);
  expect(await put(responseUrl, {})).toBe('200');
  clock.pass(1);
  expect(await put(responseUrl, {})).toBe('403 AccessDenied');
});

test.each([
  ['another signature', {}, '0', '403 SignatureDoesNotMatch'],
  ['another request', { RequestId: 's' }, '', '400 InvalidRequest'],
  ['no status', { Status: undefined }, '', '400 InvalidRequest'],
  ['4,096 bytes of reason', { Reason: 'x'.repeat(4096) }, '', '400 InvalidRequest'],
  ['a physical id of more than 1 KB', { PhysicalResourceId: 'é'.repeat(513) }, '', '400 InvalidRequest'],
  ['a physical id that is a number', { PhysicalResourceId: 5 }, '', '400 InvalidRequest'],
])('%s is refused, and the wait goes on', async (_what, answer, suffix, refusal) => {
  const awaited = responses.expect(REQUEST);
  expect(await put(awaited.responseUrl + suffix, answer)).toBe(refusal);
  expect(await put(awaited.responseUrl, { PhysicalResourceId: 'good' })).toBe('200');
  expect(await put(awaited.responseUrl, { Status: 'FAILED' })).toBe('200');
  expect((await awaited.answer).PhysicalResourceId).toBe('good');
});
