import type { ApiResponse } from '../api';

/** What can go wrong between a caller and a service. */
export const FAULTS = [
  'throttled',
  'internal error',
  'unavailable',
  'no deletion slot',
  'lost request',
  'lost answer',
  'empty answer',
  'malformed answer',
  'slow answer',
] as const;

export type Fault = (typeof FAULTS)[number];

/** How a service says that something went wrong, in its own wire protocol. */
export type EncodeError = (code: string, status: number) => ApiResponse;

/** Does the fault to a call. Of those whose answer alone is lost or spoilt, the effect took place all the same. */
export async function inflict(
  fault: Fault,
  encodeError: EncodeError,
  next: () => Promise<ApiResponse>,
  pause: () => Promise<void>,
): Promise<ApiResponse> {
  switch (fault) {
    case 'throttled':
      return encodeError('ThrottlingException', 400);
    case 'internal error':
      return encodeError('InternalFailureException', 500);
    case 'unavailable':
      return encodeError('ServiceUnavailableException', 503);
    case 'no deletion slot':
      return encodeError('LimitExceededException', 410);
    case 'lost request':
      return { status: 0, disconnect: true };
    case 'lost answer':
      return { ...(await next()), disconnect: true };
    case 'empty answer':
      return { ...(await next()), body: '' };
    case 'malformed answer':
      return { ...(await next()), body: '<{' };
    case 'slow answer':
      await pause();
      return next();
    default:
      return fault satisfies never;
  }
}

/** An error of a service that speaks REST-JSON, as AWS IoT does. */
export const restJsonError: EncodeError = (code, status) => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ message: `${code}, injected.` }),
});

/** An error of a service that speaks AWS Query, as CloudFormation does. */
export const queryError: EncodeError = (code, status) => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}, injected.</Message></Error></ErrorResponse>`,
});
