import type { LocalAws } from '../local';
import type { Terminal } from './terminal';

/** Often enough to look alive, seldom enough for a log. */
const EVERY = { person: 100, log: 1_000 };

const WIDTH = 40;

/** Shows how far the deletion of these jobs is, until the function that it returns is called. */
export function sweepProgress(iot: LocalAws['iot'], jobIds: readonly string[], terminal: Terminal): () => void {
  let last = '';
  const show = (): void => {
    const jobs = jobIds.map((jobId) => iot.job(jobId)?.status);
    const text = bar(
      jobs.filter((status) => status === undefined).length,
      jobs.filter((status) => status === 'DELETION_IN_PROGRESS').length,
      jobIds.length,
    );
    if (text !== last) {
      terminal.progress((last = text));
    }
  };
  const timer = setInterval(show, terminal.isWatched ? EVERY.person : EVERY.log);
  return () => {
    clearInterval(timer);
    show();
    terminal.progress('');
  };
}

/** One line: deleted, in deletion, waiting. */
export function bar(deleted: number, inDeletion: number, all: number): string {
  const until = (jobs: number): number => Math.round((jobs / all) * WIDTH);
  const [done, busy] = [until(deleted), until(deleted + inDeletion) - until(deleted)];
  const drawn = '#'.repeat(done) + '='.repeat(busy) + '.'.repeat(WIDTH - done - busy);
  return `sweep [${drawn}] ${deleted} deleted, ${inDeletion} in deletion, ${all - deleted - inDeletion} waiting`;
}
