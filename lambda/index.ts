import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import type * as Clients from './aws/clients';
import type { Clock } from './aws/clock';
import { homeOf } from './aws/place';
import { put } from './aws/put';
import { Durations } from './deletion/durations';
import { Paces } from './deletion/pace';
import { type Event, isEvent } from './request/event';
import type { Invocation } from './request/invocation';
import { look } from './request/look';
import { receive } from './request/receive';
import { StackMemory } from './request/stack-reader';
import type { WaiterInput } from './request/step';
import { log } from './words/log';

const clock: Clock = { now: Date.now, sleep: delay, random: Math.random };

// What lasts while the function stays warm.
const durations = new Durations();
const paces = new Paces(clock);
const stackMemory = new StackMemory();

/** An invocation that runs into its time-out is lost: all work ends well before. In milliseconds. */
const RESERVE = 30_000;

/** A file of its own (see build.ts): the SDK takes longer to load than all else, and some events need none of it. */
// oxlint-disable-next-line typescript/no-require-imports
const clients = (): typeof Clients => require('./clients') as typeof Clients;

/**
 * The function's entry point. CloudFormation sends it events; the waiter, which it starts, sends it steps.
 *
 * @returns the next step, to the waiter
 * @throws for what nobody of the two sends
 */
export async function handler(input: unknown, context: Context): Promise<unknown> {
  const { Event: event } = (input ?? {}) as Partial<WaiterInput>;
  const asked = event ?? input;
  if (!isEvent(asked)) {
    throw new Error('This function serves custom resources of CloudFormation, and its own waiter: this is neither.');
  }
  if (!isAnswerable(asked)) {
    log({ message: 'the event has no ResponseURL: nothing was done', level: 'ERROR', request: asked.RequestId });
    return event ? { Deadline: 0, Answered: true } : undefined;
  }
  const invocation = invocationOf(asked, context);
  return event ? look(input as WaiterInput, invocation) : receive(asked, invocation);
}

function isAnswerable({ ResponseURL }: Event): boolean {
  return typeof ResponseURL === 'string' && URL.canParse(ResponseURL);
}

function invocationOf(event: Event, context: Context): Invocation {
  const { JOB_ID_PATTERNS, REGIONS, ASSUMABLE_ROLES, ROLE_ARN = 'of this function' } = process.env;
  // An emulator may not say where the function is; the stack is where the function is.
  const home = homeOf(context.invokedFunctionArn ?? '') ?? homeOf(event.StackId);
  const functionName = context.functionName || context.invokedFunctionArn?.split(':')[6];
  if (!home || !functionName) {
    throw new Error(`Neither the function's ARN nor the StackId says where this is: ${event.StackId}`);
  }
  return {
    services: {
      jobsAt: (place) => clients().jobsAt(place),
      stacks: () => clients().stacksHere(),
      executions: () => clients().executionsHere(),
      put,
      clock,
    },
    surroundings: {
      home,
      patterns: list(JOB_ID_PATTERNS) ?? ['*'],
      regions: list(REGIONS) ?? [],
      assumableRoles: list(ASSUMABLE_ROLES) ?? [],
    },
    functionName,
    waiterArn: `arn:${home.partition}:states:${home.region}:${home.account}:stateMachine:${functionName}`,
    roleArn: ROLE_ARN,
    logged: `Log group: ${context.logGroupName}, request id: ${context.awsRequestId}.`,
    leaveAt: clock.now() + context.getRemainingTimeInMillis() - RESERVE,
    durations,
    paces,
    stackMemory,
  };
}

function list(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').filter((each) => each !== '');
}
