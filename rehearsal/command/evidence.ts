import type { StackEvent } from '../../local';
import { ownWords } from '../../local/cloudformation/failure-sentence';
import type { Check, DeletionResult, Operation } from '../result';
import type { Deletion } from './deletions';
import { type MadeJob, nameOf, type RehearsedJobs } from './jobs';
import { selects } from './selection';

/** The ways out that an app has where an active job makes a deletion fail. */
const WAY_OUT =
  'In the app: force: true deletes active jobs, which interrupts their devices; cancelFirst: true cancels them before.';

/** The way out where CloudFormation itself can't delete a job that the stack declares. */
const COMPANION =
  'In the app: JobDeletion.forJob(this, id, job, { force: true }) deletes the job before CloudFormation does.';

/**
 * What was seen of each deletion. It passes only if a job of its own was there when its stack's destroy began, and that
 * operation ended it, or kept it where it is retained.
 */
export class Evidence {
  private readonly there = new Map<Deletion, readonly MadeJob[]>();
  private readonly operations = new Map<
    string,
    { readonly operation: Operation; readonly events: readonly StackEvent[] }
  >();
  private readonly destroyed: string[] = [];

  constructor(
    private readonly deletions: readonly Deletion[],
    private readonly jobs: RehearsedJobs,
  ) {}

  /** Looks which jobs are there now, before a stack is destroyed. */
  destroyBegins(stackId: string): void {
    for (const deletion of this.of(stackId)) {
      this.there.set(deletion, this.jobs.of(deletion).filter(isAlive));
    }
  }

  /** Takes note of how that went. */
  destroyEnded(stackId: string, operation: Operation, events: readonly StackEvent[]): void {
    this.operations.set(stackId, { operation, events });
    this.destroyed.push(stackId);
  }

  /** What is to be said of a stack's failed destroy: its deletions' own words, and the way out. */
  explained(stackId: string, operation: Operation): Operation {
    const reasons = this.of(stackId).flatMap((deletion) => this.failure(deletion) ?? []);
    if (reasons.length > 0) {
      return { ...operation, reason: reasons[0] };
    }
    const events = this.operations.get(stackId)?.events ?? [];
    const job = events.find(({ type, status }) => type === 'AWS::IoT::Job' && status === 'DELETE_FAILED');
    // A stack whose deployment failed has no deletions yet: it may have a companion for the job.
    return job?.reason && this.of(stackId).length > 0
      ? { ...operation, reason: `${job.logicalId}: ${ownWords(job.reason)} ${COMPANION}` }
      : operation;
  }

  /** The jobs that should have been kept, and of the others those that were. */
  get checks(): readonly Check[] {
    return this.jobs.all.map((made): Check => {
      const kept = isAlive(made);
      const how = kept ? (made.at.iot.job(made.job.jobId)!.status === made.job.status ? 'kept' : 'changed') : 'deleted';
      return made.expected === 'kept'
        ? {
            what: `${made.name} was ${how}${made.isDecoy ? `, beside ${nameOf(made.deletion)}` : ''}`,
            holds: how === 'kept',
          }
        : {
            what: `${made.name} was ${endOf(made) === undefined ? 'not deleted' : 'deleted'}`,
            holds: endOf(made) !== undefined,
          };
    });
  }

  get results(): readonly DeletionResult[] {
    return this.deletions.map((deletion): DeletionResult => {
      const { stack, account, region, logicalId, path, kind, selects: which, stubbed } = deletion;
      const jobs = this.jobs.of(deletion).map(({ name }) => name);
      return { stack, account, region, logicalId, path, kind, selects: which, ...this.judge(deletion), jobs, stubbed };
    });
  }

  private of(stackId: string): readonly Deletion[] {
    return this.deletions.filter((deletion) => deletion.stackId === stackId);
  }

  private judge(deletion: Deletion): Pick<DeletionResult, 'result' | 'reason'> {
    const impossible = this.jobs.impossible.get(deletion);
    if (impossible !== undefined) {
      return { result: 'NOT_TESTED', reason: impossible };
    }
    const ended = this.operations.get(deletion.stackId);
    if (!ended) {
      return { result: 'NOT_TESTED', reason: 'its stack was not destroyed' };
    }
    const failure = this.failure(deletion);
    if (failure !== undefined) {
      return { result: 'FAIL', reason: failure };
    }
    const there = this.there.get(deletion) ?? [];
    if (there.length === 0) {
      return { result: 'NOT_TESTED', reason: this.whoTookIt(deletion) };
    }
    const isRight = deletion.retained ? isAlive : (made: MadeJob): boolean => within(endOf(made), ended.operation);
    const wrong = there.filter((made) => !isRight(made)).map(({ name }) => name);
    const { status, reason } = ended.operation;
    if (wrong.length > 0 && !status.startsWith('DELETE_') && reason !== undefined) {
      return { result: 'FAIL', reason };
    }
    if (wrong.length > 0) {
      const what = deletion.retained ? 'deleted, although retained' : 'not deleted';
      return { result: 'FAIL', reason: `${wrong.join(', ')} ${wrong.length === 1 ? 'was' : 'were'} ${what}` };
    }
    const count = there.length === 1 ? '1 job' : `${there.length} jobs`;
    return { result: 'PASS', reason: deletion.retained ? `${count} kept, as retained` : `${count} deleted` };
  }

  /** Why CloudFormation could not delete it, with the way out. */
  private failure(deletion: Deletion): string | undefined {
    const event = (this.operations.get(deletion.stackId)?.events ?? []).findLast(
      ({ logicalId, status, reason }) => logicalId === deletion.logicalId && status === 'DELETE_FAILED' && reason,
    );
    return event && explain(deletion, ownWords(event.reason!), this.jobs.of(deletion));
  }

  private whoTookIt(deletion: Deletion): string {
    const before = this.destroyed.slice(0, this.destroyed.indexOf(deletion.stackId));
    const takers = this.deletions.filter(
      (other) => before.includes(other.stackId) && this.jobs.of(deletion).some((made) => selects(other, made)),
    );
    return takers.length > 0
      ? `its jobs were gone when its stack's destroy began: ${takers.map(nameOf).join(', ')} deleted them before. ` +
          `To test it alone: cdk-iot-job-deletion rehearse ${deletion.stackNames[0]}`
      : "none of its jobs was there when its stack's destroy began";
  }
}

/** A failure's own words; where an active job was in the way of a deletion that may touch none, what to change. */
export function explain(
  { force, cancelFirst }: Pick<Deletion, 'force' | 'cancelFirst'>,
  words: string,
  jobs: readonly MadeJob[],
): string {
  const isActive = jobs.some(({ job: { status } }) => status === 'IN_PROGRESS' || status === 'SCHEDULED');
  const isSaid = /force: true/.test(words);
  return !force && !cancelFirst && isActive && !isSaid ? `${words} ${WAY_OUT}` : words;
}

/** Whether this very job is there, and not about to go. */
function isAlive({ at, job, createdAt }: MadeJob): boolean {
  const found = at.iot.job(job.jobId);
  return found?.createdAt === createdAt && found.status !== 'DELETION_IN_PROGRESS';
}

function endOf({ at, job, createdAt }: MadeJob): number | undefined {
  return at.iot.histories.find((each) => each.jobId === job.jobId && each.createdAt === createdAt)?.deletedAt;
}

function within(time: number | undefined, { startedAt, endedAt }: Operation): boolean {
  return time !== undefined && time >= startedAt && time <= endedAt;
}
