import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import { type SynthesizedStack, synthesizedStack } from '../../local/assembly';
import { TAKEN } from '../e2e/world';
import type { DeletionSpec, StackSpec } from './program';

type Resources = Record<string, Record<string, unknown>>;

/** One deletion may take five minutes of a program's time. */
const TIMEOUT = Duration.minutes(5);

/** What CDK synthesizes for a stack. */
export function synthesized({ patterns, deletions, token, fails }: StackSpec): SynthesizedStack {
  const app = new App();
  const stack = new Stack(app, 'S');
  const provider = new JobDeletionProvider(stack, 'JobDeletionProvider', { jobIds: [...patterns] });
  const parameter = token === undefined ? undefined : new CfnParameter(stack, 'Job');
  for (const [jobId, { retain, ...spec }] of Object.entries(deletions)) {
    new JobDeletion(stack, jobId === token ? 'Token' : jobId, {
      ...spec,
      jobId: jobId === token ? parameter!.valueAsString : jobId,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      timeout: TIMEOUT,
      provider,
    });
  }
  const result = synthesizedStack(app.synth(), 'S');
  if (fails) {
    const resources = result.template.Resources as Resources;
    const all = Object.keys(resources).filter((id) => resources[id]!.Type === 'Custom::IoTJobDeletion');
    resources.Taken = { Type: 'AWS::IoT::Thing', Properties: { ThingName: TAKEN }, DependsOn: all };
  }
  return result;
}

const parts = new Map<string, SynthesizedStack>();

function part(spec: StackSpec): SynthesizedStack {
  const key = JSON.stringify(spec);
  const known = parts.get(key) ?? synthesized(spec);
  parts.set(key, known);
  return known;
}

/** The same, put together from parts that were synthesized before: one deletion is exactly one resource. */
export function composed({ patterns, deletions, token, fails }: StackSpec): SynthesizedStack {
  const base = part({ patterns, deletions: {}, fails: false });
  const resources: Resources = { ...(base.template.Resources as Resources) };
  const of = (jobId: string, spec: DeletionSpec): Resources => {
    const alone: StackSpec = {
      patterns,
      deletions: { [jobId]: spec },
      token: jobId === token ? jobId : undefined,
      fails: false,
    };
    const all = Object.entries(part(alone).template.Resources as Resources);
    return Object.fromEntries(all.filter(([, { Type }]) => Type === 'Custom::IoTJobDeletion'));
  };
  const deleting = Object.entries(deletions).map(([jobId, spec]) => of(jobId, spec));
  Object.assign(resources, ...deleting);
  if (fails) {
    const all = deleting.flatMap((resource) => Object.keys(resource));
    resources.Taken = { Type: 'AWS::IoT::Thing', Properties: { ThingName: TAKEN }, DependsOn: all };
  }
  const parameters = { ...(base.template.Parameters as object), ...(token ? { Job: { Type: 'String' } } : {}) };
  return { ...base, template: { ...base.template, Parameters: parameters, Resources: resources } };
}
