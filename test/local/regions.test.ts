import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateThingCommand, DeleteJobCommand, DescribeJobCommand, IoTClient } from '@aws-sdk/client-iot';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { LocalAccount } from '../../local/accounts';
import { LocalAws } from '../../local/aws';
import type { PolicyDocument } from '../../local/iam/iam';
import { simulatedIam } from '../../rehearsal/authoriser';

const OTHER = '222222222222';

let aws: LocalAws;
const clients: { destroy(): void }[] = [];

beforeEach(async () => {
  aws = await LocalAws.start({ authoriser: simulatedIam, regions: ['eu-west-1'], deletionSlots: 1 });
});

afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  await aws.close();
});

const configuration = (region: string, accessKeyId = 'AKIAPERSON'): object => ({
  endpoint: aws.endpoint.url,
  region,
  credentials: { accessKeyId, secretAccessKey: 'secret' },
  maxAttempts: 1,
});
const iot = (region: string, accessKeyId?: string): IoTClient => {
  const client = new IoTClient(configuration(region, accessKeyId));
  clients.push(client);
  return client;
};
const allow = (action: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});

test('each region has jobs and deletion slots of its own', async () => {
  for (const region of ['us-east-1', 'eu-west-1']) {
    ['a', 'b'].forEach((jobId) => aws.iotIn(region).createJob({ jobId, status: 'COMPLETED' }));
    await iot(region).send(new DeleteJobCommand({ jobId: 'a' }));
    await expect(iot(region).send(new DeleteJobCommand({ jobId: 'b' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  }
  const { job } = await iot('eu-west-1').send(new DescribeJobCommand({ jobId: 'b' }));
  expect(job?.jobArn).toBe('arn:aws:iot:eu-west-1:123456789012:job/b');
  expect(aws.iotIn('us-east-1')).toBe(aws.iot);
  expect(aws.iot.calls.map(({ operation }) => operation)).toStrictEqual(['DeleteJob', 'DeleteJob']);
});

test('a role needs its permission for the region', async () => {
  const arn = 'arn:aws:iot:us-east-1:123456789012:job/*';
  const { accessKeyId } = aws.iam.createRole('handler', {
    policies: {
      jobs: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:DescribeJob', Resource: arn }] },
    },
  });
  ['us-east-1', 'eu-west-1'].forEach((region) => aws.iotIn(region).createJob({ jobId: 'a' }));
  const describe = new DescribeJobCommand({ jobId: 'a' });
  await expect(iot('us-east-1', accessKeyId).send(describe)).resolves.toHaveProperty('job.jobId', 'a');
  await expect(iot('eu-west-1', accessKeyId).send(describe)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a region that the embedded AWS has not', async () => {
  await expect(iot('ap-south-1').send(new DescribeJobCommand({ jobId: 'a' }))).rejects.toThrow(
    "'ap-south-1' is not us-east-1 or eu-west-1",
  );
  expect(() => aws.iotIn('ap-south-1')).toThrow('AWS IoT in us-east-1 and eu-west-1, not in ap-south-1');
});

test('each region has stacks of its own', async () => {
  const { cloudFormation } = aws.environment({ accountId: '123456789012', region: 'eu-west-1' });
  const thing = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'lamp' } };
  await cloudFormation.createStack({ stackName: 'S', template: { Resources: { thing } }, assetDirectory: String });
  expect([aws.iot, aws.iotIn('eu-west-1')].map((each) => each.thing('lamp') !== undefined)).toEqual([false, true]);
  const names = await Promise.all(
    ['us-east-1', 'eu-west-1'].map(async (region) => {
      const client = new CloudFormationClient(configuration(region));
      clients.push(client);
      const { Stacks } = await client.send(new DescribeStacksCommand({}));
      return Stacks?.map(({ StackName }) => StackName);
    }),
  );
  expect(names).toEqual([[], ['S']]);
});

describe('another account', () => {
  test('what an assumed role does happens there, in the region of its client', async () => {
    const other = aws.addAccount(OTHER);
    const accessKeyId = await sessionOf(other, 'iot:*');
    await iot('eu-west-1', accessKeyId).send(new CreateThingCommand({ thingName: 'lamp' }));
    expect(other.iotIn('eu-west-1').thing('lamp')?.thingArn).toBe(`arn:aws:iot:eu-west-1:${OTHER}:thing/lamp`);
    expect([other.iot, aws.iot, aws.iotIn('eu-west-1')].map((each) => each.thing('lamp'))).toStrictEqual(
      Array(3).fill(undefined),
    );
    other.iot.createJob({ jobId: 'a' });
    const { job } = await iot('us-east-1', accessKeyId).send(new DescribeJobCommand({ jobId: 'a' }));
    expect(job?.jobArn).toBe(`arn:aws:iot:us-east-1:${OTHER}:job/a`);
  });

  test('its roles reach no stack of the home account, whatever their policies', async () => {
    const accessKeyId = await sessionOf(aws.addAccount(OTHER), '*');
    const client = new CloudFormationClient(configuration('us-east-1', accessKeyId));
    clients.push(client);
    const thing = { Type: 'AWS::IoT::Thing', Properties: { ThingName: 'lamp' } };
    const request = { stackName: 'S', template: { Resources: { thing } }, assetDirectory: String };
    const { stackId } = await aws.cloudFormation.createStack(request);
    for (const StackName of ['S', stackId]) {
      await expect(client.send(new DescribeStacksCommand({ StackName }))).rejects.toThrow('does not exist');
    }
    expect(await client.send(new DescribeStacksCommand({}))).toHaveProperty('Stacks', []);
  });

  test.each(['123456789012', '12'])('%s cannot be added', (accountId) => {
    expect(() => aws.addAccount(accountId)).toThrow(`'${accountId}' cannot be a further account`);
  });

  /** The access key of a session that a role of the home account has begun. */
  async function sessionOf({ iam }: LocalAccount, action: string): Promise<string> {
    const { accessKeyId } = aws.iam.createRole('handler', { policies: { assume: allow('sts:AssumeRole') } });
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } };
    const { arn } = iam.createRole('cleaner', {
      trustPolicy: { Version: '2012-10-17', Statement: [trust] },
      policies: { jobs: allow(action) },
    });
    const sts = new STSClient(configuration('eu-west-1', accessKeyId));
    clients.push(sts);
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'sweep' }));
    return Credentials!.AccessKeyId!;
  }
});
