import type { JobState } from './job';

/** What ListJobs goes through: jobs in the order of their creation, each found again while others come and go. */
export class JobList {
  private readonly jobs: JobState[] = [];

  add(job: JobState): void {
    this.jobs.splice(this.placeAfter(job.sequence), 0, job);
  }

  remove(job: JobState): void {
    const place = this.placeAfter(job.sequence - 1);
    if (this.jobs[place] === job) {
      this.jobs.splice(place, 1);
    }
  }

  /** Those that were created after another; 0 is before all. Reads no further than it is asked. */
  *after(sequence: number): Generator<JobState> {
    for (let place = this.placeAfter(sequence); place < this.jobs.length; place++) {
      yield this.jobs[place]!;
    }
  }

  /** Where the first is whose sequence is higher. */
  private placeAfter(sequence: number): number {
    let low = 0;
    let high = this.jobs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.jobs[middle]!.sequence <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
