import { App, CfnParameter, CfnResource, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { type IJobDeletionProvider, JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';

const env = { account: '111111111111', region: 'eu-west-1' };
const SERVICE_TOKEN = 'arn:aws:lambda:eu-west-1:111111111111:function:theirs';
const FLAG = '@aws-cdk/core:defaultCrossStackReferences';

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly ServiceToken: unknown };
}

/** Our custom resources in a stack, by logical id. */
function customResources(stack: Stack): Record<string, Resource> {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> };
  return Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type.startsWith('Custom::')));
}

const serviceToken = (stack: Stack): unknown => Object.values(customResources(stack))[0]!.Properties.ServiceToken;

/** One of each kind of resource: a literal id, a token, and a sweep. */
function useAll(scope: Construct, provider?: IJobDeletionProvider): void {
  const job = new CfnParameter(scope, 'Job').valueAsString;
  new JobDeletion(scope, 'Literal', { jobId: 'ota-1', provider });
  new JobDeletion(scope, 'Token', { jobId: job, provider });
  new JobSweep(scope, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }), provider });
}

function logicalIds(provider?: (stack: Stack) => IJobDeletionProvider): string[] {
  const stack = new Stack(new App(), 'S', { env });
  useAll(stack, provider?.(stack));
  return Object.keys(customResources(stack));
}

describe('another provider is another resource: CloudFormation refuses to change a ServiceToken', () => {
  const app = (stack: Stack): App => stack.node.root as App;
  const own = (stack: Stack): JobDeletionProvider => new JobDeletionProvider(stack, 'JobDeletionProvider');
  const elsewhere = (stack: Stack, name: string, id = 'Provider'): JobDeletionProvider =>
    new JobDeletionProvider(new Stack(app(stack), name, { env }), id);
  const imported = (stack: Construct, token: string, id = 'Import'): IJobDeletionProvider =>
    JobDeletionProvider.fromAttributes(stack, id, { serviceToken: token });

  const providers: Record<string, ((stack: Stack) => IJobDeletionProvider) | undefined> = {
    default: undefined,
    'one of the stack': (stack) => new JobDeletionProvider(stack, 'One'),
    'another of the stack': (stack) => new JobDeletionProvider(stack, 'Other'),
    "a stack's": (stack) => elsewhere(stack, 'Platform'),
    "another stack's": (stack) => elsewhere(stack, 'Core'),
    'renamed there': (stack) => elsewhere(stack, 'Platform', 'Renamed'),
    'in a nested stack': (stack) =>
      new JobDeletionProvider(new NestedStack(new Stack(app(stack), 'Platform', { env }), 'Nested'), 'Provider'),
    'in another nested stack': (stack) =>
      new JobDeletionProvider(new NestedStack(new Stack(app(stack), 'Platform', { env }), 'Nested2'), 'Provider'),
    imported: (stack) => imported(stack, SERVICE_TOKEN),
    'another import': (stack) => imported(stack, `${SERVICE_TOKEN}2`),
    'an import of a token': (stack) => imported(stack, Fn.importValue('theirs')),
  };

  test('each of them gives other logical ids, for literal ids, tokens and sweeps', () => {
    const ids = Object.values(providers).map(logicalIds);
    expect(ids.map((each) => each.length)).toEqual(ids.map(() => 3));
    expect(new Set(ids.flat()).size).toBe(ids.length * 3);
  });

  test.each(Object.entries(providers))('%s: the same app gives the same ids', (_, provider) => {
    expect(logicalIds(provider)).toEqual(logicalIds(provider));
  });

  test("the stack's own is the default, whoever makes it", () => {
    expect(logicalIds(own)).toEqual(logicalIds());
    expect(logicalIds((stack) => JobDeletionProvider.getOrCreate(new Construct(stack, 'Fleet')))).toEqual(logicalIds());
  });

  test('where an import is, and what it is called, is no difference', () => {
    expect(logicalIds((stack) => imported(new Construct(stack, 'A'), SERVICE_TOKEN, 'B'))).toEqual(
      logicalIds(providers.imported),
    );
  });

  test("the logical id of the default provider's function may never change", () => {
    const stack = new Stack(undefined, 'S');
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function'))).toMatchInlineSnapshot(`
     [
       "JobDeletionProviderHandlerDB8E2175",
     ]
    `);
    expect(Object.keys(customResources(stack))).toMatchInlineSnapshot(`
     [
       "JobDeletionota1A3492660",
     ]
    `);
  });
});

describe("another stack's provider is exported", () => {
  test.each([[undefined], ['strong'], ['weak'], ['both']])('%s references: strong', (strength) => {
    const app = new App({ context: strength ? { [FLAG]: strength } : {} });
    const [platform, fleet] = ['Platform', 'Fleet'].map((name) => new Stack(app, name, { env })) as [Stack, Stack];
    useAll(fleet, new JobDeletionProvider(platform, 'Provider'));
    const tokens = Object.values(customResources(fleet)).map(({ Properties }) => Properties.ServiceToken);
    const exported = Object.values(Template.fromStack(platform).findOutputs('*')) as { Export?: { Name: string } }[];
    const names = exported.flatMap(({ Export }) => Export?.Name ?? []);
    expect(names).toHaveLength(1);
    expect(tokens).toEqual([1, 2, 3].map(() => ({ 'Fn::ImportValue': names[0] })));
    expect(fleet.dependencies).toEqual([platform]);
    expect(JSON.stringify(Template.fromStack(fleet).toJSON())).not.toContain('Fn::GetStackOutput');
  });

  test.each([[undefined], ['weak'], ['both']])('one in a nested stack, %s references: strong', (strength) => {
    const app = new App({ context: strength ? { [FLAG]: strength } : {} });
    const [platform, fleet] = ['Platform', 'Fleet'].map((name) => new Stack(app, name, { env })) as [Stack, Stack];
    const nested = new NestedStack(new NestedStack(platform, 'Outer'), 'Inner');
    new JobDeletion(fleet, 'Teardown', { jobId: 'ota-1', provider: new JobDeletionProvider(nested, 'Provider') });
    expect(serviceToken(fleet)).toEqual({ 'Fn::ImportValue': expect.stringMatching(/^Platform:/) as unknown });
  });

  test('one in a nested stack, weak references, and an aws-cdk-lib that cannot make them strong: an error', () => {
    const app = new App({ context: { [FLAG]: 'weak' } });
    const [platform, fleet] = ['Platform', 'Fleet'].map((name) => new Stack(app, name, { env })) as [Stack, Stack];
    const provider = new JobDeletionProvider(new NestedStack(platform, 'Nested'), 'Provider');
    const { prototype } = CfnResource;
    const apply = Object.getOwnPropertyDescriptor(prototype, 'applyCrossStackReferenceStrength')!;
    Object.defineProperty(prototype, 'applyCrossStackReferenceStrength', { value: undefined, configurable: true });
    try {
      expect(() => new JobDeletion(fleet, 'Teardown', { jobId: 'ota-1', provider })).toThrow(
        'Fleet/Teardown: the provider is in a nested stack, and this aws-cdk-lib makes "weak" references to it, which',
      );
    } finally {
      Object.defineProperty(prototype, 'applyCrossStackReferenceStrength', apply);
    }
  });

  test('a nested stack of the same stack gets it as a parameter, its parent as an output', () => {
    const stack = new Stack(new App(), 'S', { env });
    const nested = new NestedStack(stack, 'Nested');
    new JobDeletion(nested, 'A', { jobId: 'ota-1', provider: new JobDeletionProvider(stack, 'Outside') });
    new JobDeletion(stack, 'B', { jobId: 'ota-2', provider: new JobDeletionProvider(nested, 'Inside') });
    expect(serviceToken(nested)).toEqual({ Ref: expect.stringContaining('Outside') as unknown });
    expect(serviceToken(stack)).toEqual({ 'Fn::GetAtt': [expect.any(String), expect.stringMatching(/^Outputs\./)] });
  });

  test('a nested stack of another stack imports it', () => {
    const app = new App();
    const provider = new JobDeletionProvider(new Stack(app, 'Platform', { env }), 'Provider');
    const nested = new NestedStack(new Stack(app, 'Fleet', { env }), 'Nested');
    new JobDeletion(nested, 'Teardown', { jobId: 'ota-1', provider });
    expect(serviceToken(nested)).toEqual({ 'Fn::ImportValue': expect.stringMatching(/^Platform:/) as unknown });
  });

  test.each([{ ...env, region: 'us-east-1' }, { ...env, account: '222222222222' }, {}])(
    'one of %j: an error',
    (other) => {
      const app = new App();
      const provider = new JobDeletionProvider(new Stack(app, 'Platform', { env: other }), 'Provider');
      const fleet = new Stack(app, 'Fleet', { env });
      expect(() => new JobDeletion(fleet, 'Teardown', { jobId: 'ota-1', provider })).toThrow(
        'Fleet/Teardown: the provider Platform/Provider is in another account or region.',
      );
    },
  );

  test('exported for a deployment longer than it is used, as a removal in two deployments needs', () => {
    const app = new App();
    const platform = new Stack(app, 'Platform', { env });
    const provider = new JobDeletionProvider(platform, 'Provider');
    const used = new Stack(app, 'Fleet', { env });
    new JobDeletion(used, 'Teardown', { jobId: 'ota-1', provider });
    const alone = new Stack(new App(), 'Platform', { env });
    alone.exportValue(new JobDeletionProvider(alone, 'Provider').serviceToken);
    expect(Template.fromStack(alone).findOutputs('*')).toEqual(Template.fromStack(platform).findOutputs('*'));
  });
});

describe('an imported provider', () => {
  test.each([
    ['region', 'arn:aws:lambda:us-east-1:111111111111:function:theirs'],
    ['account', 'arn:aws:lambda:eu-west-1:222222222222:function:theirs'],
  ])('of another %s', (_, serviceToken) => {
    const place = { account: '111111111111', region: 'eu-west-1' };
    const stack = new Stack(new App(), 'S', { env: place });
    const provider = JobDeletionProvider.fromAttributes(stack, 'Theirs', { serviceToken });
    expect(() => new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider })).toThrow(
      `S/Teardown: the provider ${serviceToken} is in another account or region than the stack (111111111111, eu-west-1).`,
    );
  });

  test('whose lists are known only at deployment may touch any job', () => {
    const stack = new Stack(new App(), 'S', { env });
    const jobIdPatterns = Fn.split(',', Fn.importValue('Patterns'));
    const provider = JobDeletionProvider.fromAttributes(stack, 'Theirs', {
      serviceToken: SERVICE_TOKEN,
      jobIdPatterns,
    });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider });
    expect(serviceToken(stack)).toBe(SERVICE_TOKEN);
  });

  test('what is not given is not checked', () => {
    const stack = new Stack(new App(), 'S', { env });
    const provider = JobDeletionProvider.fromAttributes(stack, 'Theirs', { serviceToken: SERVICE_TOKEN });
    const assumeRole = { roleArn: 'arn:aws:iam::222222222222:role/jobs' };
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', region: 'us-east-1', assumeRole, provider });
    expect(serviceToken(stack)).toBe(SERVICE_TOKEN);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources as object)).toHaveLength(1);
  });

  test('what is given is checked', () => {
    const stack = new Stack(new App(), 'S', { env });
    const assumeRole = { roleArn: 'arn:aws:iam::222222222222:role/jobs' };
    const provider = JobDeletionProvider.fromAttributes(stack, 'Theirs', {
      serviceToken: SERVICE_TOKEN,
      jobIdPatterns: ['ota-*'],
      regions: [],
      assumableRoles: [],
    });
    const make = (id: string, props: object): JobDeletion =>
      new JobDeletion(stack, id, { jobId: 'ota-1', provider, ...props });
    expect(() => make('A', { jobId: 'fw-1' })).toThrow(
      'S/A: jobId "fw-1" is outside what the provider S/Theirs may touch',
    );
    expect(() => make('B', { region: 'us-east-1' })).toThrow(
      'S/B: region "us-east-1" is not one of the provider S/Theirs',
    );
    expect(() => make('C', { assumeRole })).toThrow(
      'S/C: the role "arn:aws:iam::222222222222:role/jobs" is not one that',
    );
  });

  test.each<[object | undefined, string]>([
    [undefined, 'attributes must be an object, but is undefined.'],
    [{}, 'serviceToken must be a string, but is undefined.'],
    [{ serviceToken: 'theirs' }, 'serviceToken "theirs" is not the ARN of a function, without a version or alias.'],
    [
      { serviceToken: `${SERVICE_TOKEN}:1` },
      `serviceToken "${SERVICE_TOKEN}:1" is not the ARN of a function, without a version or alias.`,
    ],
    [{ serviceToken: SERVICE_TOKEN, regions: 'all' }, 'regions must be a list of strings, but is "all".'],
  ])('%j', (attributes, message) => {
    const stack = new Stack(undefined, 'S');
    expect(() => JobDeletionProvider.fromAttributes(stack, 'Theirs', attributes as never)).toThrow(
      `S/Theirs: ${message}`,
    );
  });
});

test.each([
  [null, 'metricJobsKept: props must be an object, but is null.'],
  [42, 'metricJobsKept: props must be an object, but is 42.'],
  [{ period: 300 }, 'metricJobsKept: period must be a Duration, but is 300.'],
  [{ statistic: 5 }, 'metricJobsKept: statistic must be a string, but is 5.'],
])('a metric with %j: %s', (props, message) => {
  const provider = new JobDeletionProvider(new Stack(), 'Mine');
  expect(() => provider.metricJobsKept(props as never)).toThrow(message);
});

test('metrics: of the provider by its function, of a sweep by its stack and logical id', () => {
  const stack = new Stack(new App(), 'S', { env });
  const provider = new JobDeletionProvider(stack, 'Provider');
  const theirs = JobDeletionProvider.fromAttributes(stack, 'Theirs', { serviceToken: SERVICE_TOKEN });
  const sweep = new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }), provider });
  const metrics = [provider, theirs, sweep].flatMap((each) => [
    each.metricFailedDeletions(),
    each.metricJobsDeleted(),
    each.metricJobsKept(),
    each.metricDeletionTime(),
    each.metricWaitForSlot(),
  ]);
  const [sweepId] = Object.entries(customResources(stack)).flatMap(([id, { Type }]) =>
    Type.endsWith('Sweep') ? id : [],
  );
  const told = metrics.map(({ namespace, metricName, statistic, dimensions }) => ({
    what: `${namespace} ${metricName} ${statistic}`,
    of: stack.resolve(dimensions) as unknown,
  }));
  const whats = [
    'FailedDeletions Sum',
    'JobsDeleted Sum',
    'JobsKept Sum',
    'DeletionTime Average',
    'WaitForSlot Maximum',
  ];
  const of = [
    { Function: { Ref: stack.getLogicalId(provider.handler.node.defaultChild as CfnResource) } },
    { Function: 'theirs' },
    { StackName: 'S', LogicalId: sweepId },
  ];
  expect(told).toEqual(of.flatMap((each) => whats.map((what) => ({ what: `IoTJobDeletion ${what}`, of: each }))));
  expect(provider.metricFailedDeletions({ statistic: 'max', label: 'bad' })).toMatchObject({
    statistic: 'Maximum',
    label: 'bad',
  });
});
