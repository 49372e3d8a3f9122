import type { Services } from '../aws/services';
import { jobArn, type Place } from '../aws/place';
import { Calls } from '../deletion/calls';
import type { Durations } from '../deletion/durations';
import type { Call } from '../deletion/obstacle';
import type { Paces } from '../deletion/pace';
import type { Patience } from '../deletion/patience';
import { advice } from '../words/advice';
import { Failure } from '../words/failure';
import { log } from '../words/log';
import { messages } from '../words/messages';
import type { Subject } from '../words/subject';
import { type Answer, answerTo } from './answer';
import type { Event } from './event';
import { notCreatedId, physicalId } from './identity';
import type { Properties } from './properties';
import type { StackMemory } from './stack-reader';
import type { Surroundings } from './surroundings';

/** One invocation of the function: what it works with, and what lasts as long as the function stays warm. */
export interface Invocation {
  readonly services: Services;
  readonly surroundings: Surroundings;
  readonly functionName: string;
  readonly waiterArn: string;
  /** The role of the function, for messages. */
  readonly roleArn: string;
  /** Where the lines of this invocation are in the log. */
  readonly logged: string;
  /** When the work of this invocation must end, well before Lambda ends it: in milliseconds. */
  readonly leaveAt: number;
  readonly durations: Durations;
  readonly paces: Paces;
  readonly stackMemory: StackMemory;
}

/** Makes calls for an event: for the jobs of a place, or for its stack. */
export function callsFor(
  event: Event,
  { paces, roleArn, services, surroundings }: Invocation,
  {
    patience,
    place,
    subject,
    until,
    isPatient = false,
  }: {
    readonly patience: Patience;
    readonly place: Place;
    readonly subject: Subject;
    readonly until: number;
    readonly isPatient?: boolean;
  },
): Calls {
  const call = (action: string, jobId?: string): Call => {
    const isIot = action.startsWith('iot:');
    // IAM knows no resource type for ListJobs.
    const iot = action === 'iot:ListJobs' || jobId === undefined ? '*' : jobArn(jobId, place, surroundings.home);
    return {
      action,
      resource: isIot ? iot : event.StackId,
      role: (isIot ? place.assumeRole?.roleArn : undefined) ?? roleArn,
    };
  };
  return new Calls({ clock: services.clock, paces, patience, call, advice: advice(subject), until, isPatient });
}

/** The answer that all is well. @param properties those of the event, whose physical id a resource that stays has */
export function succeeded(
  event: Event,
  { surroundings }: Invocation,
  properties?: Properties,
  reason?: string,
): Answer {
  const id = event.RequestType === 'Delete' || !properties ? idOf(event) : physicalId(properties, surroundings.home);
  return answerTo(event, 'SUCCESS', id, reason);
}

/**
 * The answer that something failed. CloudFormation later deletes a resource whose Create failed: the id that it gets here
 * claims nothing, and is answered with success whatever the stack's status.
 */
export function failed(event: Event, { logged }: Invocation, error: unknown): Answer {
  const failure = error instanceof Failure ? error : new Failure(messages.unexpected(error), { cause: error });
  const { stack } = (failure.cause ?? {}) as Error;
  log({
    message: failure.message,
    level: 'ERROR',
    resource: event.LogicalResourceId,
    request: event.RequestId,
    stack: stack?.replaceAll(/https:\/\/\S+/g, '(URL)'),
  });
  return answerTo(event, 'FAILED', idOf(event), `${failure.message} ${logged}`);
}

function idOf(event: Event): string {
  return 'PhysicalResourceId' in event ? event.PhysicalResourceId : notCreatedId(event.RequestId);
}
