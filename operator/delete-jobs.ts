import type { Job } from '../lambda/aws/jobs';
import { hashOf } from '../lambda/deletion/backlog';
import { OutOfTime, type Calls } from '../lambda/deletion/calls';
import type { Deletion, Target } from '../lambda/deletion/deletion';
import { Durations } from '../lambda/deletion/durations';
import type { Left } from '../lambda/deletion/left';
import { Scheduler } from '../lambda/deletion/scheduler';
import { Failure } from '../lambda/words/failure';
import { unlessAborted } from '../rehearsal/interruption';
import type { Account } from './account';
import type { Console } from './console';
import type { WatchedJobs } from './watched-jobs';

/** How jobs are to be deleted. */
export interface DeletionOptions {
  readonly force: boolean;
  readonly cancelFirst: boolean;
  readonly namespaceId?: string;
  readonly timeoutSeconds: number;
}

/** What became of a job. */
export interface JobOutcome {
  readonly jobId: string;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  readonly status: string;
  readonly result: 'listed' | 'deleted' | 'in deletion' | 'left';
  readonly why?: Left;
  readonly reason?: string;
}

/** A deletion by the handler's own code, with an invocation as long as it needs. */
export class JobsDeletion {
  private readonly scheduler: Scheduler;

  constructor(
    private readonly jobs: readonly Job[],
    selection: 'one' | 'many',
    { timeoutSeconds, ...options }: DeletionOptions,
    private readonly world: {
      readonly account: Account;
      readonly jobs: WatchedJobs;
      readonly calls: Calls;
      readonly console: Console;
      readonly deadline: number;
      readonly signal: AbortSignal;
    },
  ) {
    const { account, calls, console, deadline, signal } = world;
    const { clock } = console;
    const target: Target = Object.fromEntries(jobs.map(({ jobId, createdAt }) => [jobId, createdAt]));
    const deletion: Deletion = {
      ...options,
      timeoutSeconds,
      selection: selection === 'one' ? { job: jobs[0]!.jobId } : { jobs: Object.keys(target) },
      target,
      place: {},
      home: account.home,
      maxJobs: Infinity,
      occasion: 'stack deletion',
      stackId: '',
      logicalId: '',
      requestedAt: clock.now(),
      deadline,
      claims: [],
    };
    this.scheduler = new Scheduler({
      deletion,
      jobs: world.jobs,
      patterns: ['*'],
      clock: { ...clock, sleep: (milliseconds) => unlessAborted(clock.sleep(milliseconds), signal) },
      calls,
      durations: new Durations(),
      leaveAt: Infinity,
      permit: () => Promise.resolve(signal.throwIfAborted()),
    });
  }

  /** Deletes the jobs, and waits until they are gone or can't be deleted. @throws Refusal of the only job */
  async run(): Promise<readonly JobOutcome[]> {
    const { console, signal } = this.world;
    try {
      for (;;) {
        const progress = await this.scheduler.work();
        if ('kept' in progress) {
          return this.outcomes;
        }
        await unlessAborted(console.clock.sleep(Math.ceil(progress.pause)), signal);
      }
    } catch (error) {
      // What is left is told job by job; a refusal of the only job is all that there is to tell.
      if (error instanceof OutOfTime || (error instanceof Failure && error.constructor === Failure)) {
        return this.outcomes;
      }
      throw error;
    }
  }

  /** What has become of the jobs so far. */
  get outcomes(): readonly JobOutcome[] {
    const { slots, waiting, givenUp } = this.scheduler.carried(Infinity);
    const inDeletion = new Set(slots.map(([jobId]) => jobId));
    const waits = new Map(waiting.map(([jobId, , status, why]) => [jobId, why ?? unknown(status)]));
    const reasons = new Map(givenUp.flatMap(({ why, hashes }) => hashes.match(/.{8}/g)!.map((hash) => [hash, why])));
    return this.jobs.map(({ jobId, createdAt, status }): JobOutcome => {
      const job = { jobId, createdAt, status };
      if (inDeletion.has(jobId)) {
        return { ...job, result: 'in deletion', why: { kind: 'in deletion' } };
      }
      if (this.world.jobs.unanswered.has(jobId)) {
        return { ...job, result: 'in deletion', reason: 'was sent DeleteJob, which has not responded yet' };
      }
      const why = waits.get(jobId) ?? reasons.get(hashOf(job));
      return why ? { ...job, result: 'left', why } : { ...job, result: 'deleted' };
    });
  }
}

function unknown(status: string | null | undefined): Left {
  return status ? { kind: 'no slot' } : { kind: 'status', status: 'unknown' };
}
