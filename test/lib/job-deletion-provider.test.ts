import { App, Fn, PERMISSIONS_BOUNDARY_CONTEXT_KEY, Stack, Token } from 'aws-cdk-lib';
import { Match, type Matcher, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as lib from '../../lib';
import { JobDeletion, JobDeletionProvider, type JobDeletionProviderProps } from '../../lib';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown>; DependsOn?: string[] }>;

const resourcesOf = (template: Template): Resources => (template.toJSON() as { Resources: Resources }).Resources;

function stackWith(props: (stack: Stack) => JobDeletionProviderProps): Template {
  const stack = new Stack(undefined, 'S', { env: { account: '123456789012', region: 'eu-west-1' } });
  const provider = new JobDeletionProvider(stack, 'Provider', props(stack));
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider });
  return Template.fromStack(stack);
}

describe('getOrCreate', () => {
  test('gives a stack one provider, whoever asks', () => {
    const stack = new Stack();
    const first = JobDeletionProvider.getOrCreate(stack);
    expect(JobDeletionProvider.getOrCreate(new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' }))).toBe(first);
    expect(first.node.path).toBe('Default/JobDeletionProvider');
  });

  describe('with props', () => {
    const roles = ['arn:aws:iam::222222222222:role/a', 'arn:aws:iam::222222222222:role/b'];
    const network = { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'], privateSubnetIds: ['subnet-1'] };
    const props = (stack: Stack): JobDeletionProviderProps => ({
      jobIdPatterns: ['ota-*', 'fw-*'],
      regions: ['us-east-1'],
      assumableRoles: roles,
      logGroup: (stack.node.tryFindChild('Log') as LogGroup | undefined) ?? new LogGroup(stack, 'Log'),
      vpc: (stack.node.tryFindChild('Vpc') as IVpc | undefined) ?? Vpc.fromVpcAttributes(stack, 'Vpc', network),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    });

    test('the same ones, in whatever order and number: the same provider', () => {
      const stack = new Stack();
      const first = JobDeletionProvider.getOrCreate(stack, props(stack));
      const again = { ...props(stack), jobIdPatterns: ['fw-*', 'ota-*', 'fw-*'], assumableRoles: [...roles].reverse() };
      expect(JobDeletionProvider.getOrCreate(stack, again)).toBe(first);
      expect(JobDeletionProvider.getOrCreate(stack, { jobIdPatterns: undefined })).toBe(first);
      expect(JobDeletionProvider.getOrCreate(stack)).toBe(first);
    });

    test.each<[JobDeletionProviderProps, string]>([
      [{ jobIdPatterns: ['ota-*'] }, 'jobIdPatterns'],
      [{ regions: [] }, 'regions'],
      [{ assumableRoles: roles.slice(1) }, 'assumableRoles'],
      [{ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }, 'vpcSubnets'],
      [{ logGroup: new LogGroup(new Stack(), 'Other') }, 'logGroup'],
    ])('another one: an error that names who made the provider (%#)', (asked, name) => {
      const stack = new Stack(undefined, 'S');
      JobDeletionProvider.getOrCreate(new Construct(stack, 'Platform'), props(stack));
      expect(() => JobDeletionProvider.getOrCreate(new Construct(stack, 'Fleet'), asked)).toThrow(
        `S/Fleet: the stack's JobDeletionProvider was made by S/Platform with another ${name}: give the same props`,
      );
    });

    test('where a deletion has made it with the defaults: named too', () => {
      const stack = new Stack(undefined, 'S');
      new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
      expect(JobDeletionProvider.getOrCreate(stack, { jobIdPatterns: ['*'] })).toBeDefined();
      expect(() => JobDeletionProvider.getOrCreate(stack, { regions: ['us-east-1'] })).toThrow(
        'was made by S/Teardown',
      );
    });
  });

  test('where something else has its place: an error that names it', () => {
    const stack = new Stack(undefined, 'S');
    new LogGroup(stack, 'JobDeletionProvider');
    expect(() => new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' })).toThrow(
      "S/JobDeletionProvider: the stack's own JobDeletionProvider needs this path, but another construct has it: " +
        'rename that construct, or give each JobDeletion a provider.',
    );
  });
});

describe('isJobDeletionProvider', () => {
  test('a provider, also of another copy of this package; nothing else', () => {
    const provider = new JobDeletionProvider(new Stack(), 'Provider');
    expect(JobDeletionProvider.isJobDeletionProvider(provider)).toBe(true);
    jest.isolateModules(() => {
      // oxlint-disable-next-line typescript/no-require-imports -- a second copy of the modules
      const copy = require('../../lib') as typeof lib;
      expect(copy.JobDeletionProvider).not.toBe(JobDeletionProvider);
      expect(copy.JobDeletionProvider.isJobDeletionProvider(provider)).toBe(true);
    });
    const imported = JobDeletionProvider.fromAttributes(new Stack(), 'P', { serviceToken: Fn.importValue('x') });
    for (const other of [undefined, null, 'provider', {}, new Stack(), imported]) {
      expect(JobDeletionProvider.isJobDeletionProvider(other)).toBe(false);
    }
  });
});

describe('limits of AWS are errors at synth', () => {
  const patterns = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => (index === 0 ? 'ota-*' : `rollout-${index}-*`));

  test('100 patterns: the policy would be too big', () => {
    expect(() => stackWith(() => ({ jobIdPatterns: patterns(100) }))).toThrow(
      /^S\/Provider: the policy may have [\d,]+ bytes, and 5,000 is the most: a role may have 10,240, and an update has the old/,
    );
  });

  test('50 patterns in 4 regions: the regions do not multiply the policy', () => {
    const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'eusc-de-east-1'];
    const policySize = (props: JobDeletionProviderProps): number =>
      JSON.stringify(stackWith(() => ({ jobIdPatterns: patterns(50), ...props })).findResources('AWS::IAM::Policy'))
        .length;
    expect(policySize({ regions }) - policySize({})).toBeLessThan(200);
  });

  test('what only a token makes long counts: the partition, and the region of a stack for any region', () => {
    const isAccepted = (stack: Stack, count: number): boolean => {
      try {
        new JobDeletionProvider(stack, 'Provider', { jobIdPatterns: patterns(count) });
        return true;
      } catch (error) {
        return !String(error).includes('and 5,000 is the most');
      }
    };
    const refused = Array.from({ length: 100 }, (_, index) => index + 1).find(
      (count) => !isAccepted(new Stack(undefined, 'Any'), count),
    );
    expect(refused).toBeGreaterThan(50);
    expect(
      isAccepted(new Stack(undefined, 'S', { env: { account: '123456789012', region: 'eu-west-1' } }), refused!),
    ).toBe(true);
  });

  test('the environment: 45 roles of long names', () => {
    const long = (index: number): string =>
      `arn:aws:iam::222222222222:role/${'p'.repeat(60)}/${'n'.repeat(40)}${index}`;
    const assumableRoles = Array.from({ length: 45 }, (_, index) => long(index));
    expect(() => stackWith(() => ({ assumableRoles }))).toThrow(/the (policy|handler's environment) may have/);
  });
});

test('a provider with a job costs 7 resources, each further job one', () => {
  expect(Object.keys(resourcesOf(stackWith(() => ({}))))).toHaveLength(7);
});

describe('permissions', () => {
  test('by default: four actions on every job of the account and region, three on its stacks, the list, and the waiter', () => {
    stackWith(() => ({})).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['iot:DescribeJob', 'iot:CancelJob', 'iot:DeleteJob', 'iot:ListTagsForResource'],
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iot:eu-west-1:123456789012:job/*']] },
          },
          { Effect: 'Allow', Action: 'iot:ListJobs', Resource: '*' },
          {
            Effect: 'Allow',
            Action: [
              'cloudformation:DescribeStacks',
              'cloudformation:DescribeStackEvents',
              'cloudformation:ListStackResources',
            ],
            Resource: Match.objectLike({
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudformation:eu-west-1:123456789012:stack/*']],
            }),
          },
          {
            Effect: 'Allow',
            Action: 'states:StartExecution',
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':states:eu-west-1:123456789012:stateMachine:',
                  { Ref: Match.stringLikeRegexp('^ProviderHandler') },
                ],
              ],
            },
          },
        ],
      },
    });
  });

  test('jobIdPatterns: only what matches', () => {
    stackWith(() => ({ jobIdPatterns: ['ota-*', 'fw-1'] })).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['iot:DeleteJob']),
            Resource: [
              { 'Fn::Join': ['', Match.arrayWith([':iot:eu-west-1:123456789012:job/fw-1'])] },
              { 'Fn::Join': ['', Match.arrayWith([':iot:eu-west-1:123456789012:job/ota-*'])] },
            ],
          }),
        ]),
      },
    });
  });

  test('regions: the same jobs there; assumableRoles: those roles', () => {
    const role = 'arn:aws:iam::222222222222:role/jobs';
    stackWith(() => ({ regions: ['us-east-1'], assumableRoles: [role] })).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['iot:DeleteJob']),
            Resource: { 'Fn::Join': ['', Match.arrayWith([':iot:*:123456789012:job/*'])] },
            Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } },
          }),
          { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role },
        ]),
      },
    });
  });

  const policyId = (jobIdPatterns: string[]): string => {
    const policies = stackWith(() => ({ jobIdPatterns })).findResources('AWS::IAM::Policy');
    return Object.keys(policies).find((id) => JSON.stringify(policies[id]).includes('iot:DeleteJob'))!;
  };

  test('other patterns are another policy, so that the old one goes only in clean-up', () => {
    expect(policyId(['*'])).not.toBe(policyId(['ota-*']));
  });

  test('the order and number of times in which they are named is no difference', () => {
    expect(policyId(['ota-*', 'fw-*'])).toBe(policyId(['fw-*', 'ota-*', 'fw-*']));
  });

  test('every policy and role is deleted after every custom resource: they all stand behind it', () => {
    const resources = resourcesOf(stackWith(() => ({})));
    const [teardown] = Object.keys(resources).filter((id) => resources[id]!.Type === 'Custom::IoTJobDeletion');
    const behind = new Set<string>();
    const visit = (id: string): void => {
      if (!behind.has(id)) {
        behind.add(id);
        referencesOf(resources[id]!)
          .filter((other) => other in resources)
          .forEach(visit);
      }
    };
    visit(teardown!);
    const iam = Object.keys(resources).filter((id) => resources[id]!.Type.startsWith('AWS::IAM::'));
    expect(iam.length).toBeGreaterThan(0);
    expect([...behind]).toEqual(expect.arrayContaining(iam));
  });

  test("the handler's policy stands directly behind it, whatever comes between", () => {
    stackWith(() => ({})).hasResource('Custom::IoTJobDeletion', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ProviderPolicy')]),
    });
  });

  function referencesOf(resource: { Properties: unknown; DependsOn?: string[] }): string[] {
    const found = [...(resource.DependsOn ?? [])];
    JSON.stringify(resource.Properties, (key, value: unknown) => {
      if (key === 'Ref') found.push(value as string);
      if (key === 'Fn::GetAtt') found.push((value as string[])[0]!);
      return value;
    });
    return found;
  }
});

describe('what each prop is passed to', () => {
  const allFunctions = (template: Template): Record<string, unknown>[] => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function')) as Resources[string][];
    expect(functions).toHaveLength(1);
    return functions.map((each) => each.Properties);
  };

  /** How many roles for functions have such statements. */
  const lambdaRoles = (template: Template, statements: Matcher): number =>
    Object.keys(
      template.findResources('AWS::IAM::Role', {
        Properties: {
          AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] },
          Policies: [{ PolicyDocument: { Statement: statements } }],
        },
      }),
    ).length;

  test('logGroup: where the handler writes', () => {
    const functions = allFunctions(stackWith((stack) => ({ logGroup: new LogGroup(stack, 'Log') })));
    functions.forEach((each) =>
      expect(each.LoggingConfig).toMatchObject({ LogGroup: { Ref: expect.stringMatching(/^Log/) as string } }),
    );
  });

  test("logGroup: the handler's role may write to it and nowhere else, be it given or the provider's own", () => {
    const given = stackWith((stack) => ({ logGroup: new LogGroup(stack, 'Log') }));
    const write = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const Resource = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Log'), 'Arn'] };
    expect(lambdaRoles(given, Match.exact([{ Effect: 'Allow', Action: write, Resource }]))).toBe(1);
    const own = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ProviderLogGroup'), 'Arn'] };
    expect(
      lambdaRoles(
        stackWith(() => ({})),
        Match.exact([{ Effect: 'Allow', Action: write, Resource: own }]),
      ),
    ).toBe(1);
  });

  test.each([true, false])(
    'without logGroup: one that expires and goes with the provider (flag of CDK: %s)',
    (flag) => {
      const app = new App({ context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': flag } });
      const stack = new Stack(app, 'S');
      new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::Logs::LogGroup', 1);
      template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } });
      expect(Object.keys(resourcesOf(template))).toHaveLength(7);
    },
  );

  test("vpc, vpcSubnets, securityGroups: the handler's", () => {
    const template = stackWith((stack) => {
      const vpc = new Vpc(stack, 'Vpc');
      const securityGroup = new SecurityGroup(stack, 'Group', { vpc });
      return { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [securityGroup] };
    });
    allFunctions(template).forEach((each) =>
      expect(each.VpcConfig).toMatchObject({
        SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] }],
      }),
    );
    const network = Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface']), Resource: '*' });
    expect(lambdaRoles(template, Match.arrayWith([network]))).toBe(1);
    expect(
      lambdaRoles(
        stackWith(() => ({})),
        Match.arrayWith([network]),
      ),
    ).toBe(0);
  });

  test("role: the handler's; the statements are added to it", () => {
    const template = stackWith((stack) => ({
      role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    }));
    template.hasResourceProperties('AWS::Lambda::Function', {
      Role: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] },
      Environment: { Variables: { ROLE_ARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] } } },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Mine') }],
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['iot:DeleteJob']) })]),
      },
    });
  });

  test('role: one from elsewhere that must not be touched gets no policy, and the template is whole', () => {
    const template = stackWith((stack) => ({
      role: Role.fromRoleArn(stack, 'Theirs', 'arn:aws:iam::123456789012:role/theirs', { mutable: false }),
    }));
    expect(JSON.stringify(template.toJSON())).not.toContain('iot:DeleteJob');
  });

  test("encryptionKey: of the handler's environment and the waiter's executions, and their roles may use it", () => {
    const template = stackWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    allFunctions(template).forEach((each) =>
      expect(each.KmsKeyArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }),
    );
    const Resource = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    const may = (Action: string | string[]): Matcher => Match.arrayWith([{ Effect: 'Allow', Action, Resource }]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^ProviderHandlerRole') }],
      PolicyDocument: { Statement: may('kms:Decrypt') },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^ProviderWaiterRole') }],
      PolicyDocument: { Statement: may(['kms:Decrypt', 'kms:GenerateDataKey']) },
    });
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      EncryptionConfiguration: { KmsKeyId: Resource, Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    });
  });

  test('a permissions boundary, applied to the stack or named in the context: both roles', () => {
    const boundary = 'arn:aws:iam::123456789012:policy/developers';
    const context = { [PERMISSIONS_BOUNDARY_CONTEXT_KEY]: { arn: boundary } };
    const [applied, inContext] = [new Stack(), new Stack(new App({ context }))];
    PermissionsBoundary.of(applied).apply(ManagedPolicy.fromManagedPolicyArn(applied, 'Boundary', boundary));
    for (const stack of [applied, inContext]) {
      new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
      Template.fromStack(stack).allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 2);
    }
  });

  test('handler: the function that deletes the jobs', () => {
    const stack = new Stack();
    const provider = new JobDeletionProvider(stack, 'Provider', { jobIdPatterns: ['ota-*', 'fw-*'] });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Environment: { Variables: { JOB_ID_PATTERNS: 'fw-*,ota-*' } },
    });
    expect(stack.resolve(provider.handler.functionArn)).toMatchObject({ 'Fn::GetAtt': [expect.anything(), 'Arn'] });
  });
});

describe('fromAttributes', () => {
  const imported = (serviceToken: string) =>
    JobDeletionProvider.fromAttributes(new Stack(new App(), 'S'), 'Theirs', { serviceToken });

  test('what is not the ARN of a function, or resolves to nothing, is an error', () => {
    expect(() => imported('theirs')).toThrow('S/Theirs: serviceToken "theirs" is not the ARN of a function');
    expect(() => imported(Token.asString(undefined))).toThrow('serviceToken is a token that resolves to nothing');
  });

  test('a dynamic reference is a function whose name nobody knows: it has no metrics', () => {
    const provider = imported('{{resolve:ssm:/theirs/function}}');
    expect(() => provider.metricJobsDeleted()).toThrow(
      "S/Theirs: metrics need the function's name, and serviceToken is a dynamic reference.",
    );
  });
});

describe('bad input is an error at synth', () => {
  test.each<[JobDeletionProviderProps, string]>([
    [
      { jobIdPatterns: [] },
      'S/Provider: jobIdPatterns is empty: name at least one pattern, or leave it out for every job.',
    ],
    [{ jobIdPatterns: ['ota-*', 'a/b'] }, 'S/Provider: jobIdPatterns: "a/b" is not a pattern: 1 to 64 characters of'],
    [{ jobIdPatterns: 'ota-*' as never }, 'S/Provider: jobIdPatterns must be a list of strings, but is "ota-*".'],
    [
      { jobIdPatterns: [undefined as never] },
      'S/Provider: jobIdPatterns must be a list of strings, but is [undefined].',
    ],
    [{ regions: 'us-east-1' as never }, 'S/Provider: regions must be a list of strings, but is "us-east-1".'],
    [{ assumableRoles: [42 as never] }, 'S/Provider: assumableRoles must be a list of strings, but is [42].'],
    [null as never, 'S/Provider: props must be an object, but is null.'],
    [{ jobIdPatterns: null as never }, 'S/Provider: jobIdPatterns must be a list of strings, but is null.'],
    [{ jobIdPatterns: Array<string>(1) }, 'S/Provider: jobIdPatterns must be a list of strings, but is [undefined].'],
    [{ regions: null as never }, 'S/Provider: regions must be a list of strings, but is null.'],
    [{ assumableRoles: null as never }, 'S/Provider: assumableRoles must be a list of strings, but is null.'],
    [{ logGroup: 'logs' as never }, 'S/Provider: logGroup must be an ILogGroup, but is "logs".'],
    [{ role: null as never }, 'S/Provider: role must be an IRole, but is null.'],
    [{ encryptionKey: {} as never }, 'S/Provider: encryptionKey must be an IKey, but is {}.'],
    [{ vpc: 'vpc-1' as never }, 'S/Provider: vpc must be an IVpc, but is "vpc-1".'],
    [{ vpcSubnets: {} }, 'S/Provider: vpcSubnets needs a vpc.'],
    [new Map() as never, 'S/Provider: props must be an object, but is an object.'],
    [
      { assumableRoles: ['arn:aws:iam::222222222222:role/a,b'] },
      'S/Provider: assumableRoles: "arn:aws:iam::222222222222:role/a,b" has a comma',
    ],
    [{ regions: ['Ireland'] }, 'S/Provider: regions: "Ireland" is not a region such as eu-west-1.'],
    [
      { assumableRoles: ['arn:aws:iam::222222222222:role/*'] },
      'S/Provider: assumableRoles: "arn:aws:iam::222222222222:role/*" is not the ARN of a role such as',
    ],
    [{ jobIdPatterns: ['${x}'] }, 'S/Provider: jobIdPatterns: "${x}" is not a pattern'],
  ])('%j', (props, message) => {
    expect(() => stackWith(() => props)).toThrow(message);
  });
});
