import { IoTClient } from '@aws-sdk/client-iot';
import { Finder } from '../../lambda/search/finder';
import { OperatorCalls } from '../calls';
import type { OperatorCommand } from '../command';
import { type JobOutcome, JobsDeletion } from '../delete-jobs';
import { jobsInDocument, type OperatorResult, type OperatorVerdict } from '../document';
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
    const jobs = new WatchedJobs(new IoTClient(account.clientOf('iot')), progress, signal);
    const calls = new OperatorCalls({ account, console, progress, until: deadline });
    const end = (verdict: OperatorVerdict, reason: string, outcomes: readonly JobOutcome[] = []): OperatorResult => ({
      verdict,
      reason,
      body: { force, cancelFirst, jobs: jobsInDocument(outcomes) },
    });
    const job = await new Finder(jobs, calls, ['*']).describe(jobId);
    if (!job) {
      const where = `There is no job "${jobId}" in ${home.region} of account ${home.account}.`;
      const hint = 'Is it the right region? With --ignore-not-found a missing job counts as deleted.';
      return ignoreNotFound ? end('OK', where) : end('FAIL', `${where} ${hint}`);
    }
    jobs.watch({ [jobId]: job.createdAt });
    progress.begin([jobId]);
    const deletion = new JobsDeletion([job], 'one', options, { account, jobs, calls, console, deadline, signal });
    onInterrupt(() => end('INTERRUPTED', whatGoesOn(deletion.outcomes, jobs.canceled), deletion.outcomes));
    const outcomes = withReasons(await deletion.run(), options);
    const isGone = outcomes.every(({ result }) => result === 'deleted');
    return end(isGone ? 'OK' : 'FAIL', leftover(outcomes, account), outcomes);
  },
};
