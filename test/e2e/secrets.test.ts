import type { LocalAws } from '../../local/aws';
import { deleting, functionName, startAws } from './world';

let aws: LocalAws;
const lines: { readonly functionName: string; readonly line: string }[] = [];
/** The response URLs that CloudFormation gave out. */
const urls = new Set<string>();
beforeAll(async () => {
  aws = await startAws({ log: (name, line) => lines.push({ functionName: name, line }) });
  aws.lambda.intercept = (_name, payload, next) => {
    const { ResponseURL } = JSON.parse(payload) as { ResponseURL?: string };
    if (ResponseURL !== undefined) urls.add(ResponseURL);
    return next();
  };
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
  aws.iot.createJob({ jobId: 'b', status: 'IN_PROGRESS' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a', force: true }, { jobId: 'b' }));
});
afterAll(() => aws.close());

const signatures = (): string[] => [...urls].map((url) => new URL(url).searchParams.get('X-Amz-Signature')!);

test('response URLs and credentials are in no log: neither where a deletion succeeds nor where one fails', async () => {
  const handler = functionName(aws);
  const roles = aws.cloudFormation.stack('S').resources.filter(({ type }) => type === 'AWS::IAM::Role');
  const secrets = [
    'signatures-are-not-verified-here',
    'nor-are-session-tokens',
    ...roles.map(({ physicalId }) => aws.iam.role(physicalId!).accessKeyId),
  ];
  const { status } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  expect(status).toBe('DELETE_FAILED');
  expect(signatures().length).toBeGreaterThanOrEqual(4);

  const of = (name: string): string[] => lines.filter((each) => each.functionName === name).map(({ line }) => line);
  // Without these lines, the absence of secrets in them would prove nothing.
  expect(of(handler).join('\n')).toContain('"message":"sent"');
  expect(of(handler).join('\n')).toContain('and force is false');
  const all = lines.map(({ line }) => line).join('\n');
  [...secrets, ...signatures()].forEach((secret) => expect(all).not.toContain(secret));
  // The handler does not even name the host.
  expect(of(handler).join('\n')).not.toContain('cloudformation-custom-resource-response');
});

test("the execution's input holds the response URL, and no look's result does", () => {
  const inputs = aws.states.executions.map(({ properties }) => properties.input);
  expect(inputs.length).toBeGreaterThan(0);
  for (const input of inputs) {
    const { Event, ...rest } = JSON.parse(input) as { Event: { ResponseURL: string } };
    expect(urls).toContain(Event.ResponseURL);
    signatures().forEach((signature) => expect(JSON.stringify(rest)).not.toContain(signature));
  }
});
