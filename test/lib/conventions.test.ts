import { App, type AppProps, CliCredentialsStackSynthesizer, LegacyStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { JobDeletion } from '../../lib';

function templateOf(props: AppProps = {}, change: (stack: Stack) => void = () => undefined): Template {
  const stack = new Stack(new App(props), 'S');
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
  change(stack);
  return Template.fromStack(stack);
}

const flags: Readonly<Record<string, unknown>> = recommended;
/** One of them is a list, which has no off. */
const off = Object.fromEntries(Object.entries(flags).flatMap(([name, on]) => (on === true ? [[name, false]] : [])));

test.each<readonly [string, AppProps['context']]>([
  ['all flags that `cdk init` sets', flags],
  ['all of them off', off],
  ...Object.entries(flags).map(([name, value]) => [`only ${name}`, { ...off, [name]: value }] as const),
])('%s: the same 7 resources', (_, context) => {
  const { Resources } = templateOf({ context }).toJSON() as { Resources: Readonly<Record<string, { Type: string }>> };
  expect(Object.values(Resources).map(({ Type }) => Type)).toHaveLength(7);
});

test.each<readonly [string, AppProps]>([
  ['the legacy synthesizer', { defaultStackSynthesizer: new LegacyStackSynthesizer() }],
  ["the CLI's credentials", { defaultStackSynthesizer: new CliCredentialsStackSynthesizer() }],
  ['newStyleStackSynthesis off', { context: { '@aws-cdk/core:newStyleStackSynthesis': false } }],
])('%s', (_, props) => {
  expect(() => templateOf(props).resourceCountIs('Custom::IoTJobDeletion', 1)).not.toThrow();
});

test('a permissions boundary reaches both roles', () => {
  const template = templateOf({}, (stack) =>
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary')),
  );
  template.resourcePropertiesCountIs('AWS::IAM::Role', { PermissionsBoundary: Match.anyValue() }, 2);
  template.resourceCountIs('AWS::IAM::Role', 2);
});

test.each(['AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::StepFunctions::StateMachine'])(
  "a stack's tags reach each %s",
  (type) => {
    const template = templateOf({}, (stack) => Tags.of(stack).add('team', 'fleet'));
    const all = Object.keys(template.findResources(type)).length;
    expect(all).toBeGreaterThan(0);
    template.resourcePropertiesCountIs(type, { Tags: Match.arrayWith([{ Key: 'team', Value: 'fleet' }]) }, all);
  },
);
