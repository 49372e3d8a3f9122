import { createHash } from 'node:crypto';
import { OutOfTime } from '../deletion/calls';
import { isLasting } from '../deletion/deletion';
import { type Obstacle, obstacleOf } from '../deletion/obstacle';
import { Patience } from '../deletion/patience';
import { Finder } from '../search/finder';
import { namesIn } from '../search/selection';
import { Failure } from '../words/failure';
import { log } from '../words/log';
import { messages } from '../words/messages';
import { keptForOthers } from '../words/not-deleted';
import { type Answer, deliver } from './answer';
import { decide, Unclear } from './decide';
import { type Event, requestedAt } from './event';
import { callsFor, failed, type Invocation, succeeded } from './invocation';
import { timeoutIn } from './properties';
import { type Reading, StackReader } from './stack-reader';
import type { Step } from './step';
import { findTarget } from './target';
import { undecided } from './undecided';

/** Reading what a decision needs may take so long here, in milliseconds: the waiter carries on. */
const READING_TIME = 5_000;

/** For so long it is tried to start the waiter, in milliseconds: a permission that was just given may take a while. */
const STARTING_TIME = 20_000;

/** For so long an answer is sent again here, in milliseconds: the waiter carries on. */
const ANSWERING_TIME = 10_000;

/**
 * Takes an event from CloudFormation. It only reads: either there is nothing to do, and CloudFormation is answered, or
 * the waiter takes over. So an event that Lambda delivers twice, or late, orders nothing.
 */
export async function receive(event: Event, invocation: Invocation): Promise<void> {
  const { clock } = invocation.services;
  const now = clock.now();
  const { RequestType, StackId, LogicalResourceId, RequestId, ResourceType } = event;
  log({
    message: 'received',
    event: RequestType,
    type: ResourceType,
    stack: StackId,
    resource: LogicalResourceId,
    request: RequestId,
  });
  const asked = Math.min(requestedAt(event) ?? now, now + 60_000);
  const deadline = asked + timeoutIn(event.ResourceProperties) * 1000;
  const outcome = await prepare(event, invocation, asked, deadline).catch((error: unknown) =>
    failed(event, invocation, error),
  );
  if (!('Status' in outcome)) {
    await startWaiter(event, outcome, invocation);
    return;
  }
  if (
    !(await deliver(outcome, event, invocation.services, Math.min(clock.now() + ANSWERING_TIME, invocation.leaveAt)))
  ) {
    await startWaiter(event, { Deadline: deadline, Answer: outcome }, invocation);
  }
}

/** Decides, as far as a few seconds go: the answer where nothing is to be done, or the waiter's first step. */
async function prepare(event: Event, invocation: Invocation, asked: number, deadline: number): Promise<Answer | Step> {
  const { leaveAt, services, stackMemory, surroundings } = invocation;
  const { clock } = services;
  const now = clock.now();
  const subject = undecided(event, surroundings.home);
  const reading: Reading = {};
  const patience = new Patience();
  const until = Math.min(now + READING_TIME, deadline, leaveAt);
  const calls = callsFor(event, invocation, { patience, place: {}, subject, until });
  const stacks = new StackReader(services.stacks(), calls, clock, stackMemory, reading);
  const rest = { Format: 1, Looks: 0, Reading: reading, Patience: patience.carried } as const;
  try {
    const decision = await decide(event, { surroundings, stacks, requestedAt: asked });
    if ('nothing' in decision) {
      log({
        message: `nothing to delete: ${decision.nothing}`,
        resource: event.LogicalResourceId,
        request: event.RequestId,
      });
      return succeeded(event, invocation, decision.properties, decision.kept);
    }
    if ('check' in decision || !('job' in decision.delete.selection)) {
      return { Deadline: deadline, Rest: rest };
    }
    const { claims, occasion } = decision;
    if (isLasting(occasion)) {
      // Many deletions of a stack begin at the same time: a look describes the job and orders at once.
      return { Deadline: deadline, Rest: { ...rest, Occasion: occasion } };
    }
    const { place, selection } = decision.delete;
    const jobs = services.jobsAt(place);
    const iot = callsFor(event, invocation, { patience, place, subject: { ...subject, place, occasion }, until });
    const finder = new Finder(jobs, iot, surroundings.patterns, { since: asked, clock });
    const { target, claimed } = await findTarget(
      namesIn(selection)!,
      finder,
      claims,
      ({ createdAt }) => createdAt > asked,
    );
    if (Object.keys(target).length === 0) {
      log({ message: 'nothing to delete: the job is gone, or kept', jobId: selection.job, request: event.RequestId });
      return succeeded(event, invocation, decision.delete, keptForOthers(claimed));
    }
    return { Deadline: deadline, Target: target, Rest: { ...rest, Occasion: occasion } };
  } catch (error) {
    if (error instanceof Unclear) {
      reading.unclearSince = now;
    } else if (!(error instanceof OutOfTime)) {
      throw error;
    } else if (now >= deadline) {
      throw new Failure(messages.tooLate(Math.round((now - asked) / 60_000), subject));
    }
    const Obstacle = error instanceof OutOfTime ? error.obstacle : undefined;
    return { Deadline: deadline, Rest: { ...rest, Patience: patience.carried, Obstacle } };
  }
}

async function startWaiter(event: Event, step: Step, invocation: Invocation): Promise<void> {
  const { services, waiterArn } = invocation;
  const { clock } = services;
  // The same event is the same execution, however often Lambda delivers it.
  const name = createHash('sha256').update(JSON.stringify(event)).digest('hex');
  const input = JSON.stringify({ Event: event, Step: step });
  const until = Math.min(clock.now() + STARTING_TIME, invocation.leaveAt);
  let obstacle: Obstacle | undefined;
  for (let attempt = 0; clock.now() < until; attempt++) {
    try {
      const outcome = await services.executions().start(waiterArn, name, input);
      log({
        message: outcome === 'exists' ? 'an execution of the waiter has this event already' : 'the waiter takes over',
        resource: event.LogicalResourceId,
        request: event.RequestId,
      });
      return;
    } catch (error) {
      const call = { action: 'states:StartExecution', resource: waiterArn, role: invocation.roleArn };
      obstacle = obstacleOf(call, error);
      log({
        message: obstacle.kind,
        level: 'WARN',
        call: obstacle.action,
        said: obstacle.said,
        request: event.RequestId,
      });
      await clock.sleep(Math.ceil(Math.min(200 * 2 ** attempt, 3_000) * (0.5 + clock.random())));
    }
  }
  const failure = new Failure(messages.noWaiter(obstacle, undecided(event, invocation.surroundings.home)));
  if (!(await deliver(failed(event, invocation, failure), event, services, invocation.leaveAt))) {
    // Lambda repeats an event whose function failed.
    throw failure;
  }
}
