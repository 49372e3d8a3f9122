import type { Backlog } from './backlog';
import type { Calls, Services } from './calls';
import type { Deletion } from './decision';
import type { Jobs } from './jobs';
import { log } from './log';
import { messages, orderOf } from './messages';
import { nextStep, type Step } from './next-step';
import { Refusal } from './patience';
import type { Slots } from './slots';
import { isUpdating } from './stacks';
import { UserError } from './user-error';

/** What met an obstacle is sent again after about so long, in milliseconds. */
const ONCE_MORE = 1_000;

/** The calls that change something, and what becomes of them. Each is for a job of the backlog, as it was last seen. */
export class Orders {
  private hasSent = false;

  constructor(
    private readonly deletion: Deletion,
    private readonly services: Services,
    private readonly jobs: Jobs,
    private readonly patterns: readonly string[],
    private readonly calls: Calls,
    private readonly backlog: Backlog,
    private readonly slots: Slots,
  ) {}

  async cancel(jobIds: readonly string[]): Promise<void> {
    await this.each(jobIds, (jobId) => this.cancelOne(jobId));
  }

  async delete(jobIds: readonly string[]): Promise<void> {
    await this.each(jobIds, (jobId) => this.deleteOne(jobId));
  }

  private async each(jobIds: readonly string[], send: (jobId: string) => Promise<void>): Promise<void> {
    if (jobIds.length > 0) {
      await this.mustBeUpdating();
      await Promise.all(jobIds.map(send));
    }
  }

  private async cancelOne(jobId: string): Promise<void> {
    await this.services.orders.turn();
    const sent = await this.send('CancelJob', jobId, () => this.jobs.cancel(jobId, this.deletion.force));
    if (sent) {
      // What became of its executions is to be asked.
      this.backlog.set(jobId, { seenAt: 0, notBefore: this.services.clock.now() });
    }
  }

  private async deleteOne(jobId: string): Promise<void> {
    await this.services.orders.turn();
    const { job } = this.backlog.get(jobId)!;
    const step = nextStep(this.deletion, job!, this.patterns) as Step & { do: 'DeleteJob' };
    const sent = await this.send('DeleteJob', jobId, () =>
      this.jobs.delete(jobId, this.deletion.force, step.namespaceId),
    );
    if (sent) {
      this.backlog.remove(jobId);
      this.slots.begin(jobId, this.services.clock.now(), true);
    }
  }

  /** Sends an order, and remembers what was in its way. Whether it took effect all the same, a look will say. */
  private async send(order: 'CancelJob' | 'DeleteJob', jobId: string, call: () => Promise<unknown>): Promise<boolean> {
    const { clock } = this.services;
    const job = this.backlog.get(jobId)!.job!;
    try {
      const outcome = await this.calls.once(`iot:${order}`, call, job);
      if ('answer' in outcome) {
        this.hasSent = true;
        log({ message: 'sent', jobId, status: job.status, call: order, requestId: String(outcome.answer) });
        return true;
      }
      const { obstacle } = outcome;
      const pause = ONCE_MORE * (0.75 + clock.random() / 2);
      this.backlog.set(jobId, {
        job: obstacle.kind === 'no slot' ? job : undefined,
        seenAt: 0,
        notBefore: clock.now() + pause,
        why: { kind: 'obstacle', obstacle },
      });
      return false;
    } catch (error) {
      const isOneOfMany = !('job' in this.deletion.target);
      // What is refused for one job may be so for that one alone; what was never allowed, for all of them.
      if (error instanceof Refusal && isOneOfMany && (error.obstacle.kind === 'refused' || this.hasSent)) {
        this.backlog.giveUp(jobId, { kind: 'obstacle', obstacle: error.obstacle });
        return false;
      }
      throw error;
    }
  }

  /** Nobody stops a waiter whose stack has meanwhile failed and rolled back (aws-cdk #31541). */
  private async mustBeUpdating(): Promise<void> {
    const { occasion, stackId } = this.deletion;
    if (occasion === 'revision') {
      const stacks = this.services.stacks();
      const statuses = await this.calls.read('cloudformation:DescribeStacks', () => stacks.statuses(stackId));
      if (!isUpdating(statuses)) {
        throw new UserError(messages.rolledBackMeanwhile(orderOf(this.deletion), statuses));
      }
    }
  }
}
