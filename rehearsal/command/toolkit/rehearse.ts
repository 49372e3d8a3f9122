import { randomBytes } from 'node:crypto';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Check, type JobRow, LIVES, type Operation, type Result, resultOf } from '../../result';
import type { Terminal } from '../../terminal';
import { UsageError } from '../../usage';
import type { DeployTo, Options } from '../options';
import { chosenStacks, type StackToRehearse, withParameters } from '../stacks';
import { Account } from './account';
import { AccountJobs } from './account-jobs';
import { Belongings, type MadeJob } from './belongings';
import { Cdk, type DeployableApp } from './cdk';
import { declaredDeletions, deployedDeletions, type Deletion } from './deletions';
import { isHere, question, requireYes } from './question';

/** Rehearses the stacks of an app where they are really deployed: at AWS, or at an emulator. */
export async function rehearseDeployed(options: Options, deployTo: DeployTo, terminal: Terminal): Promise<Result> {
  const cdk = await Cdk.load(terminal);
  const account = await Account.open(cdk, deployTo);
  const name = `cdk-iot-job-deletion-rehearsal-${randomBytes(4).toString('hex')}`;
  const belongings = new Belongings(name, { app: options.app, deployTo });
  return cdk.withApp(options, async (app) => {
    const stacks = withParameters(chosenStacks(app.assembly, options.stacks), options.parameters);
    const rehearsal = new DeployedRehearsal(app, account, stacks, belongings, options.jobs, terminal);
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
  private readonly jobsByRegion = new Map<string, AccountJobs>();

  constructor(
    private readonly app: DeployableApp,
    private readonly account: Account,
    private readonly stacks: readonly StackToRehearse[],
    private readonly belongings: Belongings,
    private readonly statuses: Options['jobs'],
    private readonly terminal: Terminal,
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
          `${artifact.stackName} is there already: the rehearsal destroys only what it has deployed.`,
        );
      }
    }
    const declared = stacks.flatMap((stack) => declaredDeletions(stack, account.homeOf(stack.artifact)));
    const existing = await this.existing(declared);
    if (existing.length > 0) {
      throw new UsageError(`These jobs are there already, and destroying could delete them: ${existing.join(', ')}`);
    }
  }

  /** Deploys, makes the jobs, destroys; then takes away what is left, and says what it could not. */
  async run(): Promise<Result> {
    const interrupt = (signal: NodeJS.Signals): void => {
      this.tellLeft();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      await this.comeAndGo();
    } catch (error) {
      this.check(`the rehearsal went through: ${(error as Error).message}`, false);
    } finally {
      await this.takeAway();
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      this.tellLeft();
    }
    return resultOf(this.operations, this.checks, this.rows);
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
    const deletions: Deletion[] = [];
    for (const { artifact } of created) {
      const home = this.account.homeOf(artifact);
      const client = this.account.cloudFormation(home.region);
      deletions.push(...(await deployedDeletions(client, artifact.stackName, home)));
    }
    // What was a token before is known now.
    const existing = await this.existing(deletions);
    if (existing.length > 0) {
      throw new Error(
        `destroying could delete jobs that were there before, so the stacks stay: ${existing.join(', ')}`,
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
      deletions.length > 0 ? 'Jobs, as pipelines and consoles would have made them' : 'No stack deletes a job.',
    );
    for (const deletion of deletions) {
      const making = this.jobsIn(deletion.region).make(deletion, this.statuses, (text) => terminal.line(text));
      // The stacks go all the same: nothing that was there before goes with them.
      await making.catch((error: Error) => this.check(`every job could be made: ${error.message}`, false));
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
    const reason = await run().then(
      () => undefined,
      (error: Error) => error.message.replace(/^\W*/, ''),
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
    const { jobId, region, stackName, retained } = job;
    const status = await this.jobsIn(region).status(jobId);
    if (status === undefined) {
      this.belongings.jobs.delete(job);
    }
    this.rows.push({ jobId, ended: status === undefined ? `deleted: destroy ${stackName}` : LIVES });
    const stays = status !== undefined && status !== 'DELETION_IN_PROGRESS';
    this.check(
      retained ? `${jobId} lives: it is retained` : `${jobId} is gone`,
      retained ? stays : status === undefined,
    );
  }

  /** Deletes the thing, and the jobs that still live. */
  private async takeAway(): Promise<void> {
    const { belongings, terminal } = this;
    // While a stack is left, its jobs are: from them it can be seen what happened.
    const jobs = [...belongings.jobs].filter(({ stackName }) => !belongings.stacks.has(stackName));
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
