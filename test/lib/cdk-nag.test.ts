import { App, Aspects, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import * as nag2 from 'cdk-nag-2';
import { ExampleStack } from '../../bin/example-stack';
import { JobDeletion, JobDeletionProvider, type JobDeletionProviderProps } from '../../lib';

/** The example app, with these feature flags. */
function exampleApp(context: Record<string, unknown> = {}): App {
  const app = new App({ context });
  new ExampleStack(app, 'Example', { job: { jobId: 'ota-1' } });
  return app;
}

/** An app whose provider has these props; what they name is in a stack of its own. */
function appWith(props: (scope: Stack) => JobDeletionProviderProps): App {
  const app = new App();
  const env = { account: '123456789012', region: 'eu-west-1' };
  const stack = new Stack(app, 'Ours', { env });
  const provider = new JobDeletionProvider(stack, 'Provider', props(new Stack(app, 'Theirs', { env })));
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', provider });
  return app;
}

const apps: readonly (readonly [string, () => App])[] = [
  ['the example app', () => exampleApp()],
  ['log groups that CDK manages', () => exampleApp({ '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true })],
  ['minimized policies', () => exampleApp({ '@aws-cdk/aws-iam:minimizePolicies': true })],
  ['patterns', () => appWith(() => ({ jobIdPatterns: ['ota-*', 'fw-1'] }))],
  [
    'other regions and accounts',
    () => appWith(() => ({ regions: ['us-east-1'], assumableRoles: ['arn:aws:iam::210987654321:role/jobs'] })),
  ],
  [
    'a VPC',
    () =>
      appWith((scope) => {
        const availabilityZones = ['eu-west-1a', 'eu-west-1b'];
        const privateSubnetIds = ['subnet-1', 'subnet-2'];
        return {
          vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId: 'vpc-1', availabilityZones, privateSubnetIds }),
        };
      }),
  ],
  [
    'a role, a key and a log group from elsewhere',
    () =>
      appWith((scope) => ({
        role: Role.fromRoleArn(scope, 'Role', 'arn:aws:iam::123456789012:role/theirs'),
        encryptionKey: Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/theirs'),
        logGroup: LogGroup.fromLogGroupName(scope, 'LogGroup', 'theirs'),
      })),
  ],
];

const packs = (): NagPack[] => [
  new AwsSolutionsChecks(),
  new ServerlessChecks(),
  new HIPAASecurityChecks(),
  new NIST80053R4Checks(),
  new NIST80053R5Checks(),
  new PCIDSS321Checks(),
];

/** `finding at path` of every pack, in our stack: a role of theirs with our permissions is theirs. */
function findings(app: App, of = packs()): string[] {
  return of
    .flatMap((pack) => pack.validateScope(app.node.tryFindChild('Ours') ?? app).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

/** What the packs of cdk-nag 2 write, which are aspects: an error or a warning for each finding. */
function findingsOfNag2(app: App): string[] {
  const { AwsSolutionsChecks, ServerlessChecks, HIPAASecurityChecks } = nag2;
  const { NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks } = nag2;
  const all = [AwsSolutionsChecks, ServerlessChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks];
  const stack = app.node.children.find((child) => Stack.isStack(child) && child.node.id !== 'Theirs') as Stack;
  [...all, PCIDSS321Checks].forEach((Pack) => Aspects.of(stack).add(new Pack()));
  const [annotations, anything] = [Annotations.fromStack(stack), Match.anyValue()];
  return [...annotations.findError('*', anything), ...annotations.findWarning('*', anything)].map(
    ({ id, entry }) => `${(entry.data as string).split('\n')[0]} at ${id}`,
  );
}

/** What the packs would find if nobody had acknowledged anything. */
function rawFindings(app: App): string[] {
  const deaf = packs();
  deaf.forEach((pack) => Object.assign(pack, { isAcknowledged: () => false }));
  return findings(app, deaf);
}

/** Every acknowledgement, with the path of the construct that carries it. */
function acknowledgements(app: App): { readonly finding: string; readonly path: string; readonly reason: string }[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ finding: id.replace('Annotation::', ''), path: node.path, reason })),
  );
}

describe.each(apps)('%s', (_, build) => {
  test('nothing is found that is not acknowledged', () => {
    expect(findings(build())).toEqual([]);
  });

  test('cdk-nag 2 finds nothing either', () => {
    expect(findingsOfNag2(build())).toEqual([]);
  });

  test('nothing is acknowledged that would not be found', () => {
    const app = build();
    const found = rawFindings(app);
    const stale = acknowledgements(app).filter(
      ({ finding, path }) => !found.some((each) => `${each}/`.startsWith(`${finding} at ${path}/`)),
    );
    expect(stale).toEqual([]);
  });
});

test('a finding that nobody acknowledged fails the test', () => {
  const app = exampleApp();
  const role = app.node.findAll().find((each) => each instanceof Role)!;
  role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
  expect(findingsOfNag2(app)).toEqual([expect.stringContaining('AwsSolutions-IAM4')]);
  expect(findings(app)).toEqual([
    `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AdministratorAccess] at ${role.node.path}/Resource`,
  ]);
});

test('plugged in as users do: the synthesis is valid', () => {
  const app = exampleApp();
  Validations.of(app).addPlugins(...packs());
  expect(() => app.synth()).not.toThrow();
});

test('each acknowledgement says why', () => {
  const reasons = apps.flatMap(([, build]) => acknowledgements(build())).map(({ reason }) => reason);
  reasons.forEach((reason) => expect(reason).toMatch(/^[A-Z].{40,}\.$/));
});
