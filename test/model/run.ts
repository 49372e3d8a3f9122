import type { SynthesizedStack } from '../../local/assembly';
import type { StackEvent } from '../../local/cloudformation/stack';
import type { StackOperation } from '../../local/cloudformation/stack-request';
import { TAKEN } from '../e2e/world';
import { Account, type AccountOptions, type Mutate } from './account';
import { effectiveAnswers, judgeAnswers } from './answers';
import { type Fate, Judge } from './judge';
import { Meanwhile, type Place } from './meanwhile';
import { must } from './must';
import { Obedience } from './obedience';
import { OtherStack } from './other-stack';
import { keyOf, People } from './people';
import { type Plan, planOfAbandonment, planOfDeploy, planOfDestroy, planOfForgotten } from './plan';
import { GROUP, type Program, type StackSpec, type Trouble } from './program';
import { quietly } from './quietly';
import { isLogicalId, names, type Resource, resourcesOf, selects } from './resources';
import { tooMany } from './reasons';
import { composed } from './templates';
import { VirtualTime } from './virtual-time';

/** A bug that is put in on purpose. */
export interface Mutant extends Mutate {
  readonly template?: (stack: SynthesizedStack, spec: StackSpec) => SynthesizedStack;
}

/** Each program gets a bug of its own, which may remember what it has seen. */
export type MakeMutant = () => Mutant;

/** How the account is in which a program is carried out, and what is wrong with the handler. */
export interface RunOptions {
  readonly tally?: Tally;
  readonly mutant?: MakeMutant;
  /** Default: lists are up to date, and a cancellation is out at once. */
  readonly world?: AccountOptions;
}

/** What programs came to exercise: an empty run proves nothing. */
export type Tally = Map<string, number>;

/** How an operation ends that failed. */
const ROLLED_BACK = /ROLLBACK_(COMPLETE|FAILED)$/;
const ABANDONED = /^(CREATE_FAILED|DELETE_COMPLETE|DELETE_FAILED)$/;

const NOTHING: Trouble = { seed: 0, faults: 0, crashes: 0, duplicates: 0, strangers: 0 };

/**
 * Carries a program out, and throws where something is not as it must be.
 *
 * @returns how many points there were at which what happens in it might have happened
 */
export async function run(
  program: Program,
  { tally = new Map<string, number>(), mutant = (): Mutant => ({}), world = {} }: RunOptions = {},
): Promise<Readonly<Record<Place, number>>> {
  const time = new VirtualTime();
  const runner = new Runner(time, tally, mutant(), world);
  return quietly(async () => {
    try {
      await runner.run(program);
      return runner.meanwhile.points;
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${runner.history()}`, { cause: error });
    } finally {
      await runner.close();
      time.end();
    }
  });
}

class Runner {
  readonly meanwhile: Meanwhile;
  private readonly account: Account;
  private readonly people: People;
  private readonly obedience: Obedience;
  /** What CloudFormation was last told and has carried out, or is left with. */
  private deployed?: StackSpec;
  /** What CloudFormation may own: after a rollback that failed, what both templates say. */
  private known: readonly Resource[] = [];
  /** The resources that an attempt to delete the stack has deleted. */
  private gone: string[] = [];
  /** After a rollback that failed, CloudFormation owns resources of both templates: what goes with those is a known limit. */
  private torn = false;
  /** Whether the stack was deployed ever: one that was not owns no jobs. */
  private wasDeployed = false;
  /** Nobody knows any more that it was not: then it counts as deployed. */
  private isForgotten = false;
  private readonly otherStack: OtherStack;
  private readonly events: StackEvent[] = [];

  constructor(
    private readonly time: VirtualTime,
    private readonly tally: Tally,
    private readonly mutant: Mutant,
    private readonly world: AccountOptions,
  ) {
    const count = (what: string): void => this.count(what);
    this.account = new Account(time, () => this.meanwhile.random(), mutant, world);
    this.people = new People(this.account, count);
    this.obedience = new Obedience(this.account, time);
    this.otherStack = new OtherStack(this.account, this.people, count);
    this.meanwhile = new Meanwhile(this.account, this.people, this.otherStack, time, count);
    this.account.iot.createThing(TAKEN);
    this.account.iot.createThingGroup(GROUP);
    this.account.cloudFormation.onEvent((event) => this.events.push(event));
  }

  async run(program: Program): Promise<void> {
    for (const step of program) {
      switch (step.do) {
        case 'create job':
          this.people.createJob(step.jobId, step.job);
          break;
        case 'occupy slots':
          this.people.occupySlots(step.slots, step.milliseconds);
          break;
        case 'deploy':
          await this.aMomentLater();
          await this.deploy(step.stack, step.trouble);
          break;
        case 'destroy':
          await this.aMomentLater();
          await this.destroy(step.trouble);
          break;
        case 'other stack':
          await this.otherStack.deploy(step.jobId);
          break;
        case 'forget events':
          this.forgetEvents();
          break;
        case 'stale delete':
          await this.deliverStaleDelete(step.jobId);
          break;
        default:
          step satisfies never;
      }
    }
    await this.aMomentLater();
    await this.converge();
    await this.otherStack.destroy(NOTHING);
  }

  /** What an operation does has another time than what the one before has done. */
  private aMomentLater(): Promise<void> {
    return this.time.clock.sleep(1);
  }

  async close(): Promise<void> {
    await this.account.close();
  }

  /** What the console would show of the deletions, for the reader of a violation. */
  history(): string {
    const lines = this.events
      .filter(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::Stack')
      .map(({ time, logicalId, physicalId, status, reason = '' }) =>
        [time.toISOString().slice(11, 23), status, logicalId, physicalId, reason].join(' '),
      );
    return lines.join('\n');
  }

  private count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  private forgetEvents(): void {
    if (!this.deployed) return;
    this.account.cloudFormation.forgetEvents('S');
    this.isForgotten = true;
    this.count('forgotten events');
  }

  private async deploy(spec: StackSpec, trouble: Trouble): Promise<void> {
    const { cloudFormation } = this.account;
    const before = this.deployed;
    const status = before && cloudFormation.stack('S').status;
    if (status && !['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status)) {
      return;
    }
    const stack = composed(spec);
    const request = {
      ...(this.mutant.template?.(stack, spec) ?? stack),
      parameters: (spec.token === undefined ? {} : { Job: spec.token }) as Record<string, string>,
    };
    const known = (this.known = [...(before ? resourcesOf(before) : []), ...resourcesOf(spec)]);
    const judge = this.watch(trouble, known, spec.patterns);
    const operation = await this.during(trouble, () =>
      before
        ? cloudFormation.updateStack(request)
        : cloudFormation.createStack({ ...request, onFailure: spec.onFailure }),
    ).catch((error: Error) => {
      if (!error.message.includes('No updates are to be performed')) throw error;
    });
    if (!operation) {
      return;
    }
    const succeeded = operation.status === 'CREATE_COMPLETE' || operation.status === 'UPDATE_COMPLETE';
    const ends = before || !spec.onFailure ? ROLLED_BACK : ABANDONED;
    must(succeeded || ends.test(operation.status), `${operation.status}: stuck`);
    must(!succeeded || !spec.fails, 'the stack should have failed');
    judge(operation, planOfDeploy(before, spec, succeeded));

    if (spec.declared !== undefined && succeeded) {
      must(this.account.iot.job(spec.declared) !== undefined, `${spec.declared} is declared, and was deleted`);
      this.account.iot.finishExecutions(spec.declared);
      this.count('declared job kept');
    }
    this.torn = operation.status.endsWith('ROLLBACK_FAILED');
    this.wasDeployed ||= succeeded;
    if (operation.status === 'DELETE_COMPLETE') {
      this.deployed = undefined;
    } else if (succeeded || !before) {
      this.deployed = spec;
    }
    this.gone = [];
  }

  private async deliverStaleDelete(jobId: string): Promise<void> {
    const { cloudFormation, iot, lambda } = this.account;
    const { resources } = cloudFormation.stack('S');
    const own = resources.find(({ physicalId }) => physicalId === jobId)!;
    const { physicalId: functionName } = resources.find(({ type }) => type === 'AWS::Lambda::Function')!;
    const signed = new Date(Date.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const event = {
      RequestType: 'Delete',
      ResponseURL: `https://nobody.s3.amazonaws.com/?X-Amz-Date=${signed}`,
      StackId: cloudFormation.stack('S').id,
      RequestId: 'stale',
      LogicalResourceId: own.logicalId,
      PhysicalResourceId: jobId,
      ResourceType: own.type,
      ResourceProperties: { ServiceToken: functionName, JobId: jobId, Force: 'true' },
    };
    await lambda.invoke(functionName!, JSON.stringify(event), 'Event');
    await this.time.clock.sleep(120_000);
    must(iot.job(jobId) !== undefined, `${jobId} was deleted by an event of long ago`);
  }

  private async destroy(trouble: Trouble): Promise<StackOperation | undefined> {
    const { deployed, torn, wasDeployed } = this;
    if (!deployed) {
      return undefined;
    }
    const { status } = this.account.cloudFormation.stack('S');
    const left = resourcesOf(deployed).filter(({ id }) => !this.gone.includes(id));
    const judge = this.watch(trouble, torn ? this.known : left, deployed.patterns);
    const operation = await this.during(trouble, () => this.account.cloudFormation.deleteStack({ stackName: 'S' }));
    must(['DELETE_COMPLETE', 'DELETE_FAILED'].includes(operation.status), `${operation.status}: stuck`);
    if (wasDeployed) {
      judge(operation, torn ? undefined : planOfDestroy(left));
    } else {
      this.count('never deployed');
      const owned = status === 'ROLLBACK_COMPLETE' ? [] : left;
      judge(operation, this.isForgotten ? planOfForgotten(owned) : planOfAbandonment(owned));
    }
    const isGone = ({ logicalId, status: end }: StackEvent, one: Resource): boolean =>
      isLogicalId(logicalId, one) && end === 'DELETE_COMPLETE';
    this.gone.push(...left.filter((one) => operation.events.some((event) => isGone(event, one))).map(({ id }) => id));
    if (operation.status === 'DELETE_COMPLETE') {
      this.torn = false;
      this.wasDeployed = false;
      this.isForgotten = false;
      this.deployed = undefined;
    }
    return operation;
  }

  /** From wherever a program ended: without trouble, and when people do what the messages ask for, all ends well. */
  private async converge(): Promise<void> {
    const told = new Map<string, number>();
    let operation = await this.destroy(NOTHING);
    for (let attempts = 1; operation?.status === 'DELETE_FAILED'; attempts++) {
      must(attempts < 20, `does not converge: ${operation.reason}`);
      // Nobody but AWS can delete its own jobs, or make them fewer: then the resource is retained.
      const isOfAws = this.people.present.some(({ namespaceId = '' }) => namespaceId.startsWith('aws-'));
      const isHopeless = (reason: string): boolean =>
        /belongs? to AWS/.test(reason) || (isOfAws && tooMany(reason) !== undefined);
      if (operation.events.some(({ reason = '' }) => isHopeless(reason))) {
        this.count("AWS's own job in the way");
        return;
      }
      const isOurs = ({ type, status }: StackEvent): boolean =>
        type.startsWith('Custom::') && status === 'DELETE_FAILED';
      if (!operation.events.some(isOurs)) {
        // A job that the stack declares has got no slot, and CloudFormation does not wait for one.
        await this.time.clock.sleep(60_000);
      }
      for (const event of operation.events) {
        const { type, logicalId, reason = '' } = event;
        if (isOurs(event)) {
          // A sweep names a few of its jobs at a time.
          const times = told.get(logicalId) ?? 0;
          must(times < (type === 'Custom::IoTJobSweep' ? 4 : 1), `does not converge: ${reason}`);
          told.set(logicalId, times + 1);
          const failed = this.known.filter((one) => isLogicalId(logicalId, one));
          const own = this.people.present.filter((life) => failed.some((one) => selects(one, life)));
          const jobIds = own.map(({ jobId }) => jobId);
          await this.obedience.obey(reason, jobIds);
        }
      }
      operation = await this.destroy(NOTHING);
    }
  }

  /** Before an operation; what it answers judges the operation afterwards. */
  private watch(
    trouble: Trouble,
    resources: readonly Resource[],
    patterns: readonly string[],
  ): (operation: StackOperation, plan?: Plan) => void {
    const since = Date.now();
    const before = this.people.lives.length;
    return (operation, plan) => {
      this.count(operation.status);
      const { histories } = this.account.iot;
      const fates = this.people.lives.map((life, index): Fate => {
        const history = histories.find((one) => keyOf(one) === keyOf(life))!;
        return { ...life, history, isNew: index >= before, meddledWith: this.people.meddledWith.has(keyOf(life)) };
      });
      const { decisions, requests } = this.meanwhile;
      const { responses } = this.account;
      const nobody: Plan = { goers: [], holders: [], leavers: [] };
      const cancellationTime = this.world.cancellationTime?.(1) ?? 0;
      const what = { plan: plan ?? nobody, resources, patterns, fates, decisions, cancellationTime };
      const done = { operation, since, trouble, ...what };
      const judge = new Judge(done);
      judge.failures();
      // What becomes of resources of two templates is a known limit.
      if (plan) {
        judge.lives();
        judge.gone();
        judge.others();
        judge.notSilent(effectiveAnswers(responses, requests, 'Delete'));
      }
      judgeAnswers(responses, requests, operation);
      judge.seen.forEach((what) => this.count(what));
    };
  }

  /** Carries an operation out in trouble. Nobody lists all jobs for those that have names. */
  private async during<Result>(trouble: Trouble, operate: () => Promise<Result>): Promise<Result> {
    const before = this.account.lists;
    try {
      return await this.meanwhile.during(trouble, operate);
    } finally {
      const haveNames = this.known.every((one) => names(one));
      must(!haveNames || this.account.lists === before, 'all jobs were listed, and only some were named');
    }
  }
}
