import { randomUUID } from 'node:crypto';
import type { Account } from '../account';
import { ServiceError, type ApiRequest, type ApiResponse, type Service } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import type { Lambda } from '../lambda/lambda';
import { parseDefinition, type ParsedDefinition } from './definition';
import { Execution } from './execution';
import { runLambdaTask, type Json } from './lambda-task';

const TARGET_PREFIX = 'AWSStepFunctions.';

/** What a state machine is created from. */
export interface StateMachineProperties {
  readonly name: string;
  /** The Amazon States Language document: JSON text. */
  readonly definition: string;
  readonly roleArn: string;
}

/** What the embedded Step Functions needs. */
export interface StepFunctionsOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  readonly lambda: Lambda;
}

interface DeployedStateMachine extends StateMachineProperties {
  readonly parsed: ParsedDefinition;
}

/** The members of the requests that are known here. */
interface StatesRequest {
  readonly stateMachineArn?: string;
  readonly executionArn?: string;
  readonly name?: string;
  readonly input?: string;
}

/** AWS Step Functions: runs the definitions that it is given with an implementation of the Amazon States Language. */
export class StepFunctions implements Service {
  readonly signingName = 'states';
  private readonly machines = new Map<string, DeployedStateMachine>();
  private readonly started: Execution[] = [];

  constructor(private readonly options: StepFunctionsOptions) {}

  /** Every execution there has been, in the order of their start. */
  get executions(): readonly Execution[] {
    return this.started;
  }

  /** Creates a state machine and returns its ARN. */
  createStateMachine(properties: StateMachineProperties): string {
    const arn = this.arn('stateMachine', properties.name);
    if (this.machines.has(arn)) {
      throw new ServiceError('StateMachineAlreadyExists', 400, `State Machine Already Exists: '${arn}'`);
    }
    this.machines.set(arn, deploy(properties));
    return arn;
  }

  /** Changes what is given. Running executions go on as they were started. */
  updateStateMachine(arn: string, changes: Partial<Omit<StateMachineProperties, 'name'>>): void {
    this.machines.set(arn, deploy({ ...this.machine(arn), ...changes }));
  }

  /** Deletes a state machine and stops its executions. */
  deleteStateMachine(arn: string): void {
    this.machines.delete(arn);
    this.started
      .filter(({ properties }) => properties.stateMachineArn === arn)
      .forEach((execution) => execution.abort());
  }

  /** Starts an execution, or finds the one that runs under the same name on the same input. */
  startExecution(stateMachineArn: string, input = '{}', name: string = randomUUID()): Execution {
    const machine = this.machine(stateMachineArn);
    const executionArn = this.arn('execution', `${machine.name}:${name}`);
    requireJson(input);
    const existing = this.started.find(({ properties }) => properties.executionArn === executionArn);
    if (existing?.status === 'RUNNING' && existing.properties.input === input) {
      return existing;
    }
    if (existing) {
      throw new ServiceError('ExecutionAlreadyExists', 400, `Execution Already Exists: '${executionArn}'`);
    }
    const runTask = async (resource: string, taskInput: Json): Promise<Json> =>
      runLambdaTask(this.options, this.options.iam.roleByArn(machine.roleArn), resource, taskInput);
    const properties = { executionArn, stateMachineArn, name, input, definition: machine.parsed, runTask };
    const execution = new Execution(properties, this.options.clock);
    this.started.push(execution);
    return execution;
  }

  /** Stops every execution; resolves when they are over. */
  async close(): Promise<void> {
    this.started.forEach((execution) => execution.abort());
    await Promise.all(this.started.map(({ finished }) => finished));
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    try {
      return respond(200, await this.answer(request));
    } catch (error) {
      if (error instanceof ServiceError) {
        return respond(error.status, { __type: error.code, message: error.message });
      }
      throw error;
    }
  }

  private async answer(request: ApiRequest): Promise<Record<string, unknown>> {
    const operation = (request.headers['x-amz-target'] ?? '').replace(TARGET_PREFIX, '');
    const { stateMachineArn = '', executionArn = '', name, input } = JSON.parse(request.body || '{}') as StatesRequest;
    const { iam } = this.options;
    switch (operation) {
      case 'StartExecution': {
        await iam.authorise(request.accessKeyId, 'states:StartExecution', stateMachineArn);
        const { properties, startDate } = this.startExecution(stateMachineArn, input, name);
        return { executionArn: properties.executionArn, startDate: startDate / 1000 };
      }
      case 'DescribeExecution':
        await iam.authorise(request.accessKeyId, 'states:DescribeExecution', executionArn);
        return this.describe(executionArn);
      default:
        throw new ServiceError(
          'UnknownOperationException',
          400,
          `The embedded Step Functions knows StartExecution and DescribeExecution, not '${operation}'.`,
        );
    }
  }

  private describe(executionArn: string): Record<string, unknown> {
    const execution = this.started.find(({ properties }) => properties.executionArn === executionArn);
    if (!execution) {
      throw new ServiceError('ExecutionDoesNotExist', 400, `Execution Does Not Exist: '${executionArn}'`);
    }
    const { properties, startDate, stopDate, status, output, error, cause } = execution;
    const { stateMachineArn, name, input } = properties;
    const stopped = stopDate === undefined ? undefined : stopDate / 1000;
    const dates = { startDate: startDate / 1000, stopDate: stopped };
    return { executionArn, stateMachineArn, name, status, ...dates, input, output, error, cause };
  }

  private machine(arn: string): DeployedStateMachine {
    const machine = this.machines.get(arn);
    if (!machine) {
      throw new ServiceError('StateMachineDoesNotExist', 400, `State Machine Does Not Exist: '${arn}'`);
    }
    return machine;
  }

  private arn(type: 'stateMachine' | 'execution', name: string): string {
    const { accountId, region } = this.options.account;
    return `arn:aws:states:${region}:${accountId}:${type}:${name}`;
  }
}

function deploy({ name, definition, roleArn }: StateMachineProperties): DeployedStateMachine {
  return { name, definition, roleArn, parsed: parseDefinition(definition) };
}

function requireJson(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new ServiceError('InvalidExecutionInput', 400, 'Invalid State Machine Execution Input: not JSON');
  }
}

function respond(status: number, body: Record<string, unknown>): ApiResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}
