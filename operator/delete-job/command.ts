import { Finder } from '../../lambda/search/finder';
import { openAccount } from '../account';
import type { OperatorCommand } from '../command';
import { callsOf, JobsDeletion } from '../delete-jobs';
import { Progress } from '../progress';
import { WatchedJobs } from '../watched-jobs';
import { leftover, whatGoesOn, withReasons } from '../words';
import { DELETE_JOB_USAGE, type DeleteJobOptions, parseDeleteJobOptions } from './options';

/** `delete-job`: deletes a job and waits until it is gone. */
export const deleteJob: OperatorCommand<DeleteJobOptions> = {
  name: 'delete-job',
  usage: DELETE_JOB_USAGE,
  parse: parseDeleteJobOptions,
  async run({ jobId, ignoreNotFound, ...options }, { console, onInterrupt, signal }) {
    const { clock } = console;
    const account = await openAccount(options, console);
    const { arn, home } = account;
    const progress = new Progress(console);
    progress.line(`Account ${home.account}, region ${home.region}, as ${arn}`);
    const deadline = clock.now() + options.timeoutSeconds * 1000;
    const jobs = new WatchedJobs(account.iot, progress);
    const calls = callsOf(account, console, deadline);
    const told = { account, options: { force: options.force, cancelFirst: options.cancelFirst } };
    try {
      const job = await new Finder(jobs, calls, ['*']).describe(jobId);
      if (!job) {
        const where = `There is no job "${jobId}" in ${home.region} of account ${home.account}.`;
        const hint = 'Is it the right region? With --ignore-not-found a missing job counts as deleted.';
        return ignoreNotFound
          ? { verdict: 'OK', reason: where, ...told }
          : { verdict: 'FAIL', reason: `${where} ${hint}`, ...told };
      }
      jobs.watch({ [jobId]: job.createdAt });
      progress.begin([jobId]);
      const deletion = new JobsDeletion([job], 'one', options, { account, jobs, calls, console, deadline, signal });
      onInterrupt(() => {
        progress.end();
        return { verdict: 'INTERRUPTED', reason: whatGoesOn(deletion.outcomes), ...told, jobs: deletion.outcomes };
      });
      const outcomes = withReasons(await deletion.run(), options);
      const isGone = outcomes.every(({ result }) => result === 'deleted');
      progress.end();
      return { verdict: isGone ? 'OK' : 'FAIL', reason: leftover(outcomes, account), ...told, jobs: outcomes };
    } finally {
      account.iot.destroy();
    }
  },
};
