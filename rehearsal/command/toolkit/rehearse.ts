import { randomBytes } from 'node:crypto';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Interrupted, unlessAborted } from '../../interruption';
import {
  type Check,
  type DeletionResult,
  type JobRow,
  KEPT,
  NO_LIMITS,
  type Operation,
  type Result,
  resultOf,
} from '../../result';
import type { Terminal } from '../../terminal';
import { UsageError } from '../../usage';
import type { DeployTo, Options } from '../options';
import { requireDeployable } from '../refusals';
import { NOT_CHECKED } from '../limits';
import { chosenStacks, isEmpty, type StackToRehearse, withParameters } from '../stacks';
import { Account } from './account';
import { AccountJobs } from './account-jobs';
import { Belongings, type MadeJob } from './belongings';
import { Cdk, type DeployableApp } from './cdk';
import { declaredDeletions, deployedDeletions, type Deletion } from './deletions';
import { isHere, question, requireYes } from './question';

/** CloudFormation throttles who asks often; an emulator on this machine does not. In milliseconds. */
const POLLING_INTERVAL_HERE = 200;

/** Rehearses the stacks of an app where they are really deployed: at AWS, or at an emulator. */
export async function rehearseDeployed(
  options: Options,
  deployTo: DeployTo,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Result> {
  const cdk = await Cdk.load(options, terminal, isHere(deployTo) ? POLLING_INTERVAL_HERE : undefined);
  const account = await Account.open(cdk, deployTo);
  const name = `cdk-iot-job-deletion-rehearsal-${randomBytes(4).toString('hex')}`;
  const belongings = new Belongings(name, { app: options.app, deployTo });
  return cdk.withApp(options, signal, async (app) => {
    const chosen = chosenStacks(app.assembly, options.stacks);
    requireDeployable(app.assembly, chosen);
    const stacks = withParameters(chosen, options.parameters).filter(({ artifact }) => !isEmpty(artifact));
    const rehearsal = new DeployedRehearsal(app, account, stacks, belongings, options.jobs, terminal, signal);
    await rehearsal.requireNothingThere();
    if (!isHere(deployTo) && !deployTo.yes) {
      await requireYes(question(account, stacks, deployTo, name), terminal);
    }
    return rehearsal.run();
  });
}

/** One rehearsal, from the first look at the account to the last. */
class DeployedRehearsal {
  private readonly operations: Operation[] = [];
  private readonly checks: Check[] = [];
  private readonly rows: JobRow[] = [];
  private readonly deletions: Deletion[] = [];
  private readonly judged = new Map<MadeJob['deletion'], { readonly jobId: string; readonly holds: boolean }[]>();
  private readonly jobsByRegion = new Map<string, AccountJobs>();

  constructor(
    private readonly app: DeployableApp,
    private readonly account: Account,
    private readonly stacks: readonly StackToRehearse[],
    private readonly belongings: Belongings,
    private readonly statuses: Options['jobs'],
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws UsageError if a stack is there already, or a job that one would delete */
  async requireNothingThere(): Promise<void> {
    const { account, stacks } = this;
    for (const { artifact } of stacks) {
      if (!account.has(artifact)) {
        const { account: other } = artifact.environment;
        throw new UsageError(
          `${artifact.stackName} is for account ${other}, the credentials are for ${account.home.account}.`,
        );
      }
      if ((await this.status(artifact)) !== undefined) {
        throw new UsageError(
          `${artifact.stackName} exists already: the rehearsal destroys only stacks that it has deployed.`,
        );
      }
    }
    const declared = stacks.flatMap((stack) => declaredDeletions(stack, account.homeOf(stack.artifact)));
    const existing = await this.existing(declared);
    if (existing.length > 0) {
      throw new UsageError(`These jobs exist already, and destroying could delete them: ${existing.join(', ')}`);
    }
  }

  /** Deploys, makes the jobs, destroys; then takes away what is left, and says what it could not. */
  async run(): Promise<Result> {
    try {
      await this.comeAndGo();
    } catch (error) {
      if (error instanceof Interrupted) {
        this.tellLeft();
        throw error;
      }
      this.check((error as Error).message, false);
    }
    await this.takeAway();
    this.tellLeft();
    const { operations, checks, rows: jobs } = this;
    const unknown = Object.keys(this.statuses).filter((id) => !jobs.some(({ jobId }) => jobId === id));
    if (unknown.length > 0 && operations.every(({ status, expected }) => status === expected)) {
      throw new UsageError(`--job: no deletion names the job "${unknown.join('", "')}".`);
    }
    return resultOf({
      operations,
      checks,
      jobs,
      deletions: this.results(),
      limits: { ...NO_LIMITS, notChecked: NOT_CHECKED },
    });
  }

  private async comeAndGo(): Promise<void> {
    const { app, belongings, terminal } = this;
    let isDeployed = true;
    for (const stack of this.stacks) {
      const { stackName, hierarchicalId } = stack.artifact;
      belongings.stacks.set(stackName, hierarchicalId);
      isDeployed = await this.operate('deploy', stack, 'CREATE_COMPLETE', () => app.deploy(stack));
      if (!isDeployed) {
        break;
      }
    }
    const created = this.stacks.filter(({ artifact }) => belongings.stacks.has(artifact.stackName));
    const { deletions } = this;
    for (const { artifact } of created) {
      const home = this.account.homeOf(artifact);
      const client = this.account.cloudFormation(home.region);
      deletions.push(...(await deployedDeletions(client, artifact.stackName, home)));
    }
    // What was a token before is known now.
    const existing = await this.existing(deletions);
    if (existing.length > 0) {
      throw new Error(
        `the stacks stay, because destroying could delete jobs that existed before: ${existing.join(', ')}`,
      );
    }
    if (isDeployed) {
      await this.makeJobs(deletions);
    }
    for (const stack of [...created].reverse()) {
      if (!(await this.operate('destroy', stack, 'DELETE_COMPLETE', () => app.destroy(stack.artifact)))) {
        break;
      }
    }
    terminal.line('');
    for (const job of belongings.jobs) {
      await this.lookAt(job);
    }
  }

  private async makeJobs(deletions: readonly Deletion[]): Promise<void> {
    const { terminal } = this;
    terminal.heading(
      deletions.length > 0 ? 'Jobs, as pipelines and consoles would have made them' : 'No stack has a deletion.',
    );
    for (const deletion of deletions) {
      this.signal.throwIfAborted();
      const making = this.jobsIn(deletion.region).make(deletion, this.statuses, (text) => terminal.line(text));
      // The stacks go all the same: nothing that was there before goes with them.
      await making.catch((error: Error) => this.check(`not every job could be made: ${error.message}`, false));
    }
  }

  /** Carries out a stack operation; answers whether CloudFormation says that it ended as expected. */
  private async operate(
    verb: 'deploy' | 'destroy',
    { artifact }: StackToRehearse,
    expected: string,
    run: () => Promise<void>,
  ): Promise<boolean> {
    const name = `${verb} ${artifact.stackName}`;
    this.terminal.heading(name);
    const startedAt = Date.now();
    const running = this.terminal.whileWaiting(() => name, unlessAborted(run(), this.signal));
    const reason = await running.then(
      () => undefined,
      (error: Error) => {
        if (error instanceof Interrupted) {
          throw error;
        }
        return error.message.replace(/^\W*/, '');
      },
    );
    const endedAt = Date.now();
    const there = await this.status(artifact);
    if (there === undefined) {
      this.belongings.stacks.delete(artifact.stackName);
    }
    const status = there ?? (verb === 'destroy' ? 'DELETE_COMPLETE' : 'NOT_CREATED');
    this.operations.push({ name, expected, status, reason, startedAt, endedAt });
    return status === expected;
  }

  private async lookAt(job: MadeJob): Promise<void> {
    const { jobId, region, deletion } = job;
    const { stackName, retained } = deletion;
    const status = await this.jobsIn(region).status(jobId);
    if (status === undefined) {
      this.belongings.jobs.delete(job);
    }
    const ended = status === undefined ? `deleted: destroy ${stackName}` : KEPT;
    const { account } = this.account.home;
    this.rows.push({ jobId, account, region, expected: retained ? 'kept' : 'deleted', ended });
    const how = status === undefined ? 'deleted' : status === 'DELETION_IN_PROGRESS' ? 'still in deletion' : 'kept';
    const holds = how === (retained ? 'kept' : 'deleted');
    this.check(`${jobId} was ${how === 'kept' && !retained ? 'not deleted' : how}`, holds);
    this.judged.set(deletion, [...(this.judged.get(deletion) ?? []), { jobId, holds }]);
  }

  /** What was seen of each deletion: a job of its own was made, and looked at after the destroy. */
  private results(): readonly DeletionResult[] {
    return this.deletions.map((deletion): DeletionResult => {
      const { stackName: stack, logicalId, kind, selection, retained } = deletion;
      const jobs = this.judged.get(deletion) ?? [];
      const wrong = jobs.filter(({ holds }) => !holds).map(({ jobId }) => jobId);
      const { account, region } = this.account.home;
      const [result, reason]: [DeletionResult['result'], string] =
        jobs.length === 0
          ? ['NOT_TESTED', 'no job could be made for it']
          : wrong.length > 0
            ? ['FAIL', `${wrong.join(', ')}: not ${retained ? 'kept' : 'deleted'}`]
            : ['PASS', `${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`} ${retained ? 'kept' : 'deleted'}`];
      const named = { stack, account, region, logicalId, kind, selects: { ...selection } };
      return { ...named, result, reason, jobs: jobs.map(({ jobId }) => jobId), stubbed: [] };
    });
  }

  /** Deletes the thing, and the jobs that still live. */
  private async takeAway(): Promise<void> {
    const { belongings, terminal } = this;
    // While a stack is left, its jobs are: from them it can be seen what happened.
    const jobs = [...belongings.jobs].filter(({ deletion }) => !belongings.stacks.has(deletion.stackName));
    for (const job of jobs) {
      await this.jobsIn(job.region)
        .delete(job)
        .then(() => terminal.line(`Deleted again: the job ${job.jobId}`))
        .catch((error: Error) => terminal.line(`${job.jobId}: ${error.message}`));
    }
    for (const region of [...belongings.thingIn]) {
      await this.jobsIn(region)
        .deleteThing()
        .catch((error: Error) => terminal.line(`${belongings.thingName}: ${error.message}`));
    }
  }

  private tellLeft(): void {
    const { commands } = this.belongings;
    if (commands.length > 0) {
      this.terminal.heading('Left behind. These commands delete it:');
      commands.forEach((command) => this.terminal.line(`  ${command}`));
    }
  }

  private check(what: string, holds: boolean): void {
    const check = { what, holds };
    this.checks.push(check);
    this.terminal.check(check);
  }

  private async existing(deletions: readonly Deletion[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const deletion of deletions) {
      found.push(...(await this.jobsIn(deletion.region).existing(deletion)));
    }
    return [...new Set(found)];
  }

  /** What CloudFormation says of a stack; nothing if it is not there. */
  private async status(artifact: StackToRehearse['artifact']): Promise<string | undefined> {
    const client = this.account.cloudFormation(this.account.homeOf(artifact).region);
    const answer = await client
      .send(new DescribeStacksCommand({ StackName: artifact.stackName }))
      .catch((error: Error) => {
        if (error.message.includes('does not exist')) {
          return undefined;
        }
        throw error;
      });
    return answer?.Stacks?.[0]?.StackStatus;
  }

  private jobsIn(region: string): AccountJobs {
    const jobs = this.jobsByRegion.get(region) ?? new AccountJobs(this.account.iot(region), region, this.belongings);
    this.jobsByRegion.set(region, jobs);
    return jobs;
  }
}
