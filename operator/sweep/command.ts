import { UsageError } from '../../rehearsal/usage';
import { openAccount } from '../account';
import type { OperatorCommand } from '../command';
import type { Console } from '../console';
import { callsOf, type JobOutcome, JobsDeletion } from '../delete-jobs';
import { Progress } from '../progress';
import { isAgreed } from '../question';
import { WatchedJobs } from '../watched-jobs';
import { FORCE, leftover, whatGoesOn, withReasons } from '../words';
import { listJobs, showJobs } from './list';
import { parseSweepOptions, SWEEP_USAGE, type SweepOptions } from './options';

/** `sweep`: lists jobs, asks once, deletes exactly those and waits until they are gone. */
export const sweep: OperatorCommand<SweepOptions> = {
  name: 'sweep',
  usage: SWEEP_USAGE,
  parse: parseSweepOptions,
  async run(options, { console, onInterrupt, signal }) {
    const { clock } = console;
    const { cancelFirst, dryRun, force, maxJobs, timeoutSeconds } = options;
    const account = await openAccount(options, console);
    const { arn, home } = account;
    const progress = new Progress(console);
    progress.line(`Account ${home.account}, region ${home.region}, as ${arn}`);
    const told = { account, options: { force, cancelFirst, dryRun } };
    const jobs = new WatchedJobs(account.iot, progress);
    try {
      const listing = callsOf(account, console, clock.now() + timeoutSeconds * 1000);
      const listed = await listJobs(options, jobs, listing, console);
      if (listed.length > maxJobs) {
        const reason = `More than ${maxJobs} jobs match, so none was deleted. Narrow the filter, or raise --max-jobs.`;
        return { verdict: 'FAIL', reason, ...told };
      }
      showJobs(listed, options, console);
      if (listed.length === 0) {
        return { verdict: 'OK', reason: 'No job matches.', ...told };
      }
      if (dryRun) {
        const outcomes = listed.map(({ jobId, createdAt, status }): JobOutcome => ({
          jobId,
          createdAt,
          status,
          result: 'listed',
        }));
        return { verdict: 'OK', reason: `${count(listed)} would be deleted.`, ...told, jobs: outcomes };
      }
      if (!options.yes) {
        const how = `${cancelFirst ? 'cancelled first, ' : ''}${force ? 'with' : 'without'} force`;
        const question = `Delete ${count(listed)} in ${home.region} of account ${home.account}, ${how}?`;
        await requireYes(force ? `${FORCE}\n${question}` : question, console);
      }
      jobs.watch(Object.fromEntries(listed.map(({ jobId, createdAt }) => [jobId, createdAt])));
      progress.begin(listed.map(({ jobId }) => jobId));
      // Whoever agreed may have taken long to.
      const deadline = clock.now() + timeoutSeconds * 1000;
      const calls = callsOf(account, console, deadline);
      const deletion = new JobsDeletion(listed, 'many', options, { account, jobs, calls, console, deadline, signal });
      onInterrupt(() => {
        progress.end();
        return { verdict: 'INTERRUPTED', reason: whatGoesOn(deletion.outcomes), ...told, jobs: deletion.outcomes };
      });
      const outcomes = withReasons(await deletion.run(), options);
      progress.end();
      const deleted = outcomes.filter(({ result }) => result === 'deleted').length;
      return deleted === outcomes.length
        ? { verdict: 'OK', reason: `${count(outcomes)} deleted.`, ...told, jobs: outcomes }
        : {
            verdict: 'FAIL',
            reason: `${deleted} of ${count(outcomes)} deleted. ${leftover(outcomes, account)}`,
            ...told,
            jobs: outcomes,
          };
    } finally {
      account.iot.destroy();
    }
  },
};

async function requireYes(question: string, console: Console): Promise<void> {
  if (!console.stdin.isTTY) {
    throw new UsageError('There is no terminal to ask at: give --yes. Nothing was deleted.');
  }
  if (!(await isAgreed(question, console))) {
    throw new UsageError('Nothing was deleted.');
  }
}

function count(jobs: readonly unknown[]): string {
  return `${jobs.length} job${jobs.length === 1 ? '' : 's'}`;
}
