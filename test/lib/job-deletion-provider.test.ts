import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
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
});

describe('permissions', () => {
  test('by default: three actions on every job of the account and region, one on its stacks, and the list', () => {
    stackWith(() => ({})).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['iot:DescribeJob', 'iot:CancelJob', 'iot:DeleteJob'],
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iot:eu-west-1:123456789012:job/*']] },
          },
          { Effect: 'Allow', Action: 'iot:ListJobs', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'cloudformation:DescribeStacks',
            Resource: Match.objectLike({
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudformation:eu-west-1:123456789012:stack/*']],
            }),
          },
        ],
      },
    });
  });

  test('jobIds: only what matches', () => {
    stackWith(() => ({ jobIds: ['ota-*', 'fw-1'] })).hasResourceProperties('AWS::IAM::Policy', {
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

  const policyId = (jobIds: string[]): string => {
    const policies = stackWith(() => ({ jobIds })).findResources('AWS::IAM::Policy');
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
    expect(functions).toHaveLength(4);
    return functions.map((each) => each.Properties);
  };

  test('queryInterval: the waiter, whose attempts cover the hour', () => {
    const definition = (queryInterval?: Duration): string =>
      JSON.stringify(stackWith(() => ({ queryInterval })).findResources('AWS::StepFunctions::StateMachine'));
    expect(definition()).toContain(String.raw`\"IntervalSeconds\":5,\"MaxAttempts\":720`);
    expect(definition(Duration.seconds(7))).toContain(String.raw`\"IntervalSeconds\":7,\"MaxAttempts\":514`);
  });

  test('logGroup: all four functions', () => {
    const functions = allFunctions(stackWith((stack) => ({ logGroup: new LogGroup(stack, 'Log') })));
    functions.forEach((each) =>
      expect(each.LoggingConfig).toMatchObject({ LogGroup: { Ref: expect.stringMatching(/^Log/) as string } }),
    );
  });

  test('without logGroup: one for all where CDK is to manage log groups, none of ours where it is not', () => {
    const app = new App({ context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true } });
    const stack = new Stack(app, 'S');
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
    Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 1);
    stackWith(() => ({})).resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  test('vpc, vpcSubnets, securityGroups: all four functions', () => {
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
    const roles = Object.values(template.findResources('AWS::IAM::Role')).map((role) => JSON.stringify(role));
    const lambdaRoles = roles.filter(
      (role) => role.includes('lambda.amazonaws.com') && role.includes('BasicExecution'),
    );
    expect(lambdaRoles).toHaveLength(3);
    lambdaRoles.forEach((role) => expect(role).toContain('AWSLambdaVPCAccessExecutionRole'));
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

  test('environmentEncryption: all four functions', () => {
    const template = stackWith((stack) => ({ environmentEncryption: new Key(stack, 'Key') }));
    allFunctions(template).forEach((each) =>
      expect(each.KmsKeyArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }),
    );
  });

  test('handler: the function that deletes the jobs', () => {
    const stack = new Stack();
    const provider = new JobDeletionProvider(stack, 'Provider', { jobIds: ['ota-*', 'fw-*'] });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Environment: { Variables: { JOB_ID_PATTERNS: 'fw-*,ota-*' } },
    });
    expect(stack.resolve(provider.handler.functionArn)).toMatchObject({ 'Fn::GetAtt': [expect.anything(), 'Arn'] });
  });
});

describe('bad input is an error at synth', () => {
  test.each<[JobDeletionProviderProps, string]>([
    [{ jobIds: [] }, 'S/Provider: jobIds is empty: name at least one pattern, or leave it out for every job.'],
    [{ jobIds: ['ota-*', 'a/b'] }, 'S/Provider: jobIds: "a/b" is not a pattern: 1 to 64 characters of'],
    [{ jobIds: ['${x}'] }, 'S/Provider: jobIds: "${x}" is not a pattern'],
    [
      { queryInterval: Duration.millis(500) },
      'S/Provider: queryInterval must be whole seconds from 1 to 60, but is 0.5',
    ],
    [
      { queryInterval: Duration.minutes(2) },
      'S/Provider: queryInterval must be whole seconds from 1 to 60, but is 120',
    ],
  ])('%j', (props, message) => {
    expect(() => stackWith(() => props)).toThrow(message);
  });
});
