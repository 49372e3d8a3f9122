import { type ApiResponse, ServiceError } from '../api';
import { s3Error } from '../cloudformation/responses';
import type { Outcome } from '../lambda/execution-environment';
import type { ErrorFault, Protocol } from './fault';

type Errors = Readonly<Record<ErrorFault, readonly [code: string, status: number]>>;

const ERRORS: Errors = {
  throttled: ['ThrottlingException', 400],
  'internal error': ['InternalFailureException', 500],
  unavailable: ['ServiceUnavailableException', 503],
  'no deletion slot': ['LimitExceededException', 410],
  denied: ['AccessDeniedException', 403],
};

/** REST-JSON, which AWS IoT speaks. */
export const restJson = http(ERRORS, (code, status) => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ message: `${code}, injected.` }),
}));

/** AWS Query, which CloudFormation speaks. */
export const query = http(ERRORS, (code, status) => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}, injected.</Message></Error></ErrorResponse>`,
}));

/** AWS JSON, which Step Functions speaks: an error of the client's is always a 400. */
export const awsJson = http(ERRORS, (code, status) => ({
  status: status < 500 ? 400 : status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: code, message: `${code}, injected.` }),
}));

/** S3, which takes the answers of custom resources. */
export const s3 = http(
  {
    ...ERRORS,
    throttled: ['SlowDown', 503],
    'internal error': ['InternalError', 500],
    unavailable: ['ServiceUnavailable', 503],
    denied: ['AccessDenied', 403],
  },
  (code, status) => s3Error(status, code, `${code}, injected.`),
);

/** Lambda's invocations, as Step Functions and the queue of events see them. */
export const invocation: Protocol<Outcome> = {
  error: (fault) => {
    const errors: Errors = {
      ...ERRORS,
      throttled: ['TooManyRequestsException', 429],
      'internal error': ['ServiceException', 500],
      unavailable: ['ServiceException', 503],
    };
    const [code, status] = errors[fault];
    throw new ServiceError(code, status, `${code}, injected.`);
  },
  lost: noAnswer,
  spoilt: noAnswer,
};

/** Step Functions calls it `Lambda.SdkClientException`; the queue tries again. */
function noAnswer(): never {
  throw new ServiceError('SdkClientException', 500, 'The connection was lost, injected.');
}

function http(errors: Errors, encode: (code: string, status: number) => ApiResponse): Protocol<ApiResponse> {
  return {
    error: (fault) => encode(...errors[fault]),
    lost: () => ({ status: 0, disconnect: true }),
    spoilt: (answer, body) => ({ ...answer, body }),
  };
}
