import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What CloudFormation sends. */
export type Event = CloudFormationCustomResourceEvent;

/** Whether this is something that CloudFormation sends: whoever may invoke the function can send anything. */
export function isEvent(candidate: unknown): candidate is Event {
  const event = candidate as Partial<Record<string, unknown>> | null | undefined;
  return (
    typeof event === 'object' &&
    event !== null &&
    ['Create', 'Update', 'Delete'].includes(String(event.RequestType)) &&
    [event.StackId, event.RequestId, event.LogicalResourceId, event.ResourceType].every(
      (text) => typeof text === 'string' && text !== '',
    ) &&
    typeof event.ResourceProperties === 'object' &&
    event.ResourceProperties !== null &&
    (event.RequestType === 'Create' || typeof event.PhysicalResourceId === 'string')
  );
}

/**
 * When CloudFormation asked, in milliseconds: the event may have waited in Lambda's queue since. The response URL tells
 * when it was signed, in whole seconds, so the end of that second is meant.
 *
 * A guess: that CloudFormation signs the URL when it sends the event.
 */
export function requestedAt({ ResponseURL }: Pick<Event, 'ResponseURL'>): number | undefined {
  const signed = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(ResponseURL);
  if (!signed) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second] = signed;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.999Z`);
  return Number.isNaN(time) ? undefined : time;
}
