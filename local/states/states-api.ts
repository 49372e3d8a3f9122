import { ServiceError, type ApiRequest, type ApiResponse } from '../api';
import { readInput } from '../service-model/input';
import type { ServiceModel } from '../service-model/service-model';
import statesModel from '../service-model/states.json';
import { type Execution, MAXIMUM_DATA_BYTES } from './execution';

const TARGET_PREFIX = 'AWSStepFunctions.';

/** AWS's own model of the calls that the embedded AWS knows. */
const MODEL = statesModel as unknown as ServiceModel;
const INPUT_ERRORS = { malformed: 'SerializationException', invalid: 'ValidationException' };

/** The name of such a call. */
export type StatesOperation = keyof typeof statesModel.operations;

/** A call with its members, all of them text. */
export interface StatesCall {
  readonly operation: StatesOperation;
  readonly request: {
    readonly stateMachineArn?: string;
    readonly executionArn?: string;
    readonly name?: string;
    readonly input?: string;
    readonly error?: string;
    readonly cause?: string;
  };
}

/** Characters that Step Functions allows in no name: brackets, wildcards, special and control characters. */
const FORBIDDEN_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/u;

/** Reads a call of the AWS JSON protocol. */
export function parseCall(request: ApiRequest): StatesCall {
  const operation = (request.headers['x-amz-target'] ?? '').replace(TARGET_PREFIX, '');
  if (!isOperation(operation)) {
    const known = Object.keys(MODEL.operations).join(', ');
    throw invalid('UnknownOperationException', `The embedded Step Functions knows ${known}, not '${operation}'.`);
  }
  return { operation, request: readInput(MODEL, operation, request, INPUT_ERRORS) };
}

function isOperation(name: string): name is StatesOperation {
  return Object.hasOwn(MODEL.operations, name);
}

/** Throws Step Functions' error for a name that it allows neither a state machine nor an execution. */
export function requireName(name: string): void {
  if (name.length < 1 || name.length > 80) {
    throw constraintViolation(`'${name.slice(0, 100)}'`, 'name', 'Member must have length between 1 and 80');
  }
  if (FORBIDDEN_IN_NAMES.test(name)) {
    throw invalid('InvalidName', `Invalid Name: '${name}'`);
  }
}

/** Throws Step Functions' error for an ARN that is of something else. */
export function requireArn(arn: string, type: 'stateMachine' | 'execution'): void {
  if (!new RegExp(`^arn:aws[a-z-]*:states:[a-z0-9-]+:\\d{12}:${type}:.+$`).test(arn)) {
    throw invalid('InvalidArn', `Invalid Arn: '${arn.slice(0, 256)}' is not the ARN of ${type}`);
  }
}

/** Throws Step Functions' error for an execution's input that is no JSON, or too much of it. */
export function requireInput(input: string): void {
  if (Buffer.byteLength(input) > MAXIMUM_DATA_BYTES) {
    const message = `input is longer than ${MAXIMUM_DATA_BYTES} bytes`;
    throw invalid('InvalidExecutionInput', `Invalid State Machine Execution Input: ${message}`);
  }
  try {
    JSON.parse(input);
  } catch {
    throw invalid('InvalidExecutionInput', 'Invalid State Machine Execution Input: not JSON');
  }
}

/** The structure that DescribeExecution answers with. */
export function describeExecution(execution: Execution): Record<string, unknown> {
  const { properties, startDate, stopDate, status, output, error, cause } = execution;
  const { executionArn, stateMachineArn, name, input } = properties;
  const dates = { startDate: seconds(startDate), stopDate: stopDate === undefined ? undefined : seconds(stopDate) };
  return { executionArn, stateMachineArn, name, status, ...dates, input, output, error, cause };
}

/** A point in time as the protocol has it. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

/** An answer of Step Functions'. */
export function respond(status: number, body: Record<string, unknown>): ApiResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

/** An error in Step Functions' protocol: the client's own are all 400. */
export function encodeError(error: ServiceError): ApiResponse {
  return respond(error.status < 500 ? 400 : error.status, { __type: error.code, message: error.message });
}

function invalid(code: string, message: string): ServiceError {
  return new ServiceError(code, 400, message);
}

function constraintViolation(value: string, member: string, constraint: string): ServiceError {
  const message = `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`;
  return invalid('ValidationException', message);
}
