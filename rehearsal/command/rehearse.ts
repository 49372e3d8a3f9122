import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Account, LocalAws, StackEvent } from '../../local';
import { progressOf } from '../progress';
import { Recorder } from '../recorder';
import { conclude, type DeletionResult, type Limits, type Operation, type Recording, type Result } from '../result';
import type { Terminal } from '../terminal';
import { failuresWithActiveJobs } from './active-jobs';
import { declaredDeletions, deployedDeletions, type DeployedStack, resourcesOf } from './deletions';
import { Evidence } from './evidence';
import { requireExported, withImportOrder } from './import-order';
import { RehearsedJobs } from './jobs';
import { leftOut } from './left-out';
import { NOT_CHECKED, tellStubs, warningsOf } from './limits';
import type { Options } from './options';
import { JobPlaces } from './places';
import { requireDeployable } from './refusals';
import { deploy, labelOf, onStage, type Stage, type Time } from './stage';
import { byAccount, chosenStacks, isAgnostic, isEmpty, type StackToRehearse, withParameters } from './stacks';
import { requireUsed, type UsedNames } from './used-names';

/** A rehearsal of an app's stacks: what happened, and what it showed. */
export interface Rehearsal {
  readonly recording: Recording;
  readonly result: Result;
}

/** What was found out about one account and region. */
interface Findings extends UsedNames, Pick<Limits, 'conditions' | 'stubs' | 'warnings' | 'leftOut'> {
  readonly recording: Recording;
  readonly deletions: readonly DeletionResult[];
  readonly expectations: ReadonlyMap<string, 'deleted' | 'kept'>;
}

/** Rehearses the stacks of an app, one account and region after the other. */
export async function rehearse(
  assembly: CloudAssembly,
  /** Where the stacks go that name no account or region. */
  defaultHome: Account,
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
  time: Time = {},
): Promise<Rehearsal> {
  const chosen = chosenStacks(assembly, options.stacks);
  requireDeployable(assembly, chosen);
  chosen.filter(isEmpty).forEach(({ displayName }) => terminal.line(`${displayName}: no resources, skipped`));
  const stacks = withParameters(chosen, options.parameters).filter(({ artifact }) => !isEmpty(artifact));
  for (const { key } of assembly.manifest.missing ?? []) {
    terminal.line(`Not in cdk.context.json, so CDK made it up: ${key}`);
  }
  const places = byAccount(stacks, defaultHome);
  const findings: Findings[] = [];
  for (const [home, here] of places) {
    const stage = { assembly, home, isOneOfMany: places.length > 1, stacks: here, options, terminal, signal, time };
    terminal.heading(`Account ${home.accountId}, ${home.region}`);
    tellAgnostic(here, terminal);
    findings.push(await rehearseIn(stage));
  }
  if (findings.every(({ recording }) => recording.operations.every(isAsExpected))) {
    requireUsed(options, findings);
  }
  return concluded(findings);
}

/** Deploys the stacks, makes the jobs that pipelines and consoles would have made, and destroys the stacks. */
async function rehearseIn(stage: Stage): Promise<Findings> {
  return onStage(stage, async (aws, signal) => {
    const { home, isOneOfMany, options, stacks, terminal } = stage;
    const recorder = new Recorder(aws, terminal, signal, home);
    const deployed: DeployedStack[] = [];
    const toDestroy: DeployedStack[] = [];
    for (const stack of stacks) {
      const label = labelOf(stage, stack);
      const ended = await recorder.operate(
        { name: `deploy ${label}`, stack: label, expected: 'CREATE_COMPLETE' },
        async () => {
          requireExported(stack, stacks);
          return deploy(stage, aws, stack);
        },
        (operation) => withWhere(operation, stack),
      );
      const { artifact } = stack;
      const there = { artifact, label, id: idOf(aws, artifact.stackName) ?? '' };
      toDestroy.push(...(there.id === '' || ended.status === 'STOPPED' ? [] : [there]));
      if (ended.status !== ended.expected) {
        break;
      }
      deployed.push(there);
    }
    tellStubs(aws.stubs, terminal);
    const { stubs, conditions } = { stubs: [...aws.stubs], conditions: [...aws.conditions] };

    const places = new JobPlaces(aws, home, isOneOfMany);
    const deletions = deployedDeletions(aws, home, deployed, places);
    const undeployedDeletions = leftOut(aws, stage.assembly, deployed);
    const groups = deployed
      .flatMap(({ id }) => resourcesOf(aws, id))
      .filter(({ type, physicalId }) => type === 'AWS::IoT::ThingGroup' && physicalId !== undefined)
      .map(({ physicalId }) => physicalId!);
    const jobs = new RehearsedJobs(deletions, options, { at: places.own, names: groups });
    const withActiveJobs = failuresWithActiveJobs(stage, deletions);
    jobs.make();
    if (jobs.all.length > 0) {
      terminal.heading('Jobs, as pipelines and consoles would have made them');
      jobs.all.forEach(({ name, job: { status }, isDecoy }) =>
        terminal.line(`${name}: ${status}${isDecoy ? ', to be kept' : ''}`),
      );
    }

    const evidence = new Evidence(deletions, jobs);
    const own = jobs.all
      .filter(({ expected }) => expected === 'deleted')
      .map(({ at, job }) => ({ iot: at.iot, jobId: job.jobId }));
    for (const { artifact, label, id } of toDestroy.reverse()) {
      evidence.destroyBegins(id);
      let events: readonly StackEvent[] = [];
      const plan = {
        name: `destroy ${label}`,
        stack: label,
        expected: 'DELETE_COMPLETE',
        progress: () => progressOf(own),
      };
      const ended = await recorder.operate(
        plan,
        async () => {
          requireUnprotected(artifact);
          const operation = await aws.cloudFormation.deleteStack({ stackName: id });
          events = operation.events;
          return operation;
        },
        (operation) => {
          evidence.destroyEnded(id, operation, events);
          const { reason } = operation;
          return evidence.explained(id, { ...operation, reason: reason && withImportOrder(reason, label) });
        },
      );
      if (ended.status !== ended.expected) {
        break;
      }
    }
    terminal.line('');
    evidence.checks.forEach(({ what, holds }) => recorder.check(what, holds));
    const iots = new Map([places.own, ...jobs.all.map(({ at }) => at)].map(({ iot, place }) => [iot, place]));
    const undeployed = stacks.filter(({ artifact }) => !deployed.some((each) => each.artifact === artifact));
    return {
      recording: recorder.recording(iots, !isOneOfMany),
      deletions: [
        ...evidence.results,
        ...undeployed.flatMap((stack) =>
          declaredDeletions(stack.artifact, labelOf(stage, stack), home).map((each) => ({
            ...each,
            result: 'NOT_TESTED' as const,
            reason: 'its stack was not deployed',
            jobs: [],
          })),
        ),
      ],
      expectations: new Map(jobs.all.map(({ name, expected }) => [name, expected])),
      stubs,
      conditions,
      warnings: [
        ...(await withActiveJobs),
        ...jobs.shaped,
        ...undeployedDeletions,
        ...warningsOf(stage, deletions, stubs, conditions),
      ],
      leftOut: undeployedDeletions,
      unusedJobs: jobs.unused,
      thingGroups: deletions.flatMap(({ selection }) =>
        'filter' in selection ? (selection.filter.thingGroupName ?? []) : [],
      ),
      jobIds: jobs.all.filter(({ isDecoy }) => !isDecoy).map(({ job }) => job.jobId),
    };
  });
}

/** An account and a region that nobody named are only two of those that there are. */
function tellAgnostic(stacks: readonly StackToRehearse[], terminal: Terminal): void {
  const names = stacks.filter(({ artifact }) => isAgnostic(artifact)).map(({ artifact }) => artifact.displayName);
  if (names.length > 0) {
    terminal.line(
      `CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION decide where these stacks are rehearsed: ${names.join(', ')}`,
    );
  }
}

/** What a template looks up by an account or a region may be there for another one. */
function withWhere(operation: Operation, { artifact }: StackToRehearse): Operation {
  const isLookUp = /Unable to get mapping for /.test(operation.reason ?? '');
  const reason = `${operation.reason}. The stack names no account or region: set CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION.`;
  return isLookUp && isAgnostic(artifact) ? { ...operation, reason } : operation;
}

/** `cdk destroy` is refused as well. */
function requireUnprotected({ terminationProtection, stackName }: StackToRehearse['artifact']): void {
  if (terminationProtection) {
    throw new Error(
      `Stack [${stackName}] cannot be deleted while TerminationProtection is enabled. ` +
        'In the app: deploy it with terminationProtection: false before.',
    );
  }
}

function isAsExpected({ status, expected }: Operation): boolean {
  return status === expected;
}

function concluded(findings: readonly Findings[]): Rehearsal {
  const all = <Key extends keyof Findings>(key: Key): Findings[Key] =>
    findings.flatMap((each) => each[key] as readonly unknown[]) as unknown as Findings[Key];
  const recordings = findings.map(({ recording }) => recording);
  const recording: Recording = {
    operations: recordings.flatMap(({ operations }) => operations),
    checks: recordings.flatMap(({ checks }) => checks),
    events: recordings.flatMap(({ events }) => events),
    histories: recordings.flatMap(({ histories }) => histories),
    calls: recordings.flatMap(({ calls }) => calls),
    home: recordings.length === 1 ? recordings[0]!.home : undefined,
  };
  const limits: Limits = {
    conditions: all('conditions'),
    stubs: all('stubs'),
    warnings: all('warnings'),
    leftOut: all('leftOut'),
    notChecked: NOT_CHECKED,
  };
  const expectations = new Map(findings.flatMap((each) => [...each.expectations]));
  return { recording, result: conclude(recording, all('deletions'), expectations, limits) };
}

function idOf(aws: LocalAws, stackName: string): string | undefined {
  try {
    return aws.cloudFormation.stack(stackName).id;
  } catch {
    return undefined;
  }
}
