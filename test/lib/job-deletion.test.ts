import {
  Annotations as CdkAnnotations,
  App,
  Aws,
  CfnOutput,
  CfnParameter,
  Duration,
  Lazy,
  NestedStack,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { CfnJob, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { JobDeletion, JobDeletionProvider, type JobDeletionProps } from '../../lib';

const TYPE = 'Custom::IoTJobDeletion';

function synthesized(props: Partial<JobDeletionProps> = {}): Template {
  const stack = new Stack();
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', ...props });
  return Template.fromStack(stack);
}

describe('what each prop puts into the template', () => {
  test('a job id alone: everything else has its default, spelled out', () => {
    synthesized().hasResource(TYPE, {
      Properties: {
        JobId: 'ota-1',
        Force: false,
        NamespaceId: Match.absent(),
        CancelFirst: false,
        Revision: Match.absent(),
        DeleteOnRollback: false,
        TimeoutSeconds: 3300,
        ServiceTimeout: '3420',
      },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  test.each<[Partial<JobDeletionProps>, object]>([
    [{ force: true }, { Force: true }],
    [{ namespaceId: 'edge' }, { NamespaceId: 'edge' }],
    [{ cancelFirst: true }, { CancelFirst: true }],
    [{ revision: 'r2' }, { Revision: 'r2' }],
    [{ deleteOnRollback: true }, { DeleteOnRollback: true }],
    [{ timeout: Duration.minutes(10) }, { TimeoutSeconds: 600, ServiceTimeout: '720' }],
    [{ timeout: Duration.seconds(10) }, { TimeoutSeconds: 10, ServiceTimeout: '300' }],
    [{ timeout: Duration.millis(1500) }, { TimeoutSeconds: 2 }],
    [{ timeout: Duration.minutes(58) }, { TimeoutSeconds: 3480, ServiceTimeout: '3600' }],
  ])('%j', (props, properties) => {
    synthesized(props).hasResourceProperties(TYPE, properties);
  });

  test('removalPolicy RETAIN keeps the job when the resource goes, and when it is replaced', () => {
    synthesized({ removalPolicy: RemovalPolicy.RETAIN }).hasResource(TYPE, {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('a token passes through', () => {
    const stack = new Stack();
    const parameter = new CfnParameter(stack, 'Job');
    new JobDeletion(stack, 'Teardown', { jobId: parameter.valueAsString, namespaceId: parameter.valueAsString });
    Template.fromStack(stack).hasResourceProperties(TYPE, { JobId: { Ref: 'Job' }, NamespaceId: { Ref: 'Job' } });
  });

  test('provider: another stack may share it', () => {
    const app = new App();
    const provider = new JobDeletionProvider(new Stack(app, 'Shared'), 'Provider');
    const user = new Stack(app, 'User');
    new JobDeletion(user, 'Teardown', { jobId: 'ota-1', provider });
    const template = Template.fromStack(user);
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.hasResourceProperties(TYPE, { ServiceToken: { 'Fn::ImportValue': Match.anyValue() } });
  });
});

describe('members', () => {
  test('jobId and jobArn', () => {
    const stack = new Stack(undefined, 'S', { env: { account: '123456789012', region: 'eu-west-1' } });
    const deletion = new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
    expect(deletion.jobId).toBe('ota-1');
    expect(stack.resolve(deletion.jobArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iot:eu-west-1:123456789012:job/ota-1']],
    });
  });
});

describe('order of deletion', () => {
  function stackWithGroup(order: (deletion: JobDeletion, group: CfnThingGroup) => void): Template {
    const stack = new Stack();
    const group = new CfnThingGroup(stack, 'Group');
    order(new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' }), group);
    return Template.fromStack(stack);
  }

  test('deleteBefore: the job goes first, so it is created last', () => {
    stackWithGroup((deletion, group) => deletion.deleteBefore(group)).hasResource(TYPE, {
      DependsOn: Match.arrayWith(['Group']),
    });
  });

  test('deleteBefore as a prop says the same', () => {
    const stack = new Stack();
    const group = new CfnThingGroup(stack, 'Group');
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', deleteBefore: [group] });
    Template.fromStack(stack).hasResource(TYPE, { DependsOn: Match.arrayWith(['Group']) });
  });

  test('deleteAfter: the job goes last, so it is created first', () => {
    stackWithGroup((deletion, group) => deletion.deleteAfter(group)).hasResource('AWS::IoT::ThingGroup', {
      DependsOn: [Match.stringLikeRegexp('^JobDeletionota1')],
    });
  });
});

describe('the identity of the resource is the job', () => {
  /** Without the construct's path, which CDK writes into the metadata and CloudFormation does not act on. */
  function resources(build: (stack: Stack) => void): object {
    const stack = new Stack();
    build(stack);
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Metadata?: object }> };
    return Resources;
  }

  const before = (stack: Stack): void => {
    new JobDeletion(stack, 'A', { jobId: 'job-a', force: true });
    new JobDeletion(stack, 'B', { jobId: 'job-b' });
  };

  test('renaming a construct changes nothing', () => {
    expect(
      resources((stack) => {
        new JobDeletion(stack, 'Renamed', { jobId: 'job-a', force: true });
        new JobDeletion(stack, 'B', { jobId: 'job-b' });
      }),
    ).toEqual(resources(before));
  });

  test('moving it under another construct of the stack changes nothing', () => {
    expect(
      resources((stack) => {
        new JobDeletion(new Construct(stack, 'Parent'), 'A', { jobId: 'job-a', force: true });
        new JobDeletion(stack, 'B', { jobId: 'job-b' });
      }),
    ).toEqual(resources(before));
  });

  test('swapping the job ids of two changes nothing', () => {
    expect(
      resources((stack) => {
        new JobDeletion(stack, 'A', { jobId: 'job-b' });
        new JobDeletion(stack, 'B', { jobId: 'job-a', force: true });
      }),
    ).toEqual(resources(before));
  });

  test('ids that differ only in characters that a logical id cannot have stay apart', () => {
    const ids = ['ab', 'a-b', 'a_b', '-ab'];
    const stack = new Stack();
    ids.forEach((jobId) => new JobDeletion(stack, `Of${jobId}`, { jobId }));
    Template.fromStack(stack).resourceCountIs(TYPE, ids.length);
  });

  test('the same job twice in a stack is an error', () => {
    const stack = new Stack(undefined, 'S');
    new JobDeletion(stack, 'One', { jobId: 'ota-1' });
    expect(() => new JobDeletion(stack, 'Two', { jobId: 'ota-1' })).toThrow(
      'S/Two: the stack already deletes the job "ota-1", at S/One: make one JobDeletion for each job.',
    );
  });

  test('the same job in two stacks is for two accounts or regions to sort out', () => {
    const app = new App();
    const stacks = ['Eu', 'Us'].map((name) => new Stack(app, name));
    stacks.forEach((stack) => new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' }));
    stacks.forEach((stack) => Template.fromStack(stack).resourceCountIs(TYPE, 1));
  });

  test('for a token the path decides', () => {
    const stack = new Stack();
    const parameter = new CfnParameter(stack, 'Job');
    new JobDeletion(stack, 'One', { jobId: parameter.valueAsString });
    new JobDeletion(stack, 'Two', { jobId: parameter.valueAsString });
    const ids = Object.keys(Template.fromStack(stack).findResources(TYPE));
    expect(ids).toEqual([expect.stringMatching(/^One/), expect.stringMatching(/^Two/)]);
  });
});

describe('bad input is an error at synth, with the path, the value and the rule', () => {
  const rule = 'is not what AWS IoT allows: 1 to 64 characters of a-z, A-Z, 0-9, "_" and "-".';
  test.each<[Partial<JobDeletionProps>, string]>([
    [{ jobId: '' }, `S/Teardown: jobId "" ${rule}`],
    [{ jobId: 'a'.repeat(65) }, `S/Teardown: jobId "${'a'.repeat(65)}" ${rule}`],
    [{ jobId: 'job/../../things/x' }, `S/Teardown: jobId "job/../../things/x" ${rule}`],
    [{ jobId: 'job-1\n' }, `S/Teardown: jobId "job-1\n" ${rule}`],
    [{ namespaceId: '' }, `S/Teardown: namespaceId "" ${rule}`],
    [{ namespaceId: 'b c' }, `S/Teardown: namespaceId "b c" ${rule}`],
    [
      { removalPolicy: RemovalPolicy.SNAPSHOT },
      'S/Teardown: removalPolicy is SNAPSHOT, but AWS IoT has no snapshots of jobs',
    ],
    [
      { timeout: Duration.seconds(0) },
      'S/Teardown: timeout 0 seconds is out of range: more than 0, at most 58 minutes',
    ],
    [{ timeout: Duration.minutes(59) }, 'S/Teardown: timeout 59 minutes is out of range: more than 0, at most 58 min'],
  ])('%j', (props, message) => {
    const stack = new Stack(undefined, 'S');
    expect(() => new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', ...props })).toThrow(message);
  });

  test("a job outside the provider's patterns", () => {
    const stack = new Stack(undefined, 'S');
    const provider = new JobDeletionProvider(stack, 'Ota', { jobIdPatterns: ['ota-*', 'fw-?'] });
    new JobDeletion(stack, 'In', { jobId: 'fw-7', provider });
    expect(() => new JobDeletion(stack, 'Out', { jobId: 'fw-77', provider })).toThrow(
      'S/Out: jobId "fw-77" is outside what the provider S/Ota may touch: ' +
        "add a pattern that covers it to the provider's jobIdPatterns (fw-?, ota-*).",
    );
  });
});

describe('cost', () => {
  test('one deletion costs at most 16 resources, each further one exactly 1', () => {
    const count = (n: number): number => {
      const stack = new Stack();
      for (let i = 0; i < n; i++) new JobDeletion(stack, `Job${i}`, { jobId: `job-${i}` });
      return Object.keys((Template.fromStack(stack).toJSON() as { Resources: object }).Resources).length;
    };
    expect(count(1)).toBeLessThanOrEqual(16);
    expect(count(11) - count(1)).toBe(10);
  });

  test('400 of them fit into a stack, and no policy grows with their number', () => {
    const policies = (n: number): object => {
      const stack = new Stack();
      for (let i = 0; i < n; i++) new JobDeletion(stack, `Job${i}`, { jobId: `job-${i}` });
      const template = Template.fromStack(stack);
      expect(Object.keys((template.toJSON() as { Resources: object }).Resources).length).toBeLessThanOrEqual(500);
      return { ...template.findResources('AWS::IAM::Policy'), ...template.findResources('AWS::IAM::Role') };
    };
    expect(policies(400)).toEqual(policies(1));
  });

  test('a nested stack has its own provider', () => {
    const stack = new Stack(new App(), 'S');
    const nested = new NestedStack(stack, 'Nested');
    new JobDeletion(nested, 'Teardown', { jobId: 'ota-1' });
    Template.fromStack(nested).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 0);
  });
});

describe('jobs of other regions and accounts', () => {
  const role = 'arn:aws:iam::222222222222:role/jobs';
  const elsewhere = (props: Partial<JobDeletionProps>, ...more: Partial<JobDeletionProps>[]): JobDeletion[] => {
    const stack = new Stack(undefined, 'S');
    const provider = new JobDeletionProvider(stack, 'Mine', { regions: ['eu-west-1'], assumableRoles: [role] });
    return [props, ...more].map(
      (each, index) => new JobDeletion(stack, `Teardown${index}`, { jobId: 'ota-1', provider, ...each }),
    );
  };

  test('region and role are what the handler gets, and part of the ARN', () => {
    const assumeRole = { roleArn: role, externalId: 'tools', sessionName: 'teardown' };
    const [deletion] = elsewhere({ region: 'eu-west-1', assumeRole }) as [JobDeletion];
    const stack = Stack.of(deletion);
    expect(stack.resolve(deletion.jobArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iot:eu-west-1:222222222222:job/ota-1']],
    });
    Template.fromStack(stack).hasResourceProperties('Custom::IoTJobDeletion', {
      Region: 'eu-west-1',
      AssumeRole: { RoleArn: role, ExternalId: 'tools', SessionName: 'teardown' },
    });
  });

  test('the same id in another place is another job; in the same it is the same', () => {
    const assumeRole = { roleArn: role };
    expect(() =>
      elsewhere({}, { region: 'eu-west-1' }, { assumeRole }, { region: 'eu-west-1', assumeRole }),
    ).not.toThrow();
    expect(() => elsewhere({ assumeRole }, { assumeRole })).toThrow('already deletes the job "ota-1"');
  });

  test('a role that is known only when it is deployed has its account in it', () => {
    const [deletion] = elsewhere({ assumeRole: { roleArn: Token.asString({ Ref: 'Role' }) } }) as [JobDeletion];
    expect(JSON.stringify(Stack.of(deletion).resolve(deletion.jobArn))).toContain('Fn::Split');
  });

  test('a role in a dynamic reference has an account that nobody knows: only who asks for jobArn is told', () => {
    const stack = new Stack(new App(), 'S');
    const serviceToken = 'arn:aws:lambda:us-east-1:111111111111:function:theirs';
    const provider = JobDeletionProvider.fromAttributes(stack, 'Theirs', { serviceToken });
    const roleArn = '{{resolve:ssm:/theirs/role}}';
    const { jobArn } = new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider, assumeRole: { roleArn } });
    expect(() => Template.fromStack(stack)).not.toThrow();
    new CfnOutput(stack, 'Arn', { value: jobArn });
    expect(() => stack.resolve(jobArn) as unknown).toThrow(
      'S/Teardown: jobArn is not known: the account of the role is in a dynamic reference.',
    );
  });
});

describe("the stack's own region and account count as not given", () => {
  const env = { account: '111111111111', region: 'eu-west-1' };
  const role = 'arn:aws:iam::111111111111:role/jobs';
  const resource = (props: Partial<JobDeletionProps>, stackEnv: object | undefined = env): unknown => {
    const stack = new Stack(new App(), 'S', { env: stackEnv });
    const provider = new JobDeletionProvider(stack, 'JobDeletionProvider', { assumableRoles: [role] });
    const { jobArn } = new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider, ...props });
    return [stack.resolve(jobArn), Template.fromStack(stack).findResources(TYPE)];
  };

  test.each([['eu-west-1'], [Aws.REGION]])('region %s', (region) => {
    expect(resource({ region })).toEqual(resource({}));
  });

  test('the region of a stack for any region', () => {
    expect(resource({ region: new Stack().region }, undefined)).toEqual(resource({}, undefined));
  });

  test("a role of the stack's account: it is assumed, and the job is the same", () => {
    const [arn, resources] = resource({ assumeRole: { roleArn: role } }) as [unknown, Record<string, unknown>];
    const [ownArn, own] = resource({}) as [unknown, Record<string, unknown>];
    expect([arn, Object.keys(resources)]).toEqual([ownArn, Object.keys(own)]);
    expect(JSON.stringify(resources)).toContain(role);
  });
});

describe('an assumed role', () => {
  const env = { account: '111111111111', region: 'eu-west-1' };
  const roleArn = 'arn:aws:iam::222222222222:role/path/jobs';
  const withRole = (assumeRole: object, assumableRoles = [roleArn]): JobDeletion => {
    const stack = new Stack(new App(), 'S', { env });
    const provider = new JobDeletionProvider(stack, 'Provider', { assumableRoles });
    return new JobDeletion(stack, 'Teardown', {
      jobId: 'ota-1',
      provider,
      assumeRole: assumeRole as { roleArn: string },
    });
  };

  test.each<[object, string]>([
    [{ roleArn, sessionName: 'a b!' }, 'assumeRole: sessionName "a b!" is not what STS allows: 2 to 64 characters of'],
    [{ roleArn, sessionName: 'a' }, 'assumeRole: sessionName "a" is not what STS allows'],
    [{ roleArn, sessionName: 'a'.repeat(65) }, 'is not what STS allows'],
    [{ roleArn, externalId: 'a b' }, 'assumeRole: externalId is not what STS allows: 2 to 1,224 characters of'],
    [
      { roleArn: 'jobs' },
      'assumeRole: roleArn "jobs" is not the ARN of a role such as arn:aws:iam::222222222222:role/jobs.',
    ],
    [{ roleArn: 'arn:aws:iam::222222222222:user/jobs' }, 'is not the ARN of a role'],
    [{}, 'S/Teardown: assumeRole: roleArn must be a string, but is undefined.'],
    [[], 'S/Teardown: assumeRole must be an object, but is [].'],
  ])('%j', (assumeRole, message) => {
    expect(() => withRole(assumeRole)).toThrow(message);
  });

  test('the ARN of a named role of another account is known but for its partition', () => {
    const app = new App();
    const theirs = new Stack(app, 'Theirs', { env: { ...env, account: '222222222222' } });
    const ours = new Stack(app, 'Ours', { env });
    const role = new Role(theirs, 'Role', { roleName: 'jobs', assumedBy: new AccountRootPrincipal() });
    const provider = new JobDeletionProvider(ours, 'Provider', { assumableRoles: [role.roleArn] });
    const spelt = { roleArn: 'arn:aws:iam::222222222222:role/jobs' };
    const deletion = new JobDeletion(ours, 'Teardown', { jobId: 'ota-1', provider, assumeRole: spelt });
    expect(JSON.stringify(ours.resolve(deletion.jobArn))).toContain(':iot:eu-west-1:222222222222:job/ota-1');
    expect(() => new JobDeletion(ours, 'Same', { jobId: 'ota-1', provider, assumeRole: role })).toThrow(
      'the stack already deletes the job "ota-1"',
    );
  });
});

const NOTHING = Lazy.string({ produce: () => undefined });

describe('what a JavaScript user may give is our error', () => {
  test.each<[object | undefined, string]>([
    [undefined, 'props must be an object, but is undefined.'],
    [{}, 'jobId must be a string, but is undefined.'],
    [{ jobId: 42 }, 'jobId must be a string, but is 42.'],
    [{ jobId: ['ota-1'] }, 'jobId must be a string, but is ["ota-1"].'],
    [{ jobId: null }, 'jobId must be a string, but is null.'],
    [{ jobId: 'a', force: 'true' }, 'force must be a boolean, but is "true".'],
    [{ jobId: 'a', timeout: 60 }, 'timeout must be a Duration, but is 60.'],
    [{ jobId: 'a', revision: 2 }, 'revision must be a string, but is 2.'],
    [{ jobId: 'a', region: {} }, 'region must be a string, but is {}.'],
    [{ jobId: 'a', namespaceId: 7 }, 'namespaceId must be a string, but is 7.'],
    [{ jobId: 'a', deleteBefore: 'bucket' }, 'deleteBefore must be a list of constructs, but is "bucket".'],
    [{ jobId: 'a', deleteBefore: [undefined] }, 'deleteBefore must be a list of constructs, but is [undefined].'],
    [{ jobId: 'a', deleteBefore: Array(1) }, 'deleteBefore must be a list of constructs, but is [undefined].'],
    [{ jobId: 'a', provider: 'arn' }, 'provider must be a JobDeletionProvider, but is "arn".'],
    [{ jobId: 'a', provider: null }, 'provider must be a JobDeletionProvider, but is null.'],
    [new Stack(undefined, 'Other'), 'props must be an object, but is the construct Other.'],
    [{ jobId: new Stack(undefined, 'Other') }, 'jobId must be a string, but is the construct Other.'],
    [{ jobId: 'a', removalPolicy: '' }, 'removalPolicy "" is not one of destroy, retain, retain-on-update-or-delete.'],
    [{ jobId: 'a', region: 'Ireland' }, 'region "Ireland" is not a region such as eu-west-1.'],
    [{ jobId: 'a', timeout: Duration.seconds(NaN) }, 'timeout NaN is out of range'],
    [{ jobId: 'a', timeout: Duration.seconds(Lazy.number({ produce: () => 1 })) }, 'timeout must be known at synth'],
    [{ jobId: 'a', assumeRole: null }, 'assumeRole must be an object, but is null.'],
  ])('%j', (props, message) => {
    const stack = new Stack(undefined, 'S');
    expect(() => new JobDeletion(stack, 'Teardown', props as JobDeletionProps)).toThrow(`S/Teardown: ${message}`);
  });

  test.each<[string, Partial<JobDeletionProps>]>([
    ['JobId', { jobId: NOTHING }],
    ['NamespaceId', { namespaceId: NOTHING }],
    ['Region', { region: NOTHING }],
    ['ExternalId', { assumeRole: { roleArn: 'arn:aws:iam::222222222222:role/jobs', externalId: NOTHING } }],
  ])('a %s that resolves to nothing would be left out of the template', (name, props) => {
    const app = new App();
    const stack = new Stack(app, 'S');
    const serviceToken = 'arn:aws:lambda:us-east-1:111111111111:function:theirs';
    const provider = JobDeletionProvider.fromAttributes(stack, 'Theirs', { serviceToken });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider, ...props });
    expect(() => app.synth()).toThrow(`${name} is a token that resolves to nothing: it must have a value.`);
  });

  test('one construct instead of a list', () => {
    const stack = new Stack(undefined, 'S');
    const deleteBefore = new CfnThingGroup(stack, 'Fleet') as never;
    expect(() => new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', deleteBefore })).toThrow(
      'S/Teardown: deleteBefore must be a list of constructs, but is the construct S/Fleet.',
    );
  });

  test.each(['deleteBefore', 'deleteAfter'] as const)('%s() of no construct', (method) => {
    const deletion = new JobDeletion(new Stack(undefined, 'S'), 'Teardown', { jobId: 'ota-1' });
    expect(() => deletion[method](undefined as never)).toThrow(
      `S/Teardown: ${method} takes constructs, but was given undefined.`,
    );
  });
});

describe('values that are not known yet', () => {
  test("a lookup's dummy is noted, and the run goes on to what it must look up", () => {
    const app = new App();
    const stack = new Stack(app, 'S', { env: { account: '111111111111', region: 'eu-west-1' } });
    const dummy = StringParameter.valueFromLookup(stack, '/fleet/job');
    const provider = new JobDeletionProvider(stack, 'Provider', {
      jobIdPatterns: [dummy],
      regions: [dummy],
      assumableRoles: [dummy],
    });
    const assumeRole = { roleArn: dummy, externalId: dummy, sessionName: dummy };
    new JobDeletion(stack, 'One', { jobId: dummy, namespaceId: dummy, region: dummy, assumeRole, provider });
    new JobDeletion(stack, 'Two', { jobId: dummy });
    expect(app.synth().manifest.missing).toHaveLength(1);
    Annotations.fromStack(stack).hasError(
      '/S/One',
      Match.stringLikeRegexp('jobId "dummy-value-for-/fleet/job" is not'),
    );
  });

  test('a value that another stack looks up', () => {
    const app = new App();
    const env = { account: '111111111111', region: 'eu-west-1' };
    const dummy = StringParameter.valueFromLookup(new Stack(app, 'Other', { env }), '/fleet/job');
    expect(() => new JobDeletion(new Stack(app, 'S', { env }), 'Teardown', { jobId: dummy })).not.toThrow();
  });

  test('a dynamic reference is checked when it is deployed; the path gives the logical id', () => {
    const stack = new Stack();
    const reference = '{{resolve:ssm:/fleet/job}}';
    const provider = new JobDeletionProvider(stack, 'JobDeletionProvider', { jobIdPatterns: ['ota-*'] });
    new JobDeletion(stack, 'Teardown', { jobId: reference, namespaceId: reference, provider });
    new JobDeletion(stack, 'Again', { jobId: reference, provider });
    const ids = Object.keys(Template.fromStack(stack).findResources(TYPE));
    expect(ids).toEqual([expect.stringMatching(/^Teardown/), expect.stringMatching(/^Again/)]);
  });
});

describe('a job that a stack declares', () => {
  const newJob = (stack: Stack): CfnJob => new CfnJob(stack, 'Job', { jobId: 'ota-1', targets: ['arn'] });

  test.each<[string, (job: CfnJob) => string]>([
    ['ref', (job) => job.ref],
    ['attrArn', (job) => job.attrArn],
  ])('%s is its ARN: an error that names forJob', (_, jobId) => {
    const stack = new Stack(undefined, 'S');
    const job = newJob(stack);
    expect(() => new JobDeletion(stack, 'Teardown', { jobId: jobId(job) })).toThrow(
      'S/Teardown: jobId is a reference to S/Job, and a reference to an AWS::IoT::Job is its ARN: use ' +
        'JobDeletion.forJob(), which takes the job itself.',
    );
  });

  test('by its id: a warning that can be acknowledged', () => {
    const [warned, acknowledged] = [new Stack(undefined, 'S'), new Stack(undefined, 'S')];
    for (const stack of [warned, acknowledged]) {
      new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
      newJob(stack);
    }
    CdkAnnotations.of(acknowledged).acknowledgeWarning('cdk-iot-job-deletion:jobIsDeclared', 'It is meant so.');
    const warnings = [warned, acknowledged].map((stack) =>
      Annotations.fromStack(stack).findWarning('*', Match.anyValue()),
    );
    expect(warnings[0]).toEqual([
      expect.objectContaining({
        id: '/S/Teardown',
        entry: expect.objectContaining({
          data: expect.stringContaining('[ack: cdk-iot-job-deletion:jobIsDeclared]') as unknown,
        }) as unknown,
      }),
    ]);
    expect(warnings[1]).toEqual([]);
  });
});
