import { ServiceError } from '../api';
import type { Iam, Role } from '../iam/iam';
import type { Lambda } from '../lambda/lambda';

/** JSON, as it passes from state to state. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * The failure of a Task state, in the form that the library reads: the name is the `Error` that Retry and Catch match,
 * the message is the `Cause` that they pass on.
 */
export class TaskFailure extends Error {
  /** Read by the library: an aborted execution must not be retried, nor caught. */
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(error: string, cause: string, recoverable = true) {
    super(cause);
    this.name = error;
    this.isRetryable = recoverable;
    this.isCatchable = recoverable;
  }
}

/** Runs one attempt of a Task state whose resource is a Lambda function, as the state machine's role. */
export async function runLambdaTask(
  services: { readonly iam: Iam; readonly lambda: Lambda },
  role: Role,
  functionArn: string,
  input: Json,
): Promise<Json> {
  const outcome = await invoke(services, role, functionArn, input).catch((error: unknown) => {
    throw error instanceof ServiceError ? serviceFailure(error) : error;
  });
  if (outcome.functionError) {
    // Step Functions gives the whole envelope as Cause; the framework's onTimeout reads its errorMessage there.
    const { errorType } = JSON.parse(outcome.payload) as { errorType?: string };
    throw new TaskFailure(errorType ?? 'Lambda.Unknown', outcome.payload);
  }
  return JSON.parse(outcome.payload) as Json;
}

async function invoke(
  { iam, lambda }: { readonly iam: Iam; readonly lambda: Lambda },
  role: Role,
  functionArn: string,
  input: Json,
): ReturnType<Lambda['invoke']> {
  await iam.authorise(role.accessKeyId, 'lambda:InvokeFunction', functionArn);
  return lambda.invoke(functionArn, JSON.stringify(input));
}

/** Lambda's own error, as Step Functions names it; those that it has no name for are AWSLambdaException. */
function serviceFailure(error: ServiceError): TaskFailure {
  const code = error.code === 'AccessDeniedException' ? 'AWSLambdaException' : error.code;
  const detail = `(Service: AWSLambda; Status Code: ${error.status}; Error Code: ${error.code})`;
  return new TaskFailure(`Lambda.${code}`, `${error.message} ${detail}`);
}
