import { CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import { synthesize, TAKEN } from '../e2e/world';
import { type DeletionSpec, GROUP, type SelectionSpec, type StackSpec, type SweepSpec } from './program';

type Resources = Record<string, Record<string, unknown>>;

/** One deletion may take five minutes of a program's time. */
const TIMEOUT = Duration.minutes(5);

/** What CDK synthesizes for a stack. */
export function synthesized({ patterns, deletions, token, tokenId, sweep, fails }: StackSpec): SynthesizedStack {
  const result = synthesize((stack) => {
    const provider = new JobDeletionProvider(stack, 'JobDeletionProvider', { jobIdPatterns: [...patterns] });
    const parameter = token === undefined ? undefined : new CfnParameter(stack, 'Job');
    for (const [jobId, { retain, ...spec }] of Object.entries(deletions)) {
      new JobDeletion(stack, jobId === token ? tokenId : jobId, {
        ...spec,
        jobId: jobId === token ? parameter!.valueAsString : jobId,
        removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        timeout: TIMEOUT,
        provider,
      });
    }
    if (sweep) {
      const { id, selection, retain, ...spec } = sweep;
      new JobSweep(stack, id, {
        ...spec,
        jobs: selectionOf(selection, spec.namespaceId),
        removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        timeout: TIMEOUT,
        provider,
      });
    }
  });
  if (fails) {
    const resources = result.template.Resources as Resources;
    const all = Object.keys(resources).filter((id) => deletesJobs(resources[id]!));
    resources.Taken = { Type: 'AWS::IoT::Thing', Properties: { ThingName: TAKEN }, DependsOn: all };
  }
  return result;
}

function selectionOf(selection: SelectionSpec, namespaceId: string | undefined): JobSelection {
  if ('jobIds' in selection) {
    return JobSelection.ids([...selection.jobIds]);
  }
  const { prefix, app } = selection;
  return JobSelection.matching({ jobIdPrefix: prefix, tags: app === undefined ? undefined : { app }, namespaceId });
}

function deletesJobs({ Type }: Resources[string]): boolean {
  return Type === 'Custom::IoTJobDeletion' || Type === 'Custom::IoTJobSweep';
}

const parts = new Map<string, SynthesizedStack>();

function part(spec: StackSpec): SynthesizedStack {
  const key = JSON.stringify(spec);
  const known = parts.get(key) ?? synthesized(spec);
  parts.set(key, known);
  return known;
}

/** A resource like any other: they differ in their properties alone, and CDK takes a while for each. */
const PLAIN: DeletionSpec = { force: true, cancelFirst: false, deleteOnRollback: false, retain: false };
const PLAIN_SWEEP = { ...PLAIN, selection: { prefix: 'job-' }, maxJobs: 1000 };

/** What differs between sweeps. */
function selectionProperties({ selection, maxJobs }: SweepSpec): Readonly<Record<string, unknown>> {
  if ('jobIds' in selection) {
    return { JobIds: selection.jobIds };
  }
  const { prefix, app, grouped, statuses } = selection;
  return {
    JobIdPrefix: prefix,
    Tags: app === undefined ? undefined : { app },
    ThingGroupName: grouped && GROUP,
    Statuses: statuses,
    MaxJobs: maxJobs,
  };
}

/** The one resource, with these properties. */
function changed(
  resources: Resources,
  spec: DeletionSpec,
  selection: Readonly<Record<string, unknown>> = {},
): Resources {
  const [[logicalId, resource] = []] = Object.entries(resources);
  const own = {
    Force: spec.force,
    CancelFirst: spec.cancelFirst,
    DeleteOnRollback: spec.deleteOnRollback,
    Revision: spec.revision,
    NamespaceId: spec.namespaceId,
    ...selection,
  };
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  const policy = spec.retain ? 'Retain' : 'Delete';
  const Properties = { ...(resource!.Properties as object), ...Object.fromEntries(given) };
  return { [logicalId!]: { ...resource, Properties, DeletionPolicy: policy, UpdateReplacePolicy: policy } };
}

/** The resource of such a sweep, with the properties of this one. */
function sweeping(resources: Resources, sweep: SweepSpec): Resources {
  const [[logicalId, resource] = []] = Object.entries(resources);
  const Properties = { ...(resource!.Properties as Record<string, unknown>) };
  delete Properties.JobIdPrefix;
  delete Properties.MaxJobs;
  return changed({ [logicalId!]: { ...resource, Properties } }, sweep, selectionProperties(sweep));
}

/** The same, put together from parts that were synthesized before: one deletion, or sweep, is exactly one resource. */
export function composed({ patterns, deletions, token, tokenId, sweep, fails, declared }: StackSpec): SynthesizedStack {
  const nothing: StackSpec = { patterns, deletions: {}, tokenId: 'Token', fails: false };
  const base = part(nothing);
  const resources: Resources = { ...(base.template.Resources as Resources) };
  const alone = (spec: Partial<StackSpec>): Resources => {
    const all = Object.entries(part({ ...nothing, ...spec }).template.Resources as Resources);
    return Object.fromEntries(all.filter(([, resource]) => deletesJobs(resource)));
  };
  const of = (jobId: string, spec: DeletionSpec): Resources => {
    const isToken = jobId === token;
    const id = isToken ? 'token' : jobId;
    return changed(alone({ deletions: { [id]: PLAIN }, ...(isToken ? { token: id, tokenId } : {}) }), spec);
  };
  const deleting = [
    ...Object.entries(deletions).map(([jobId, spec]) => of(jobId, spec)),
    ...(sweep ? [sweeping(alone({ sweep: { ...PLAIN_SWEEP, id: sweep.id } }), sweep)] : []),
  ];
  Object.assign(resources, ...deleting);
  if (declared !== undefined) {
    const Targets = [`arn:aws:iot:us-east-1:123456789012:thinggroup/${GROUP}`];
    resources.Declared = { Type: 'AWS::IoT::Job', Properties: { JobId: declared, Targets, Document: '{}' } };
  }
  if (fails) {
    const all = deleting.flatMap((resource) => Object.keys(resource));
    resources.Taken = { Type: 'AWS::IoT::Thing', Properties: { ThingName: TAKEN }, DependsOn: all };
  }
  const parameters = { ...(base.template.Parameters as object), ...(token ? { Job: { Type: 'String' } } : {}) };
  return { ...base, template: { ...base.template, Parameters: parameters, Resources: resources } };
}
