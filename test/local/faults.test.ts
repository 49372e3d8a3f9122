import { IoTClient, ListJobsCommand } from '@aws-sdk/client-iot';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LocalAws } from '../../local/aws';
import { TRANSIENT_FAULTS } from '../../local/faults/fault';
import { type FaultRule, Faults } from '../../local/faults/faults';

let aws: LocalAws;
beforeEach(async () => (aws = await LocalAws.start({ virtualTime: true })));
afterEach(() => aws.close());

function client<Client>(type: new (options: object) => Client): Client {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  return new type({ endpoint: aws.endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

function inject(...rules: FaultRule[]): Faults {
  const faults = new Faults({ seed: 1, rules });
  faults.attach(aws);
  return faults;
}

/** How each of some calls of ListJobs ended. */
async function outcomes(count: number): Promise<string[]> {
  const iot = client(IoTClient);
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    names.push(await iot.send(new ListJobsCommand({})).then(({ jobs }) => (jobs ? 'ok' : 'nothing'), nameOf));
  }
  return names;
}

/** The SDK wraps a lost connection in different ways, by who owns the socket's error. */
const nameOf = ({ name, message }: Error): string => (/socket hang up|ECONNRESET/.test(message) ? 'lost' : name);

test.each([
  ['throttled', 'ThrottlingException'],
  ['internal error', 'InternalFailureException'],
  ['unavailable', 'ServiceUnavailableException'],
  ['no deletion slot', 'LimitExceededException'],
  ['lost request', 'lost'],
  ['lost answer', 'lost'],
  ['empty answer', 'nothing'],
  ['malformed answer', 'SyntaxError'],
  ['slow answer', 'ok'],
] as const)('%s: what the SDK makes of it', async (fault, outcome) => {
  const faults = inject({ fault });
  expect(await outcomes(1)).toEqual([outcome]);
  expect(faults.injected).toEqual([{ operation: 'ListJobs', jobId: undefined, fault }]);
});

test('CloudFormation says it in its own protocol', async () => {
  inject({ operation: 'DescribeStacks', fault: 'throttled' });
  await expect(client(CloudFormationClient).send(new DescribeStacksCommand({}))).rejects.toThrow(
    'ThrottlingException, injected.',
  );
});

test('the nth call alone', async () => {
  inject({ operation: 'ListJobs', nth: 2, fault: 'unavailable' });
  expect(await outcomes(3)).toEqual(['ok', 'ServiceUnavailableException', 'ok']);
});

test('another job, another operation, and no faults any more: nothing happens', async () => {
  const faults = inject({ operation: 'DeleteJob' }, { jobId: 'a' }, { operation: 'ListJobs', fault: 'throttled' });
  faults.enabled = false;
  expect(await outcomes(1)).toEqual(['ok']);
  faults.enabled = true;
  expect(await outcomes(1)).toEqual(['ThrottlingException']);
});

test('by chance: the same seed, the same faults, about as many as asked for, of every kind that fits', async () => {
  const injected = async (): Promise<unknown> => {
    const faults = inject({ chance: 0.5 });
    await outcomes(200);
    return faults.injected.map(({ fault }) => fault);
  };
  const first = (await injected()) as string[];
  expect(first.length).toBeGreaterThan(70);
  expect(first.length).toBeLessThan(130);
  expect(new Set(first)).toEqual(new Set(TRANSIENT_FAULTS.filter((fault) => fault !== 'no deletion slot')));
  expect(await injected()).toEqual(first);
});
