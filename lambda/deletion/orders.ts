import { advice } from '../words/advice';
import { log } from '../words/log';
import { allOf } from './all-of';
import type { OnJob, Outcome } from './calls';
import type { DeletionContext } from './context';
import { isSingle, subjectOf } from './deletion';
import { FRESH, isFresh } from './descriptions';
import { obstructedBy } from './left';
import { nextStep } from './next-step';
import { Refusal } from './patience';

/** What met an obstacle is sent again after about so long, in milliseconds. */
const ONCE_MORE = 1_000;

/** The calls that change something, and what becomes of them. Each is for a job of the backlog, as it was last seen. */
export class Orders {
  constructor(private readonly context: DeletionContext) {}

  /** Asks AWS IoT to cancel the jobs. */
  async cancel(jobIds: readonly string[]): Promise<void> {
    await this.each(jobIds, async (jobId) => {
      const { backlog, clock, deletion, jobs } = this.context;
      if (await this.send('CancelJob', jobId, () => jobs.cancel(jobId, deletion.force))) {
        // What became of its executions is to be asked.
        const { createdAt } = backlog.get(jobId)!;
        backlog.set(jobId, { createdAt, seenAt: 0, notBefore: clock.now() });
      }
    });
  }

  /** Asks AWS IoT to delete the jobs. */
  async delete(jobIds: readonly string[]): Promise<void> {
    await this.each(jobIds, async (jobId) => {
      const { backlog, clock, deletion, jobs, patterns, slots } = this.context;
      const { createdAt, job } = backlog.get(jobId)!;
      const step = nextStep(deletion, job!, patterns);
      if (step.do !== 'DeleteJob') {
        return;
      }
      if (await this.send('DeleteJob', jobId, () => jobs.delete(jobId, deletion.force, step.namespaceId))) {
        backlog.remove(jobId);
        slots.begin(jobId, createdAt, clock.now(), true);
      }
    });
  }

  private async each(jobIds: readonly string[], send: (jobId: string) => Promise<void>): Promise<void> {
    const { backlog, clock, permit } = this.context;
    if (jobIds.length > 0) {
      await permit();
      // The others, or the permission, took long: what is not fresh any more is described again.
      const fresh = jobIds.filter((jobId) => isFresh(backlog.get(jobId)!.seenAt, clock.now()));
      await allOf(fresh, send);
    }
  }

  /** Sends an order, and remembers what was in its way. Whether it took effect all the same, a look will say. */
  private async send(order: 'CancelJob' | 'DeleteJob', jobId: string, call: () => Promise<unknown>): Promise<boolean> {
    const { backlog, clock, deletion } = this.context;
    const { createdAt, job, seenAt } = backlog.get(jobId)!;
    try {
      const outcome = await this.orderWhileFresh(`iot:${order}`, call, { jobId, createdAt }, seenAt);
      if ('answer' in outcome) {
        log({ message: 'sent', jobId, status: job!.status, call: order, requestId: String(outcome.answer) });
        return true;
      }
      const { obstacle } = outcome;
      const { kind } = obstacle;
      backlog.set(jobId, {
        createdAt,
        job: kind === 'no slot' || kind === 'throttled' ? job : undefined,
        seenAt: kind === 'throttled' ? seenAt : 0,
        notBefore: clock.now() + ONCE_MORE * (0.75 + clock.random() / 2),
        why: kind === 'no slot' ? { kind: 'no slot' } : obstructedBy(obstacle),
      });
      return false;
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      if (isSingle(deletion)) {
        // The command for it names the namespace in which the job was found.
        const namespaceId = deletion.namespaceId ?? job!.details?.namespaceId;
        throw new Refusal(error.obstacle, advice({ ...subjectOf(deletion), namespaceId }));
      }
      // What is refused for one job of many is that job's.
      backlog.giveUp({ jobId, createdAt }, obstructedBy(error.obstacle));
      return false;
    }
  }

  /** What was throttled had no effect: it is sent again as long as the last look at the job is fresh. */
  private async orderWhileFresh(
    action: string,
    send: () => Promise<unknown>,
    on: OnJob,
    seenAt: number,
  ): Promise<Outcome<unknown>> {
    const { calls, permit } = this.context;
    for (let attempt = 0; ; attempt++) {
      const outcome = await calls.once(action, send, on);
      const isThrottled = 'obstacle' in outcome && outcome.obstacle.kind === 'throttled';
      if (!isThrottled || !(await calls.pause(attempt, seenAt + FRESH))) {
        return outcome;
      }
      await permit();
    }
  }
}
