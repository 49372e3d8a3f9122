import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { SynthesizedStack } from '../../local/assembly';
import type { StackEvent } from '../../local/cloudformation/stack';
import type { StackOperation } from '../../local/cloudformation/stack-request';
import { Faults } from '../../local/faults/faults';
import { TAKEN } from '../e2e/world';
import { Account, type Mutate } from './account';
import type { DeletionSpec, NewJob, Program, StackSpec, Trouble } from './program';
import { composed } from './templates';
import { VirtualTime } from './virtual-time';

/** A bug that is put in on purpose. */
export interface Mutant {
  readonly services?: Mutate;
  readonly template?: (stack: SynthesizedStack, spec: StackSpec) => SynthesizedStack;
}

/** What programs came to exercise: an empty run proves nothing. */
export type Tally = Map<string, number>;

const NOTHING: Trouble = { seed: 0, faults: 0, crashes: 0, duplicates: 0 };

/** The only reasons for which an operation on a deletion may fail; a deadline and a crash need a cause besides. */
const LEGITIMATE = [
  /is (IN_PROGRESS|SCHEDULED), and force is false/,
  /is in (no namespace|the namespace "\w+"), not in "\w+"/,
  /is CANCELED but still has executions in progress/,
  /is still (IN_PROGRESS|SCHEDULED|CANCELED|DELETION_IN_PROGRESS) after/,
  /Resource update cancelled|Resource creation cancelled|Cancelled/,
];
const IN_TROUBLE = [/could not be deleted within/, /got no usable answer/, /Runtime exited/, /AWS refused/];
const WITHOUT_SLOT = [/could not be deleted within 5 minutes: 10 other jobs/];

/** Carries a program out, and throws where something is not as it must be. */
export async function run(program: Program, tally: Tally = new Map(), mutant: Mutant = {}): Promise<void> {
  const time = new VirtualTime();
  const runner = new Runner(time, tally, mutant);
  const write = process.stdout.write.bind(process.stdout);
  // The handler's log is for its users.
  process.stdout.write = () => true;
  try {
    await runner.run(program);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${runner.history()}`, { cause: error });
  } finally {
    await runner.close();
    process.stdout.write = write;
    time.end();
  }
}

class Runner {
  private random = (): number => 0.5;
  private readonly account: Account;
  /** What CloudFormation was last told and has carried out, or is left with. */
  private deployed?: StackSpec;
  private readonly requests: { readonly id: string; readonly type: string; readonly operation: number }[] = [];
  /** After a rollback that failed, CloudFormation owns resources of both templates: what goes with those is a known limit. */
  private torn = false;
  private readonly events: StackEvent[] = [];
  private operations = 0;
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly time: VirtualTime,
    private readonly tally: Tally,
    private readonly mutant: Mutant,
  ) {
    this.account = new Account(time, () => this.random(), mutant.services);
    this.account.iot.createThing(TAKEN);
    this.account.cloudFormation.onEvent((event) => this.events.push(event));
  }

  async run(program: Program): Promise<void> {
    for (const step of program) {
      switch (step.do) {
        case 'create job':
          this.createJob(step.jobId, step.job);
          break;
        case 'occupy slots':
          this.occupySlots(step.slots, step.milliseconds);
          break;
        case 'deploy':
          await this.deploy(step.stack, step.trouble);
          break;
        case 'destroy':
          await this.destroy(step.trouble);
          break;
        default:
          step satisfies never;
      }
    }
    await this.converge();
  }

  async close(): Promise<void> {
    await this.account.states.close();
    await this.account.lambda.close();
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

  private createJob(jobId: string, { inProgress, ...job }: NewJob): void {
    const { iot } = this.account;
    const full = job.status === 'DELETION_IN_PROGRESS' && iot.jobsInDeletion().length >= 10;
    if (iot.job(jobId) || full) {
      return;
    }
    const active = job.status === 'IN_PROGRESS' || job.status === 'CANCELED';
    iot.createJob({ jobId, ...job, executions: active ? { inProgress } : undefined });
  }

  private occupySlots(slots: number, deletionTime: number): void {
    const { iot } = this.account;
    for (let index = iot.jobsInDeletion().length; index < slots; index++) {
      iot.createJob({ jobId: `stranger-${Date.now()}-${index}`, status: 'DELETION_IN_PROGRESS', deletionTime });
    }
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
    const start = Date.now();
    const existing = this.jobsNow();
    const operation = await this.during(trouble, () =>
      before ? cloudFormation.updateStack(request) : cloudFormation.createStack(request),
    ).catch((error: Error) => {
      if (!error.message.includes('No updates are to be performed')) throw error;
    });
    if (!operation) {
      return;
    }
    this.count(operation.status);
    this.judgeFailures(operation, trouble);
    const succeeded = operation.status === 'CREATE_COMPLETE' || operation.status === 'UPDATE_COMPLETE';
    const rolledBack = operation.status.endsWith('ROLLBACK_COMPLETE');
    must(succeeded || rolledBack || operation.status.endsWith('ROLLBACK_FAILED'), `${operation.status}: stuck`);
    must(!succeeded || !spec.fails, 'the stack should have failed');

    const old = before?.deletions ?? {};
    for (const [jobId, { createdAt }] of existing) {
      const [was, is] = [old[jobId], spec.deletions[jobId]];
      const successor = before?.token === jobId && spec.token !== jobId ? spec.deletions[spec.token ?? ''] : undefined;
      if (successor && successor.retain !== was?.retain) {
        // Which template's UpdateReplacePolicy counts then, AWS does not say.
        continue;
      }
      const left = was !== undefined && is === undefined && !was.retain && operation.status === 'UPDATE_COMPLETE';
      const sameResource = was !== undefined && is !== undefined;
      const revised = sameResource && is.revision !== undefined && is.revision !== was.revision;
      const rolledAway = !was && is?.deleteOnRollback === true && !succeeded;
      const settings = left ? was : is;
      this.judgeJob(jobId, createdAt, start, left || revised || rolledAway, settings);
      if ((left && this.answeredWithSuccess(jobId, operation)) || (revised && succeeded)) {
        this.mustBeGone(jobId, createdAt);
        this.count(left ? 'deleted in clean-up' : 'deleted for a revision');
      }
    }
    this.torn = operation.status.endsWith('ROLLBACK_FAILED');
    if (this.torn) {
      this.deployed = { ...spec, deletions: { ...old, ...spec.deletions } };
    } else if (succeeded || !before) {
      this.deployed = spec;
    }
  }

  private async destroy(trouble: Trouble): Promise<StackOperation | undefined> {
    const { deployed } = this;
    if (!deployed) {
      return undefined;
    }
    const { status } = this.account.cloudFormation.stack('S');
    const start = Date.now();
    const existing = this.jobsNow();
    const operation = await this.during(trouble, () => this.account.cloudFormation.deleteStack({ stackName: 'S' }));
    this.count(operation.status);
    this.judgeFailures(operation, trouble);
    must(['DELETE_COMPLETE', 'DELETE_FAILED'].includes(operation.status), `${operation.status}: stuck`);
    const rolledBack = status === 'ROLLBACK_COMPLETE';
    for (const [jobId, { createdAt }] of existing) {
      const spec = deployed.deletions[jobId];
      const goes = spec !== undefined && !spec.retain && !rolledBack;
      if (!this.torn) {
        this.judgeJob(jobId, createdAt, start, goes, spec);
      }
      if (goes && this.answeredWithSuccess(jobId, operation) && !this.torn) {
        this.mustBeGone(jobId, createdAt);
        this.count('deleted with the stack');
      }
    }
    if (operation.status === 'DELETE_COMPLETE') {
      this.torn = false;
      this.deployed = undefined;
    }
    return operation;
  }

  /** From wherever a program ended: without trouble, and when people do what the messages ask for, all ends well. */
  private async converge(): Promise<void> {
    const told = new Set<string>();
    let operation = await this.destroy(NOTHING);
    while (operation?.status === 'DELETE_FAILED') {
      for (const { type, status, physicalId, reason = '' } of operation.events) {
        if (type.startsWith('Custom::') && status === 'DELETE_FAILED') {
          must(!told.has(physicalId), `does not converge: ${reason}`);
          told.add(physicalId);
          await this.obey(physicalId, reason);
        }
      }
      operation = await this.destroy(NOTHING);
    }
  }

  /** Does what a message asks for, before the stack is deleted again. */
  private async obey(jobId: string, message: string): Promise<void> {
    const { iot } = this.account;
    const job = iot.job(jobId);
    if (!job || job.status === 'DELETION_IN_PROGRESS') {
      return;
    }
    if (message.includes('aws iot delete-job')) {
      while (iot.jobsInDeletion().length >= 10) await this.time.clock.sleep(1_000);
      await this.account.deleteByHand(jobId, job.namespaceId);
    } else {
      iot.startExecutions(jobId);
      iot.finishExecutions(jobId);
    }
  }

  private jobsNow(): Map<string, { readonly createdAt: number; readonly namespaceId?: string }> {
    const live = this.account.iot.histories.filter(({ deletionStartedAt }) => deletionStartedAt === undefined);
    return new Map(live.map(({ jobId, createdAt }) => [jobId, { createdAt }]));
  }

  /** Whether a job was deleted since, and if so, whether it had to be. */
  private judgeJob(jobId: string, createdAt: number, since: number, mayGo: boolean, spec?: DeletionSpec): void {
    const life = this.account.iot.histories.find((one) => one.jobId === jobId && one.createdAt === createdAt)!;
    if (life.deletionStartedAt === undefined || life.deletionStartedAt < since) {
      return;
    }
    must(mayGo, `${jobId} was deleted, and must live`);
    must(!life.deletedWithForce || spec?.force === true, `${jobId} was deleted with force`);
    const active = life.deletedFrom === 'IN_PROGRESS' || life.deletedFrom === 'SCHEDULED';
    must(!active || spec?.force === true, `${jobId} was deleted while it was active`);
  }

  private mustBeGone(jobId: string, createdAt: number): void {
    const life = this.account.iot.histories.find((one) => one.jobId === jobId && one.createdAt === createdAt)!;
    must(life.deletedAt !== undefined && life.deletedAt <= Date.now(), `${jobId} is reported as deleted, and is there`);
  }

  private answeredWithSuccess(jobId: string, operation: StackOperation): boolean {
    const isGone = ({ physicalId, status }: { physicalId: string; status: string }): boolean =>
      physicalId === jobId && status === 'DELETE_COMPLETE';
    return operation.events.some(isGone);
  }

  private judgeFailures(operation: StackOperation, { faults, crashes }: Trouble): void {
    const allowed = [...LEGITIMATE, ...WITHOUT_SLOT, ...(faults || crashes ? IN_TROUBLE : [])];
    for (const { type, status, reason = '' } of operation.events) {
      if (type.startsWith('Custom::') && status.endsWith('_FAILED')) {
        must(
          allowed.some((one) => one.test(reason)),
          `no good reason to fail: ${reason}`,
        );
      }
    }
    const effective = this.account.responses.received.filter(({ outcome }) => outcome === 'effective');
    const counts = new Map<string, number>();
    effective.forEach(({ requestId }) => counts.set(requestId, (counts.get(requestId) ?? 0) + 1));
    for (const { id, type } of this.requests.filter(({ operation: number }) => number === this.operations)) {
      const cancelled = operation.status.includes('ROLLBACK') && type !== 'Delete';
      must(
        counts.get(id) === 1 || (cancelled && !counts.has(id)),
        `${type} got ${counts.get(id) ?? 0} effective answers`,
      );
    }
    must(!this.account.responses.received.some(({ outcome }) => outcome === 'refused'), 'an answer was refused');
  }

  /** Remembers an invocation until it ends. */
  private left<Result>(invocation: Promise<Result>): Promise<Result> {
    const ended = invocation
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.inFlight.delete(ended));
    this.inFlight.add(ended);
    return invocation;
  }

  /** Carries an operation out in trouble, and waits for whatever it left running. */
  private async during<Result>(trouble: Trouble, operate: () => Promise<Result>): Promise<Result> {
    const { account } = this;
    const generator = xoroshiro128plus(trouble.seed);
    const random = (this.random = (): number => uniformFloat64(generator));
    this.operations += 1;
    const faults = new Faults({
      seed: trouble.seed,
      rules: [{ chance: trouble.faults }],
      sleep: (milliseconds) => this.time.clock.sleep(milliseconds),
    });
    faults.attach(account);
    account.crashes = (): boolean => {
      const crashes = random() < trouble.crashes;
      if (crashes) this.count('crash');
      return crashes;
    };
    account.lambda.intercept = (_name, payload, next) => {
      const { RequestId, RequestType, Decision } = JSON.parse(payload) as Record<string, string | undefined>;
      const isEvent = RequestId !== undefined && Decision === undefined;
      if (isEvent && !this.requests.some(({ id }) => id === RequestId)) {
        this.requests.push({ id: RequestId, type: RequestType!, operation: this.operations });
        if (random() < trouble.duplicates) {
          this.count('duplicate event');
          // At once, or when the operation is long over: if its provider is gone by then, nobody takes the event.
          const late = random() < 0.5 ? 5_000 : 600_000;
          this.left(this.time.clock.sleep(random() * late).then(next)).catch(() => undefined);
        }
      }
      // CloudFormation may give up on it, and go on without it.
      return this.left(next());
    };
    try {
      return await operate();
    } finally {
      faults.enabled = false;
      account.crashes = (): boolean => false;
      while (this.inFlight.size > 0) {
        await Promise.all(this.inFlight);
      }
      await Promise.all(account.states.executions.map(({ finished }) => finished));
      faults.injected.forEach(({ fault }) => this.count(fault));
    }
  }
}

function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) {
    throw new Error(otherwise);
  }
}
