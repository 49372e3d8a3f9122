import { IoTClient, ListJobsCommand } from '@aws-sdk/client-iot';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { LocalAccount } from '../../../local/accounts';
import { LocalAws } from '../../../local/aws';
import type { PolicyDocument, Role } from '../../../local/iam/iam';
import { simulatedIam } from '../../../rehearsal/authoriser';
import { ManualClock } from '../iot/manual-clock';

const HOME = '123456789012';
const OTHER = '222222222222';
const cleaner = `arn:aws:iam::${OTHER}:role/cleaner`;
const request: AssumeRoleCommandInput = { RoleArn: cleaner, RoleSessionName: 'sweep' };

let clock: ManualClock;
let aws: LocalAws;
let other: LocalAccount;
let caller: Role;
let clients: { destroy(): void }[];

const allow = (action: string, resource = '*'): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});
const trust = (principal: string, condition?: object): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: principal },
      ...(condition && { Condition: condition }),
    },
  ],
});
const trustHome = trust(`arn:aws:iam::${HOME}:root`);
const externalId = { StringEquals: { 'sts:ExternalId': 'tenant-7' } };

beforeEach(async () => {
  clients = [];
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  aws = await LocalAws.start({ authoriser: simulatedIam, clock });
  other = aws.addAccount(OTHER);
  caller = aws.iam.createRole('caller', { policies: { assume: allow('sts:AssumeRole', cleaner) } });
});

afterEach(async () => {
  clients.forEach((client) => client.destroy());
  await aws.close();
});

test('temporary credentials, as the SDK reads them', async () => {
  const { roleId } = other.iam.createRole('cleaner', { trustPolicy: trustHome });
  const arn = `arn:aws:sts::${OTHER}:assumed-role/cleaner/sweep`;
  const { Credentials, AssumedRoleUser } = await sts(caller).send(new AssumeRoleCommand(request));
  expect(Credentials).toStrictEqual({
    AccessKeyId: expect.stringMatching(/^ASIA[0-9A-F]{16}$/) as string,
    SecretAccessKey: expect.any(String) as string,
    SessionToken: expect.any(String) as string,
    Expiration: new Date('2026-01-01T01:00:00Z'),
  });
  expect(AssumedRoleUser).toStrictEqual({ AssumedRoleId: `${roleId}:sweep`, Arn: arn });
  expect(await sts(Credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: OTHER,
    Arn: arn,
    UserId: `${roleId}:sweep`,
  });
});

describe('both sides decide', () => {
  test.each<[string, string, PolicyDocument | undefined, Partial<AssumeRoleCommandInput>]>([
    ['the account is trusted', 'ok', trustHome, {}],
    ['the role is trusted', 'ok', trust(`arn:aws:iam::${HOME}:role/caller`), {}],
    ['another account is trusted', 'AccessDenied', trust('arn:aws:iam::333333333333:root'), {}],
    ['another role is trusted', 'AccessDenied', trust(`arn:aws:iam::${HOME}:role/nobody`), {}],
    ['nobody is trusted', 'AccessDenied', undefined, {}],
    ['the external id is right', 'ok', trust(HOME, externalId), { ExternalId: 'tenant-7' }],
    ['the external id is wrong', 'AccessDenied', trust(HOME, externalId), { ExternalId: 'tenant-8' }],
    ['the external id is missing', 'AccessDenied', trust(HOME, externalId), {}],
    ['the caller’s policy names another role', 'AccessDenied', trustHome, { RoleArn: `${cleaner}-2` }],
  ])('%s: %s', async (_, outcome, trustPolicy, more) => {
    ['cleaner', 'cleaner-2'].forEach((name) => other.iam.createRole(name, { trustPolicy }));
    expect(await outcomeOf(sts(caller).send(new AssumeRoleCommand({ ...request, ...more })))).toBe(outcome);
  });

  test.each([
    ['the account is trusted, and the policy allows it', 'ok', `arn:aws:iam::${HOME}:root`, allow('sts:AssumeRole')],
    ['the account is trusted, the policy is silent', 'AccessDenied', `arn:aws:iam::${HOME}:root`, allow('iot:*')],
    ['the role itself is trusted, which is enough', 'ok', `arn:aws:iam::${HOME}:role/inner`, allow('iot:*')],
    ['another role is trusted', 'AccessDenied', `arn:aws:iam::${HOME}:role/nobody`, allow('sts:AssumeRole')],
  ])('within one account, %s: %s', async (_, outcome, principal, policy) => {
    const inner = aws.iam.createRole('inner', { policies: { policy } });
    aws.iam.createRole('nobody');
    const { arn } = aws.iam.createRole('target', { trustPolicy: trust(principal) });
    const call = sts(inner).send(new AssumeRoleCommand({ ...request, RoleArn: arn }));
    expect(await outcomeOf(call)).toBe(outcome);
  });

  test('a refusal says who may not do what, and not whether there is such a role', async () => {
    const refusal = {
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining(`on resource: ${cleaner}`) as string,
    };
    await expect(sts(caller).send(new AssumeRoleCommand(request))).rejects.toMatchObject(refusal);
    other.iam.createRole('cleaner');
    await expect(sts(caller).send(new AssumeRoleCommand(request))).rejects.toMatchObject(refusal);
    await expect(sts().send(new AssumeRoleCommand({ ...request, RoleArn: `${cleaner}-2` }))).rejects.toThrow(
      `User: arn:aws:iam::${HOME}:root is not authorized to perform: sts:AssumeRole on resource: ${cleaner}-2`,
    );
  });
});

test.each<[Partial<AssumeRoleCommandInput>, string]>([
  [{ RoleArn: 'cleaner-of-the-other-account' }, 'is not the ARN of a role'],
  [
    { RoleSessionName: 'two words' },
    "at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression",
  ],
  [
    { RoleSessionName: undefined },
    "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
  ],
  [{ ExternalId: '!' }, "at 'externalId' failed to satisfy constraint: Member must have length greater"],
  [{ DurationSeconds: 899 }, "at 'durationSeconds' failed to satisfy constraint: Member must have value greater"],
  [{ DurationSeconds: 43_201 }, "at 'durationSeconds' failed to satisfy constraint: Member must have value less"],
  [{ DurationSeconds: 3_601 }, 'role chaining'],
  [{ Policy: '{}' }, 'knows no Policy of AssumeRole'],
])('%j is a ValidationError', async (more, message) => {
  other.iam.createRole('cleaner', { trustPolicy: trustHome });
  await expect(sts(caller).send(new AssumeRoleCommand({ ...request, ...more }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(message) as string,
    $metadata: { httpStatusCode: 400 },
  });
});

test('credentials are over when their time is', async () => {
  other.iam.createRole('cleaner', { trustPolicy: trustHome, policies: { list: allow('iot:ListJobs') } });
  const command = new AssumeRoleCommand({ ...request, DurationSeconds: 900 });
  const { Credentials } = await sts(caller).send(command);
  clock.pass(899_999);
  expect(await outcomeOf(iot(Credentials).send(new ListJobsCommand({})))).toBe('ok');
  clock.pass(1);
  await expect(iot(Credentials).send(new ListJobsCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
    $metadata: { httpStatusCode: 403 },
  });
  expect(await outcomeOf(sts(Credentials).send(new GetCallerIdentityCommand({})))).toBe('ExpiredToken');
  expect(other.iot.calls.map(({ outcome }) => outcome)).toStrictEqual(['ok', 'ExpiredTokenException']);
});

test('a session may do what its role may at that moment', async () => {
  const role = other.iam.createRole('cleaner', { trustPolicy: trustHome });
  const { Credentials } = await sts(caller).send(new AssumeRoleCommand(request));
  const list = (): Promise<string> => outcomeOf(iot(Credentials).send(new ListJobsCommand({})));
  expect(await list()).toBe('AccessDeniedException');
  role.policies.set('list', allow('iot:ListJobs'));
  expect(await list()).toBe('ok');
  other.iam.deleteRole('cleaner');
  expect(await list()).toBe('AccessDeniedException');
});

test('the person at the keyboard may assume any role, for twelve hours', async () => {
  other.iam.createRole('cleaner');
  const { Credentials } = await sts().send(new AssumeRoleCommand({ ...request, DurationSeconds: 43_200 }));
  expect(Credentials?.Expiration).toStrictEqual(new Date('2026-01-01T12:00:00Z'));
  expect(await sts().send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: HOME, UserId: HOME });
});

test('an operation that it does not have is named', async () => {
  await expect(sts().send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'InvalidAction',
    message: expect.stringContaining("not 'GetSessionToken'") as string,
  });
});

/** Signs for the home account's person, unless for a role or with temporary credentials. */
function configuration(who: Role | Credentials | undefined): object {
  const { AccessKeyId, SecretAccessKey, SessionToken } = { ...who } as Credentials;
  const accessKeyId = who && 'accessKeyId' in who ? who.accessKeyId : (AccessKeyId ?? 'AKIAPERSON');
  return {
    endpoint: aws.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: SecretAccessKey ?? 'secret', sessionToken: SessionToken },
    maxAttempts: 1,
  };
}

function sts(who?: Role | Credentials): STSClient {
  const client = new STSClient(configuration(who));
  clients.push(client);
  return client;
}

function iot(who?: Credentials): IoTClient {
  const client = new IoTClient(configuration(who));
  clients.push(client);
  return client;
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: Error) => error.name,
  );
}
