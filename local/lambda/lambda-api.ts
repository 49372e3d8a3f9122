import { ServiceError, type ApiRequest, type ApiResponse } from '../api';
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

const ROUTES: readonly (readonly [method: string, path: RegExp, operation: LambdaCall['operation']])[] = [
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, 'Invoke'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)$/, 'GetFunction'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'GetFunctionConfiguration'],
];

const FUNCTION_NAME =
  /^(?:arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9_-]{1,64})(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** Finds the operation that a method and a path stand for. */
export function parseCall(request: ApiRequest): LambdaCall {
  for (const [method, path, operation] of ROUTES) {
    const name = request.method === method && path.exec(request.path)?.[1];
    if (name) {
      return { operation, reference: qualified(parseFunctionName(decoded(name)), request.query.get('Qualifier')) };
    }
  }
  throw new ServiceError(
    'UnknownOperationException',
    404,
    `The embedded Lambda knows Invoke, GetFunction and GetFunctionConfiguration, not ${request.method} ${request.path}.`,
  );
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

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw invalidParameter(`Not percent-encoded UTF-8: ${name}`);
  }
}

function qualified(reference: FunctionReference, qualifier: string | null): FunctionReference {
  if (qualifier !== null && reference.qualifier !== undefined && qualifier !== reference.qualifier) {
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
