import { OutOfTime } from '../deletion/calls';
import { Finder } from '../search/finder';
import { Failure } from '../words/failure';
import { log } from '../words/log';
import { messages } from '../words/messages';
import type { Subject } from '../words/subject';
import { type Answer, deliver } from './answer';
import { check } from './check';
import { decide, type Decision, Unclear } from './decide';
import { DeletionWork } from './deletion-work';
import { callsFor, failed, type Invocation, succeeded } from './invocation';
import { LookState, type Pause } from './look-state';
import type { Properties } from './properties';
import { logResult } from './result';
import type { Step, WaiterInput } from './step';
import { undecided } from './undecided';

/** After so many looks nobody believes that another one helps. */
const MOST_LOOKS = 2_000;

/** A status that makes no sense is read again for so long, in milliseconds. */
const UNCLEAR_TIME = 60_000;

/** What a look came to. */
type Outcome = { readonly answer: Answer } | Pause;

/** One look, for the waiter: orders what can be ordered, waits a little, and answers CloudFormation when all is done. */
export async function look(
  { Event: event, Step: step, IsLast: isLast = false }: WaiterInput,
  invocation: Invocation,
): Promise<Step> {
  const state = new LookState(event, step, invocation);
  if (step.Answer) {
    return answer(step.Answer, state);
  }
  const work = new DeletionWork(state);
  const outcome = await lookAt(state, work, isLast).catch((error: unknown) => ({
    answer: failed(event, invocation, error),
  }));
  if ('pause' in outcome) {
    return state.next(outcome, (fits) => work.carried(fits));
  }
  if (state.occasion) {
    // Before the answer: once CloudFormation has it, it may delete the log group.
    logResult(event, invocation.functionName, {
      ...work.result,
      isFailed: outcome.answer.Status === 'FAILED',
      deletionTime: state.now - state.requestedAt,
    });
  }
  return answer(outcome.answer, state);
}

async function lookAt(state: LookState, work: DeletionWork, isLast: boolean): Promise<Outcome> {
  const subject = undecided(state.event, state.invocation.surroundings.home);
  if (state.looks > MOST_LOOKS) {
    throw new Failure(messages.tooManyLooks(MOST_LOOKS, subject));
  }
  const outcome = await proceed(state, work, subject);
  if (isLast && 'pause' in outcome) {
    throw work.failure ?? new Failure(messages.lookedInVain(subject));
  }
  return outcome;
}

async function proceed(state: LookState, work: DeletionWork, subject: Subject): Promise<Outcome> {
  const { event, invocation } = state;
  try {
    const decision = await decisionOf(state, subject);
    if ('nothing' in decision) {
      log({ message: `nothing to delete: ${decision.nothing}`, resource: event.LogicalResourceId });
      return { answer: succeeded(event, invocation, decision.properties, decision.kept) };
    }
    if ('check' in decision) {
      await checkAll(decision.check, state, subject);
      return { answer: succeeded(event, invocation, decision.check) };
    }
    const progress = await work.run(decision);
    return 'pause' in progress ? progress : { answer: succeeded(event, invocation, decision.delete, progress.said) };
  } catch (error) {
    return readAgain(error, state, subject);
  }
}

async function decisionOf(state: LookState, subject: Subject): Promise<Decision> {
  const { decided, event, invocation, occasion, requestedAt } = state;
  if (decided) {
    return decided;
  }
  try {
    const stacks = state.stacks(subject);
    const decision = await decide(event, { surroundings: invocation.surroundings, stacks, requestedAt });
    state.reading.unclearSince = undefined;
    return decision;
  } catch (error) {
    if (occasion && error instanceof OutOfTime && state.now >= state.deadline) {
      // Nothing is ordered any more: all that is needed is what to say.
      return { delete: state.properties, occasion, claims: [] };
    }
    throw error;
  }
}

/** What could not be read yet is read again, as long as there is time. */
function readAgain(error: unknown, state: LookState, subject: Subject): Pause {
  if (error instanceof Unclear) {
    state.reading.unclearSince ??= state.startedAt;
    if (state.now - state.reading.unclearSince >= UNCLEAR_TIME) {
      throw error.failure;
    }
  } else if (error instanceof OutOfTime) {
    const obstacle = state.meet(error);
    if (state.now >= Math.min(state.deadline, error.deadline ?? Infinity)) {
      throw new Failure(messages.unavailable(obstacle, subject));
    }
  } else {
    throw error;
  }
  return { pause: 0, kind: 'undecided' };
}

async function checkAll(properties: Properties, state: LookState, subject: Subject): Promise<void> {
  const { event, invocation, patience, readUntil: until, requestedAt } = state;
  const { services, surroundings } = invocation;
  const { place } = properties;
  const calls = callsFor(event, invocation, { patience, place, subject, until });
  const jobs = services.jobsAt(place);
  await state.stacks(subject).chain(event.StackId);
  await check(properties, new Finder(jobs, calls, surroundings.patterns), jobs, calls, requestedAt, services.clock);
}

async function answer(given: Answer, state: LookState): Promise<Step> {
  const { deadline: Deadline, event, invocation } = state;
  if (!(await deliver(given, event, invocation.services, invocation.leaveAt))) {
    const PauseSeconds = state.pauseSeconds({ pause: 0, kind: 'undecided' });
    return { Deadline, Answer: given, PauseSeconds };
  }
  return { Deadline, Answered: true };
}
