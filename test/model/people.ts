import type { Account } from './account';
import { GROUP, type NewJob } from './program';
import type { Life } from './resources';

/** Whoever else works in the account: creates jobs, takes deletion slots, uses ids again. */
export class People {
  /** Every job that they have created. */
  readonly lives: Life[] = [];
  /** The jobs that they have deleted, or tried to. */
  readonly meddledWith = new Set<string>();
  private isBusy = false;

  constructor(
    private readonly account: Account,
    private readonly count: (what: string) => void,
  ) {}

  createJob(jobId: string, { inProgress, tagged, grouped = false, ...job }: NewJob): void {
    const { iot } = this.account;
    const full = job.status === 'DELETION_IN_PROGRESS' && iot.jobsInDeletion().length >= 10;
    if (iot.job(jobId) || full) {
      return;
    }
    const active = job.status === 'IN_PROGRESS' || job.status === 'CANCELED';
    const tags = new Map(tagged ? [['app', 'ota']] : []);
    const targets = grouped ? [iot.thingGroup(GROUP)!.thingGroupArn] : undefined;
    iot.createJob({ jobId, ...job, tags, targets, executions: active ? { inProgress } : undefined });
    const { createdAt } = iot.histories.at(-1)!;
    this.lives.push({ jobId, createdAt, namespaceId: job.namespaceId, tagged, grouped });
  }

  occupySlots(slots: number, deletionTime: number): void {
    const { iot } = this.account;
    for (let index = iot.jobsInDeletion().length; index < slots; index++) {
      iot.createJob({ jobId: `stranger-${Date.now()}-${index}`, status: 'DELETION_IN_PROGRESS', deletionTime });
    }
  }

  /** The jobs that there are. */
  get present(): readonly Life[] {
    return this.lives.filter((life) => this.account.iot.job(life.jobId)?.createdAt === life.createdAt);
  }

  /** Does something that the handler does not expect: takes every slot for a while, or uses the id of a job again. */
  async interfere(random: () => number): Promise<void> {
    if (random() < 0.5) {
      this.occupySlots(10, 2_000);
      this.count('slots taken meanwhile');
      return;
    }
    const jobs = this.present;
    const life = jobs[Math.floor(random() * jobs.length)];
    if (life) {
      await this.useAgain(life);
    }
  }

  /** Deletes the job, and creates another one with its id. */
  async useAgain(life: Life): Promise<void> {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    this.meddledWith.add(keyOf(life));
    const { jobId, namespaceId, tagged, grouped } = life;
    try {
      await this.account.deleteByHand(jobId, namespaceId);
      this.createJob(jobId, { status: 'COMPLETED', namespaceId, inProgress: 0, tagged, grouped });
      this.count('id used again meanwhile');
    } catch {
      // It is in deletion already, or there is no slot: so be it.
    } finally {
      this.isBusy = false;
    }
  }
}

/** One life of a job id. */
export function keyOf({ jobId, createdAt }: Pick<Life, 'jobId' | 'createdAt'>): string {
  return `${jobId} ${createdAt}`;
}
