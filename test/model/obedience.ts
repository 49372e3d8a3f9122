import type { Account } from './account';
import { leftOf, tooMany } from './reasons';
import type { VirtualTime } from './virtual-time';

/** A person who does what a message asks for, before the stack is deleted again. */
export class Obedience {
  constructor(
    private readonly account: Account,
    private readonly time: VirtualTime,
  ) {}

  /** @param jobIds what the resource has that failed: a person sees in the console what matches a sweep */
  async obey(message: string, jobIds: readonly string[]): Promise<void> {
    const refused = tooMany(message);
    const left = leftOf(message);
    if (refused) {
      const deletable = jobIds.filter((jobId) => this.account.iot.job(jobId)?.status !== 'DELETION_IN_PROGRESS');
      await this.delete(...deletable.slice(0, Math.max(0, deletable.length - refused.maxJobs)));
    } else if (left) {
      await this.delete(...left.flatMap((some) => some.jobIds));
    } else if (message.includes('aws iot delete-job')) {
      await this.delete(...jobIds);
    } else {
      jobIds.forEach((jobId) => this.finish(jobId));
    }
  }

  private finish(jobId: string): void {
    const { iot } = this.account;
    if (iot.job(jobId)!.status !== 'DELETION_IN_PROGRESS') {
      iot.startExecutions(jobId);
      iot.finishExecutions(jobId);
    }
  }

  private async delete(...jobIds: readonly string[]): Promise<void> {
    const { iot } = this.account;
    for (const jobId of jobIds) {
      const job = iot.job(jobId);
      if (job && job.status !== 'DELETION_IN_PROGRESS') {
        while (iot.jobsInDeletion().length >= 10) await this.time.clock.sleep(1_000);
        await this.account.deleteByHand(jobId, job.namespaceId);
      }
    }
  }
}
