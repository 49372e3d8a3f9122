import { App, CfnParameter, Duration, NestedStack, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
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
      'S/Two: the stack already deletes the job "ota-1", at S/One: one JobDeletion for each job.',
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
    [{ removalPolicy: RemovalPolicy.SNAPSHOT }, 'S/Teardown: removalPolicy SNAPSHOT: AWS IoT has no snapshots of jobs'],
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
    const provider = new JobDeletionProvider(stack, 'Ota', { jobIds: ['ota-*', 'fw-?'] });
    new JobDeletion(stack, 'In', { jobId: 'fw-7', provider });
    expect(() => new JobDeletion(stack, 'Out', { jobId: 'fw-77', provider })).toThrow(
      'S/Out: jobId "fw-77" is outside what the provider S/Ota may touch: ' +
        "add a pattern that covers it to the provider's jobIds (fw-?, ota-*).",
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
    const assumeRole = { roleArn: role, externalId: 'x', sessionName: 'teardown' };
    const [deletion] = elsewhere({ region: 'eu-west-1', assumeRole }) as [JobDeletion];
    const stack = Stack.of(deletion);
    expect(stack.resolve(deletion.jobArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iot:eu-west-1:222222222222:job/ota-1']],
    });
    Template.fromStack(stack).hasResourceProperties('Custom::IoTJobDeletion', {
      Region: 'eu-west-1',
      AssumeRole: { RoleArn: role, ExternalId: 'x', SessionName: 'teardown' },
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
});
