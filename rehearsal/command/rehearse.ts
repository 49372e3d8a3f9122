import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type Account, type LocalAws, nestedTemplates, type Stub, synthesizedStack } from '../../local';
import { onLocalAws } from '../local-session';
import { Recorder } from '../recorder';
import { jobName, type Recording } from '../result';
import type { Terminal } from '../terminal';
import { stackJobs } from './jobs';
import type { Options } from './options';
import { REGIONS } from './places';
import { byAccount, chosenStacks, type StackToRehearse, withParameters } from './stacks';

/** Rehearses the stacks of an app, one account and region after the other. */
export async function rehearse(assembly: CloudAssembly, options: Options, terminal: Terminal): Promise<Recording> {
  const stacks = withParameters(chosenStacks(assembly, options.stacks), options.parameters);
  for (const { key } of assembly.manifest.missing ?? []) {
    terminal.line(`Not in cdk.context.json, so CDK made it up: ${key}`);
  }
  const recordings: Recording[] = [];
  for (const [account, here] of byAccount(stacks)) {
    const rules = {
      account,
      regions: REGIONS,
      deletionTime: () => options.deletionSeconds * 1000,
      nestedTemplate: nestedTemplates(assembly),
    };
    terminal.heading(`Account ${account.accountId}, ${account.region}`);
    recordings.push(await onLocalAws(rules, (aws) => comeAndGo(aws, account, assembly, here, options, terminal)));
  }
  return {
    operations: recordings.flatMap(({ operations }) => operations),
    checks: recordings.flatMap(({ checks }) => checks),
    events: recordings.flatMap(({ events }) => events),
    histories: recordings.flatMap(({ histories }) => histories),
    calls: recordings.flatMap(({ calls }) => calls),
  };
}

/** Deploys the stacks, makes the jobs that pipelines and consoles would have made, and destroys the stacks. */
async function comeAndGo(
  aws: LocalAws,
  account: Account,
  assembly: CloudAssembly,
  stacks: readonly StackToRehearse[],
  options: Options,
  terminal: Terminal,
): Promise<Recording> {
  const { cloudFormation } = aws;
  const recorder = new Recorder(aws, terminal);
  const created: string[] = [];
  cloudFormation.onEvent(({ logicalId, stackName, status }) => {
    if (logicalId === stackName && status === 'CREATE_IN_PROGRESS') {
      created.push(stackName);
    }
  });

  const names = stacks.map(({ artifact }) => artifact.stackName);
  for (const { artifact, parameters } of stacks) {
    const request = { ...synthesizedStack(assembly, artifact), parameters };
    if (
      !(await recorder.operate(`deploy ${artifact.stackName}`, 'CREATE_COMPLETE', () =>
        cloudFormation.createStack(request),
      ))
    ) {
      break;
    }
  }
  tellStubs(aws.stubs, terminal);

  const toDestroy = names.filter((name) => created.includes(name)).reverse();
  const jobs = stackJobs(aws, account, toDestroy);
  terminal.heading(
    jobs.length > 0 ? 'Jobs, as pipelines and consoles would have made them' : 'No stack deletes a job.',
  );
  for (const { job, iot, place } of jobs) {
    const status = options.jobs[job.jobId] ?? job.status;
    iot.createJob({ ...job, status });
    terminal.line(`${jobName({ ...job, place })}: ${status}`);
  }

  for (const name of toDestroy) {
    if (
      !(await recorder.operate(`destroy ${name}`, 'DELETE_COMPLETE', () =>
        cloudFormation.deleteStack({ stackName: name }),
      ))
    ) {
      break;
    }
  }
  terminal.line('');
  for (const { job, retained, iot, place } of jobs) {
    const name = jobName({ ...job, place });
    const lives = iot.job(job.jobId) !== undefined;
    recorder.check(retained ? `${name} lives: it is retained` : `${name} is gone`, lives === retained);
  }
  return recorder.recording(new Map(jobs.map(({ iot, place }) => [iot, place])));
}

function tellStubs(stubs: readonly Stub[], terminal: Terminal): void {
  const counts = new Map<string, number>();
  stubs.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  if (counts.size > 0) {
    const types = [...counts].sort().map(([type, count]) => (count > 1 ? `${type} (${count})` : type));
    terminal.line(`\nStubbed: ${types.join(', ')}`);
  }
}
