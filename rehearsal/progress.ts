import type { LocalAws } from '../local';

const WIDTH = 40;

/** How far the deletion of these jobs is, in one line; nothing where there are none. */
export function progressOf(jobs: readonly { readonly iot: LocalAws['iot']; readonly jobId: string }[]): string {
  const statuses = jobs.map(({ iot, jobId }) => iot.job(jobId)?.status);
  const count = (wanted: string | undefined): number => statuses.filter((status) => status === wanted).length;
  return jobs.length === 0 ? '' : bar(count(undefined), count('DELETION_IN_PROGRESS'), jobs.length);
}

/** One line: deleted, in deletion, waiting. */
export function bar(deleted: number, inDeletion: number, all: number): string {
  const until = (jobs: number): number => Math.round((jobs / all) * WIDTH);
  const [done, busy] = [until(deleted), until(deleted + inDeletion) - until(deleted)];
  const drawn = '#'.repeat(done) + '='.repeat(busy) + '.'.repeat(WIDTH - done - busy);
  return `[${drawn}] ${deleted} deleted, ${inDeletion} in deletion, ${all - deleted - inDeletion} waiting`;
}
