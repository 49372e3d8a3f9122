import { ServiceError, type ApiRequest, type ApiResponse } from '../api';
import { readInput } from '../service-model/input';
import lambdaModel from '../service-model/lambda.json';
import { matchRoute } from '../service-model/route';
import type { ServiceModel } from '../service-model/service-model';
import type { FunctionConfiguration } from './execution-environment';

/** A call of Lambda's REST API that the embedded AWS knows. */
export interface LambdaCall {
  readonly operation: 'Invoke' | 'GetFunction' | 'GetFunctionConfiguration';
  readonly reference: FunctionReference;
}

/** Which function a name, a partial ARN or an ARN means. */
export interface FunctionReference {
  /** Undefined: the caller's own. */
  readonly region?: string;
  readonly accountId?: string;
  readonly functionName: string;
  /** A version or an alias. */
  readonly qualifier?: string;
}

/** AWS's own model of these calls. */
const MODEL = lambdaModel as unknown as ServiceModel;
const INPUT_ERRORS = { malformed: 'InvalidRequestContentException', invalid: 'ValidationException' };

const FUNCTION_NAME =
  /^(?:arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9_-]{1,64})(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** Finds the operation that a method and a path stand for, and checks its input by the model. */
export function parseCall(request: ApiRequest): LambdaCall {
  const route = matchRoute(MODEL, request.method, request.path);
  if (!route) {
    const known = Object.keys(MODEL.operations).join(', ');
    throw new ServiceError(
      'UnknownOperationException',
      404,
      `The embedded Lambda knows ${known}, not ${request.method} ${request.path.slice(0, 200)}.`,
    );
  }
  const { operation, labels } = route;
  const input = readInput<NamedFunction>(MODEL, operation, request, INPUT_ERRORS, labels);
  return {
    operation: operation as LambdaCall['operation'],
    reference: qualified(parseFunctionName(input.FunctionName), input.Qualifier),
  };
}

/** What the inputs of all these calls have. */
interface NamedFunction {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** Reads a function name, a partial ARN or an ARN, with or without a qualifier. */
export function parseFunctionName(nameOrArn: string): FunctionReference {
  const match = FUNCTION_NAME.exec(nameOrArn);
  if (!match) {
    throw invalidParameter(`Not a function name or ARN: ${nameOrArn}`);
  }
  const [, region, accountId, functionName = '', qualifier] = match;
  return { region, accountId, functionName, qualifier };
}

function qualified(reference: FunctionReference, qualifier: string | undefined): FunctionReference {
  if (qualifier !== undefined && reference.qualifier !== undefined && qualifier !== reference.qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return { ...reference, qualifier: qualifier ?? reference.qualifier };
}

function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', 400, message);
}

/** Lambda's FunctionConfiguration structure. */
export function describeFunction(configuration: FunctionConfiguration): Record<string, unknown> {
  return {
    FunctionName: configuration.functionName,
    FunctionArn: configuration.functionArn,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memorySize,
    Version: '$LATEST',
    PackageType: 'Zip',
    Environment: { Variables: configuration.environment },
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/** A JSON answer of Lambda's. */
export function jsonResponse(status: number, body: unknown): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** An error in Lambda's protocol: its name is in a header. */
export function encodeError(error: ServiceError): ApiResponse {
  const throttled = error.code === 'TooManyRequestsException';
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': error.code },
    body: JSON.stringify({
      Type: error.status < 500 ? 'User' : 'Service',
      ...(throttled ? { Reason: 'ConcurrentInvocationLimitExceeded' } : {}),
      message: error.message,
    }),
  };
}
