import type { Job, Jobs } from '../../lambda/aws/jobs';
import type { Calls } from '../../lambda/deletion/calls';
import { findTarget } from '../../lambda/request/target';
import { Finder } from '../../lambda/search/finder';
import { Pass } from '../../lambda/search/pass';
import type { Console } from '../console';
import { tableLines } from '../table';
import type { SweepOptions } from './options';

/** The jobs that match, in one complete look; more than `maxJobs` where there are too many. */
export async function listJobs(
  { maxJobs, selection }: SweepOptions,
  jobs: Jobs,
  calls: Calls,
  { clock }: Console,
): Promise<readonly Job[]> {
  const finder = new Finder(jobs, calls, ['*']);
  if ('jobs' in selection) {
    return (await findTarget(selection.jobs, finder, [], () => false)).jobs.map(({ job }) => job);
  }
  const found = new Map<string, Job>();
  const pass = new Pass({ filter: selection.filter, jobs, calls, finder, clock });
  while (!pass.isOver && found.size <= maxJobs) {
    for (const job of await pass.next()) {
      found.set(job.jobId, job);
    }
  }
  return [...found.values()];
}

/** Shows the list: a table on a terminal, plain lines elsewhere; on stdout, unless that is for JSON. */
export function showJobs(jobs: readonly Job[], { json, selection }: SweepOptions, console: Console): void {
  const output = json ? console.stderr : console.stdout;
  const rows = jobs.map(({ jobId, status, targetSelection = '', createdAt }) => [
    jobId,
    status,
    targetSelection,
    new Date(createdAt).toISOString(),
  ]);
  tableLines(['JOB', 'STATUS', 'KIND', 'CREATED'], rows, output, console).forEach((line) => output.write(`${line}\n`));
  if ('jobs' in selection) {
    const there = new Set(jobs.map(({ jobId }) => jobId));
    const missing = selection.jobs.filter((jobId) => !there.has(jobId));
    missing.forEach((jobId) => console.stderr.write(`${jobId}: there is no such job\n`));
  }
}
