import { ServiceError, type ApiRequest, type ApiResponse } from '../api';
import type { FunctionConfiguration } from './execution-environment';

/** A call of Lambda's REST API that the embedded AWS knows. */
export interface LambdaCall {
  readonly operation: 'Invoke' | 'GetFunction' | 'GetFunctionConfiguration';
  /** As sent: a name, a partial ARN or an ARN. */
  readonly functionName: string;
}

const ROUTES: readonly (readonly [method: string, path: RegExp, operation: LambdaCall['operation']])[] = [
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, 'Invoke'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)$/, 'GetFunction'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'GetFunctionConfiguration'],
];

/** Finds the operation that a method and a path stand for. */
export function parseCall(request: ApiRequest): LambdaCall {
  for (const [method, path, operation] of ROUTES) {
    const functionName = request.method === method && path.exec(request.path)?.[1];
    if (functionName) {
      return { operation, functionName: decodeURIComponent(functionName) };
    }
  }
  throw new ServiceError(
    'UnknownOperationException',
    404,
    `The embedded Lambda knows Invoke, GetFunction and GetFunctionConfiguration, not ${request.method} ${request.path}.`,
  );
}

/** The bare name in a function name, a partial ARN or an ARN, with or without a qualifier. */
export function bareFunctionName(nameOrArn: string): string {
  const match = /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9$_-]+)?$/.exec(
    nameOrArn,
  );
  if (!match?.[1]) {
    throw new ServiceError('InvalidParameterValueException', 400, `Not a function name or ARN: ${nameOrArn}`);
  }
  return match[1];
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
      ...(throttled ? { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' } : {}),
      message: error.message,
    }),
  };
}
