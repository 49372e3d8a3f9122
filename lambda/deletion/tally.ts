import { hashesIn, jobHash } from '../search/job-hash';
import type { CarriedWork } from './carried-work';

/** So many jobs are known to be counted when a list shows them again; more may be counted twice. */
const MOST_COUNTED = 5_000;

/** How many jobs a deletion has found, and how many of them need nothing any more. */
export class Tally {
  private readonly countedHashes: Set<string>;
  /** Jobs that are settled: a list that lags may still show them. */
  private readonly settledKeys = new Set<string>();
  private jobsFound: number;
  private jobsSettled: number;
  private isWhole: boolean;
  private endedAt: number;

  /** @param named how many jobs are named: those need no counting */
  constructor(carried: CarriedWork | undefined, named: number, isCounted: boolean) {
    this.jobsFound = carried?.found ?? named;
    this.isWhole = carried?.isCounted ?? isCounted;
    this.countedHashes = new Set(hashesIn(carried?.counted));
    this.jobsSettled = carried?.settled ?? 0;
    this.endedAt = carried?.lastEndAt ?? 0;
  }

  get carried(): Pick<CarriedWork, 'found' | 'isCounted' | 'counted' | 'settled' | 'lastEndAt'> {
    const counted = this.isWhole ? undefined : [...this.countedHashes].join('');
    return { found: this.found, isCounted: this.isWhole, counted, settled: this.settled, lastEndAt: this.endedAt };
  }

  /** How many jobs there were to delete. */
  get found(): number {
    return this.jobsFound;
  }

  /** How many of them are gone, or match no more. */
  get settled(): number {
    return this.jobsSettled;
  }

  /** Whether all that matches was counted. */
  get isCounted(): boolean {
    return this.isWhole;
  }

  /** When the last of our deletions ended, in milliseconds; 0 when none has. */
  get lastEndAt(): number {
    return this.endedAt;
  }

  /** A list may show a job twice: its status has changed, or it was begun again. */
  count(jobId: string): void {
    const hash = jobHash(jobId);
    if (this.isWhole || this.countedHashes.has(hash)) {
      return;
    }
    this.jobsFound += 1;
    if (this.countedHashes.size < MOST_COUNTED) {
      this.countedHashes.add(hash);
    }
  }

  /** All that matches was counted. */
  complete(): void {
    this.isWhole = true;
  }

  /** The job needs nothing any more. */
  settle(key: string): void {
    this.jobsSettled += this.settledKeys.has(key) ? 0 : 1;
    this.settledKeys.add(key);
  }

  /** Whether the job needs nothing any more, as far as this look has seen. */
  isSettled(key: string): boolean {
    return this.settledKeys.has(key);
  }

  /** A deletion of ours has ended, or a job is gone. */
  end(now: number): void {
    this.endedAt = now;
  }
}
