import { IoTClient } from '@aws-sdk/client-iot';
import { UsageError } from '../../rehearsal/usage';
import { OperatorCalls } from '../calls';
import type { OperatorCommand } from '../command';
import type { Console } from '../console';
import { type JobOutcome, JobsDeletion } from '../delete-jobs';
import { jobsInDocument, type OperatorResult, type OperatorVerdict } from '../document';
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
  async run(options, { account, console, onInterrupt, progress, signal }) {
    const { clock } = console;
    const { cancelFirst, dryRun, force, maxJobs, timeoutSeconds } = options;
    const { home } = account;
    const end = (verdict: OperatorVerdict, reason: string, jobs: readonly JobOutcome[] = []): OperatorResult => ({
      verdict,
      reason,
      body: { force, cancelFirst, dryRun, jobs: jobsInDocument(jobs) },
    });
    const jobs = new WatchedJobs(new IoTClient(account.clientOf('iot')), progress, signal);
    // Whoever is to agree may take long to: the time of the list is not that of the deletion.
    const callsInTime = (): { readonly calls: OperatorCalls; readonly deadline: number } => {
      const deadline = clock.now() + timeoutSeconds * 1000;
      return { calls: new OperatorCalls({ account, console, progress, until: deadline }), deadline };
    };
    const listed = await listJobs(options, jobs, callsInTime().calls, console);
    progress.end();
    if (listed.length > maxJobs) {
      return end(
        'FAIL',
        `More than ${maxJobs} jobs match, so none was deleted. Narrow the filter, or raise --max-jobs.`,
      );
    }
    showJobs(listed, options, console);
    if (listed.length === 0) {
      return end('OK', 'No job matches.');
    }
    if (dryRun) {
      const outcomes = listed.map(({ jobId, createdAt, status }): JobOutcome => ({
        jobId,
        createdAt,
        status,
        result: 'listed',
      }));
      return end('OK', `${count(listed)} would be deleted.`, outcomes);
    }
    if (!options.yes) {
      const how = `${cancelFirst ? 'cancelled first, ' : ''}${force ? 'with' : 'without'} force`;
      const question = `Delete ${count(listed)} in ${home.region} of account ${home.account}, ${how}?`;
      await requireYes(force ? `${FORCE}\n${question}` : question, console);
    }
    jobs.watch(Object.fromEntries(listed.map(({ jobId, createdAt }) => [jobId, createdAt])));
    progress.begin(listed.map(({ jobId }) => jobId));
    const deletion = new JobsDeletion(listed, 'many', options, {
      account,
      jobs,
      console,
      signal,
      ...callsInTime(),
    });
    onInterrupt(() => end('INTERRUPTED', whatGoesOn(deletion.outcomes, jobs.canceled), deletion.outcomes));
    const outcomes = withReasons(await deletion.run(), options);
    const deleted = outcomes.filter(({ result }) => result === 'deleted').length;
    return deleted === outcomes.length
      ? end('OK', `${count(outcomes)} deleted.`, outcomes)
      : end('FAIL', `${deleted} of ${count(outcomes)} deleted. ${leftover(outcomes, account)}`, outcomes);
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
