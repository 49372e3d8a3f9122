import { randomUUID } from 'node:crypto';
import { ServiceError } from '../api';
import type { Iam, Role } from '../iam/iam';
import type { Lambda } from '../lambda/lambda';
import type { InvocationType } from '../lambda/payload';

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

/** What a Task state needs to call a function. */
export interface TaskServices {
  readonly iam: Iam;
  readonly lambda: Lambda;
}

/** A call of a function, as a Task state's resource and input mean it. */
interface Call {
  readonly functionName: string;
  readonly payload: Json;
  readonly type: InvocationType;
}

/** Runs one attempt of a Task state as the state machine's role. */
export async function runLambdaTask(
  services: TaskServices,
  roleArn: string,
  resource: string,
  input: Json,
): Promise<Json> {
  if (!resource.endsWith(':states:::lambda:invoke')) {
    return resultOf(
      await invoke(services, roleArn, { functionName: resource, payload: input, type: 'RequestResponse' }),
    );
  }
  const call = callOf(input);
  const outcome = await invoke(services, roleArn, call);
  return {
    ExecutedVersion: '$LATEST',
    StatusCode: call.type === 'Event' ? 202 : 200,
    ...(call.type === 'Event' ? {} : { Payload: resultOf(outcome) }),
    SdkHttpMetadata: { HttpStatusCode: call.type === 'Event' ? 202 : 200 },
    SdkResponseMetadata: { RequestId: randomUUID() },
  };
}

/** The Parameters of the optimised integration, `arn:aws:states:::lambda:invoke`. */
function callOf(parameters: Json): Call {
  const { FunctionName, Payload, InvocationType, Qualifier } = { ...(parameters as Record<string, Json>) };
  if (typeof FunctionName !== 'string') {
    throw new TaskFailure('States.Runtime', "The field 'FunctionName' is required but was missing.", false);
  }
  return {
    functionName: typeof Qualifier === 'string' ? `${FunctionName}:${Qualifier}` : FunctionName,
    payload: Payload ?? {},
    type: InvocationType === 'Event' ? 'Event' : 'RequestResponse',
  };
}

async function invoke(
  { iam, lambda }: TaskServices,
  roleArn: string,
  { functionName, payload, type }: Call,
): ReturnType<Lambda['invoke']> {
  try {
    await iam.authorise(assume(iam, roleArn).accessKeyId, 'lambda:InvokeFunction', lambda.arnOf(functionName));
    return await lambda.invoke(functionName, JSON.stringify(payload), type);
  } catch (error) {
    throw error instanceof ServiceError ? serviceFailure(error) : error;
  }
}

/** A role that is gone is no role; the error's name is a guess. */
function assume(iam: Iam, roleArn: string): Role {
  try {
    return iam.roleByArn(roleArn);
  } catch (error) {
    throw new TaskFailure('States.Permissions', `The role ${roleArn} can't be assumed: ${(error as Error).message}`);
  }
}

function resultOf({ payload, functionError }: Awaited<ReturnType<Lambda['invoke']>>): Json {
  const result = JSON.parse(payload) as Json;
  if (functionError) {
    // Step Functions gives the whole envelope as Cause.
    const { errorType } = { ...(result as { readonly errorType?: string } | null) };
    throw new TaskFailure(errorType ?? 'Lambda.Unknown', payload);
  }
  return result;
}

/** Lambda's own error, as Step Functions names it; those that it has no name for are AWSLambdaException. */
function serviceFailure(error: ServiceError): TaskFailure {
  const code = error.code === 'AccessDeniedException' ? 'AWSLambdaException' : error.code;
  const detail = `(Service: AWSLambda; Status Code: ${error.status}; Error Code: ${error.code})`;
  return new TaskFailure(`Lambda.${code}`, `${error.message} ${detail}`);
}
