import type { Clock } from './clock';
import type { Deletion, Order } from './decision';
import type { Jobs } from './jobs';
import { log } from './log';
import { messages } from './messages';
import { nextStep } from './next-step';
import { type Call, type Obstacle, Patience } from './patience';
import { isUpdating, type Stacks } from './stacks';
import { UserError } from './user-error';

/** What a deletion works with. */
export interface Services {
  readonly jobs: Jobs;
  readonly stacks: Stacks;
  readonly clock: Clock;
  /** Names a call for a message: on which ARN, by which role. */
  call(action: string, order: Order): Call;
}

/** Why the job is not gone yet. */
type NotYet =
  | { readonly kind: 'waiting'; readonly status: string; readonly executionsInProgress: number }
  | { readonly kind: 'no slot' }
  | Obstacle;

/**
 * Deletes the job and waits until it is gone, until `leaveAt`: what remains then is for the next invocation. Nothing is
 * kept between two of them; the state is in AWS IoT.
 *
 * @returns whether the job is gone
 * @throws UserError when it can't be deleted, or is not gone at the deadline
 */
export async function deleteJob(deletion: Deletion, services: Services, leaveAt: number): Promise<boolean> {
  const { clock } = services;
  const deadline = deletion.startedAt + deletion.timeoutSeconds * 1000;
  const patience = new Patience(clock);
  for (;;) {
    const notYet = await proceed(deletion, services, patience);
    if (!notYet) {
      return true;
    }
    const now = clock.now();
    if (now >= deadline) {
      throw new UserError(outOfTime(deletion, notYet));
    }
    const pause = Math.min(pauseAfter(notYet, now - deletion.startedAt, clock), deadline - now);
    // How long a refusal lasts is known only within one invocation: see it through.
    const leave = notYet.kind !== 'denied' && notYet.kind !== 'refused' && now + pause > leaveAt;
    if (leave) {
      return false;
    }
    await clock.sleep(pause);
  }
}

/** One look at the job and the step that follows from it; resolves with nothing when the job is gone. */
async function proceed(deletion: Deletion, services: Services, patience: Patience): Promise<NotYet | undefined> {
  const { jobs, stacks } = services;
  const { jobId, force } = deletion;
  let call = services.call('iot:DescribeJob', deletion);
  try {
    const job = await jobs.describe(jobId);
    const step = nextStep(deletion, job);
    const decided = { jobId, status: job?.status ?? 'not found' };
    const waiting: NotYet = {
      kind: 'waiting',
      status: job?.status ?? 'not found',
      executionsInProgress: job?.executionsInProgress ?? 0,
    };
    switch (step.do) {
      case 'done':
        log({ message: `done: ${step.because}`, ...decided });
        return undefined;
      case 'wait':
        log({ message: `waiting for ${step.for}`, ...decided });
        patience.restore();
        return waiting;
      case 'give up':
        throw new UserError(
          step.because === 'other namespace'
            ? messages.otherNamespace(deletion, job?.namespaceId)
            : messages.jobIsActive(deletion, decided.status),
        );
      case 'CancelJob':
      case 'DeleteJob': {
        if (step.do === 'DeleteJob') {
          // Everybody who waits for a slot would be refused again and again, and use up the call rate of all.
          call = services.call('iot:ListJobs', deletion);
          if (!(await jobs.slotIsFree())) {
            log({ message: 'waiting for a deletion slot', ...decided });
            patience.restore();
            return { kind: 'no slot' };
          }
        }
        if (deletion.occasion === 'revision') {
          // Nobody stops a waiter whose stack has meanwhile failed and rolled back (aws-cdk #31541).
          call = services.call('cloudformation:DescribeStacks', deletion);
          const statuses = await stacks.statuses(deletion.stackId);
          if (!isUpdating(statuses)) {
            throw new UserError(messages.rolledBackMeanwhile(jobId, statuses));
          }
        }
        call = services.call(`iot:${step.do}`, deletion);
        const requestId =
          step.do === 'CancelJob' ? await jobs.cancel(jobId, force) : await jobs.delete(jobId, force, step.namespaceId);
        log({ message: 'sent', ...decided, call: step.do, requestId });
        patience.restore();
        return waiting;
      }
      default:
        return step satisfies never;
    }
  } catch (error) {
    if (error instanceof UserError) {
      throw error;
    }
    const obstacle = patience.judge(call, error);
    const { name, $metadata } = error as Error & { $metadata?: { requestId?: string } };
    log({ message: obstacle.kind, jobId, call: call.action, error: name, requestId: $metadata?.requestId });
    return obstacle;
  }
}

/**
 * A tenth of the time that it has taken so far: most jobs are gone in seconds and must be noticed at once, and one that
 * takes long costs few calls. With jitter, because many deletions start together.
 */
function pauseAfter(notYet: NotYet, elapsed: number, clock: Clock): number {
  // A slot comes free when somebody else's job is gone; all who wait for it ask one service with a call rate.
  const shortest = notYet.kind === 'waiting' ? 250 : 1_000;
  return Math.max(shortest, Math.min(elapsed / 10, 5_000)) * (0.75 + clock.random() / 2);
}

function outOfTime(deletion: Deletion, notYet: NotYet): string {
  switch (notYet.kind) {
    case 'no slot':
      return messages.noSlot(deletion);
    case 'unavailable':
    case 'denied':
    case 'refused':
      return messages.unavailableForLong(deletion, notYet.call.action, notYet.error);
    case 'waiting':
      if (notYet.status === 'DELETION_IN_PROGRESS') {
        return messages.stillInDeletion(deletion);
      }
      return notYet.status === 'CANCELED' && notYet.executionsInProgress > 0
        ? messages.executionsInProgress(deletion, notYet.executionsInProgress)
        : messages.timedOut(deletion, notYet.status);
    default:
      return notYet satisfies never;
  }
}
