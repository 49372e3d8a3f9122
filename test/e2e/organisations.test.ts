import { App, PERMISSIONS_BOUNDARY_CONTEXT_KEY, Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Effect,
  type IManagedPolicy,
  ManagedPolicy,
  PermissionsBoundary,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { JobDeletion, JobDeletionProvider, type JobDeletionProviderProps } from '../../lib';
import { type SynthesizedStack, synthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { effects, failures, startAws } from './world';

const logged: string[] = [];
let aws: LocalAws;
beforeEach(async () => {
  logged.length = 0;
  aws = await startAws({ log: (functionName, line) => logged.push(`${functionName}: ${line}`) });
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
});
afterEach(() => aws.close());

/** A stack of an organisation's: `S` unless named otherwise. */
function synthesize(
  build: (stack: Stack) => void,
  context: Record<string, unknown> = {},
  name = 'S',
): SynthesizedStack {
  const app = new App({ context });
  build(new Stack(app, name));
  return synthesizedStack(app.synth(), name);
}

/** A stack that deletes the job through a provider with these props. */
function deletingWith(props: (stack: Stack) => JobDeletionProviderProps, context = {}): SynthesizedStack {
  return synthesize((stack) => {
    const provider = new JobDeletionProvider(stack, 'Provider', props(stack));
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider });
  }, context);
}

/** What becomes of the stack and its job when it is deployed, and then deleted. */
async function lifeOf(stack: SynthesizedStack): Promise<unknown> {
  const { status: created } = await aws.cloudFormation.createStack(stack);
  const { status: deleted } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  return { created, deleted, effects: effects(aws), job: aws.iot.job('ota-1') };
}

const asItShould = {
  created: 'CREATE_COMPLETE',
  deleted: 'DELETE_COMPLETE',
  effects: ['DeleteJob ota-1: ok'],
  job: undefined,
};

const physicalIds = (type: string): string[] =>
  aws.cloudFormation
    .stack('S')
    .resources.filter((resource) => resource.type === type)
    .map(({ physicalId }) => physicalId!);

/** Takes an action from every role of the stack, as somebody may by hand; gives it back when called. */
function withdraw(action: string): () => void {
  const restore = physicalIds('AWS::IAM::Role')
    .flatMap((name) =>
      [...aws.iam.role(name).policies].map((entry) => [aws.iam.role(name).policies, ...entry] as const),
    )
    .filter(([, , { Statement }]) => Statement.some(({ Action }) => [Action].flat().includes(action)))
    .map(([policies, name, document]) => {
      const Statement = document.Statement.filter(({ Action }) => ![Action].flat().includes(action));
      policies.set(name, { ...document, Statement });
      return () => policies.set(name, document);
    });
  return () => restore.forEach((each) => each());
}

/** Why each of the stack's functions does not start while no role may do that. */
async function refusals(action: string): Promise<unknown[]> {
  const giveBack = withdraw(action);
  const invocations = physicalIds('AWS::Lambda::Function').map((name) => aws.lambda.invoke(name, '{}'));
  const outcomes = await Promise.allSettled(invocations);
  giveBack();
  return outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).name);
}

describe('a role given by the user', () => {
  const lambdaRole = (stack: Stack): Role =>
    new Role(stack, 'Theirs', {
      roleName: 'theirs',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });

  test('of the stack: what the deletion needs is added to it', async () => {
    expect(await lifeOf(deletingWith((stack) => ({ role: lambdaRole(stack) })))).toEqual(asItShould);
  });

  test('of the administrators, who alone change it: what it may do is enough', async () => {
    await aws.cloudFormation.createStack(
      synthesize(
        (stack) => {
          const statement = {
            resources: ['*'],
            actions: ['iot:*Job', 'iot:ListJobs', 'cloudformation:DescribeStack*', 'states:StartExecution'],
          };
          lambdaRole(stack).addToPolicy(new PolicyStatement(statement));
        },
        {},
        'Administrators',
      ),
    );
    const roleArn = 'arn:aws:iam::123456789012:role/theirs';
    const stack = deletingWith((scope) => ({ role: Role.fromRoleArn(scope, 'Theirs', roleArn, { mutable: false }) }));
    expect(await lifeOf(stack)).toEqual(asItShould);
  });
});

describe('a permissions boundary', () => {
  const policy = (stack: Stack, ...denied: string[]): IManagedPolicy =>
    new ManagedPolicy(stack, 'Boundary', {
      managedPolicyName: 'developers',
      statements: [
        new PolicyStatement({
          actions: ['iot:*', 'lambda:*', 'states:*', 'logs:*', 'cloudformation:Describe*'],
          resources: ['*'],
        }),
        new PolicyStatement({ effect: Effect.DENY, actions: ['iam:*', ...denied], resources: ['*'] }),
      ],
    });
  const administrators = (...denied: string[]): SynthesizedStack =>
    synthesize((stack) => void policy(stack, ...denied), {}, 'Administrators');
  const bounded = (): SynthesizedStack =>
    deletingWith(() => ({}), { [PERMISSIONS_BOUNDARY_CONTEXT_KEY]: { name: 'developers' } });

  test('of the stack, applied to all of its roles', async () => {
    const stack = synthesize((scope) => {
      new JobDeletion(scope, 'Teardown', { jobId: 'ota-1' });
      PermissionsBoundary.of(scope).apply(policy(scope));
    });
    expect(await lifeOf(stack)).toEqual(asItShould);
  });

  test('of the administrators, by its name in the context', async () => {
    await aws.cloudFormation.createStack(administrators());
    expect(await lifeOf(bounded())).toEqual(asItShould);
  });

  test('that denies the deletion: the message names what is denied, and once it no longer does the job goes', async () => {
    await aws.cloudFormation.createStack(administrators('iot:DeleteJob'));
    await aws.cloudFormation.createStack(bounded());
    const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
    expect(status).toBe('DELETE_FAILED');
    expect(failures(events)).toEqual([
      expect.stringMatching(
        /The role arn:aws:iam::123456789012:role\/\S+ may not iot:DeleteJob on arn:aws:iot:us-east-1:123456789012:job\/ota-1: /,
      ),
    ]);
    await aws.cloudFormation.updateStack(administrators());
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect(aws.iot.job('ota-1')).toBeUndefined();
  });
});

describe('a key for the environment', () => {
  const encrypted = (): SynthesizedStack =>
    deletingWith((stack) => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }));

  test('every function may decrypt with it', async () => {
    expect(await lifeOf(encrypted())).toEqual(asItShould);
  });

  test('no function starts whose role may not', async () => {
    await aws.cloudFormation.createStack(encrypted());
    expect(await refusals('kms:Decrypt')).toEqual(['KMSAccessDeniedException']);
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  });
});

describe('a VPC', () => {
  const inVpc = (): SynthesizedStack =>
    deletingWith((stack) => {
      const vpc = new Vpc(stack, 'Vpc');
      const securityGroup = new SecurityGroup(stack, 'SecurityGroup', { vpc });
      return { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [securityGroup] };
    });

  test('with its subnets and a security group of theirs', async () => {
    expect(await lifeOf(inVpc())).toEqual(asItShould);
  });

  test('with a security group for each function', async () => {
    expect(await lifeOf(deletingWith((stack) => ({ vpc: new Vpc(stack, 'Vpc') })))).toEqual(asItShould);
  });

  test('no function starts whose role may not make network interfaces', async () => {
    await aws.cloudFormation.createStack(inVpc());
    expect(await refusals('ec2:CreateNetworkInterface')).toEqual(['EC2AccessDeniedException']);
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  });
});

test('a log group: what the handler writes reaches it', async () => {
  expect(await lifeOf(deletingWith((stack) => ({ logGroup: new LogGroup(stack, 'LogGroup') })))).toEqual(asItShould);
  expect(logged.filter((line) => line.includes('DeleteJob'))).not.toEqual([]);
});
