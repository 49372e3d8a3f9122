import { ServiceError } from '../api';
import { type Outcome } from './execution-environment';

/** Whether the caller waits for the function. */
export type InvocationType = 'RequestResponse' | 'Event';

/** What an invocation may carry at most, in bytes. It was 256 KB for events until October 2025. */
const MAXIMUM_PAYLOAD_BYTES: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6_291_456,
  Event: 1_048_576,
};

/** What a function may answer with at most, in bytes: the payload, and a little for its envelope. */
const MAXIMUM_RESPONSE_BYTES = 6_291_556;

/** The payload as the function gets it; throws Lambda's error where it takes none such. */
export function acceptPayload(payload: string, type: InvocationType): string {
  const maximum = MAXIMUM_PAYLOAD_BYTES[type];
  if (Buffer.byteLength(payload) > maximum) {
    const message = `Request must be smaller than ${maximum} bytes for the InvokeFunction operation`;
    throw new ServiceError('RequestTooLargeException', 413, message);
  }
  const event = payload || '{}';
  try {
    JSON.parse(event);
  } catch {
    throw new ServiceError('InvalidRequestContentException', 400, 'Could not parse request body into json.');
  }
  return event;
}

/** The outcome as the caller gets it: an answer that is too long is an error of the function. */
export function limitResponse(outcome: Outcome): Outcome {
  if (Buffer.byteLength(outcome.payload) <= MAXIMUM_RESPONSE_BYTES) {
    return outcome;
  }
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAXIMUM_RESPONSE_BYTES} bytes).`;
  return {
    payload: JSON.stringify({ errorMessage, errorType: 'Function.ResponseSizeTooLarge' }),
    functionError: 'Unhandled',
  };
}
