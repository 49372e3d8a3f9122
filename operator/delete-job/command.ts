import { IoTClient } from '@aws-sdk/client-iot';
import { Finder } from '../../lambda/search/finder';
import { OperatorCalls } from '../calls';
import type { OperatorCommand } from '../command';
import { JobsDeletion } from '../delete-jobs';
import { jobsInDocument } from '../document';
import { WatchedJobs } from '../watched-jobs';
import { leftover, whatGoesOn, withReasons } from '../words';
import { DELETE_JOB_USAGE, type DeleteJobOptions, parseDeleteJobOptions } from './options';

/** `delete-job`: deletes a job and waits until it is gone. */
export const deleteJob: OperatorCommand<DeleteJobOptions> = {
  name: 'delete-job',
  usage: DELETE_JOB_USAGE,
  parse: parseDeleteJobOptions,
  async run({ jobId, ignoreNotFound, ...options }, { account, console, onInterrupt, progress, signal }) {
    const { cancelFirst, force, timeoutSeconds } = options;
    const { home } = account;
    const deadline = console.clock.now() + timeoutSeconds * 1000;
    const jobs = new WatchedJobs(new IoTClient(account.clientOf('iot')), progress);
    const calls = new OperatorCalls({ account, console, progress, until: deadline });
    const job = await new Finder(jobs, calls, ['*']).describe(jobId);
    if (!job) {
      const where = `There is no job "${jobId}" in ${home.region} of account ${home.account}.`;
      const hint = 'Is it the right region? With --ignore-not-found a missing job counts as deleted.';
      const body = { force, cancelFirst, jobs: [] };
      return ignoreNotFound
        ? { verdict: 'OK', reason: where, body }
        : { verdict: 'FAIL', reason: `${where} ${hint}`, body };
    }
    jobs.watch({ [jobId]: job.createdAt });
    progress.begin([jobId]);
    const deletion = new JobsDeletion([job], 'one', options, { account, jobs, calls, console, deadline, signal });
    const bodyOf = (outcomes: JobsDeletion['outcomes']): Readonly<Record<string, unknown>> => ({
      force,
      cancelFirst,
      jobs: jobsInDocument(outcomes),
    });
    onInterrupt(() => ({
      verdict: 'INTERRUPTED',
      reason: whatGoesOn(deletion.outcomes),
      body: bodyOf(deletion.outcomes),
    }));
    const outcomes = withReasons(await deletion.run(), options);
    const isGone = outcomes.every(({ result }) => result === 'deleted');
    return { verdict: isGone ? 'OK' : 'FAIL', reason: leftover(outcomes, account), body: bodyOf(outcomes) };
  },
};
