import { randomUUID } from 'node:crypto';
import type { Account } from '../account';
import { ServiceError, type ApiRequest, type ApiResponse, type Service } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import type { Lambda } from '../lambda/lambda';
import { parseDefinition, type ParsedDefinition } from './definition';
import { Execution } from './execution';
import { type Interpreter, interpreterOn } from './interpreter';
import { runLambdaTask, type Json } from './lambda-task';
import {
  describeExecution,
  encodeError,
  parseCall,
  requireArn,
  requireInput,
  requireName,
  respond,
  seconds,
  type StatesCall,
} from './states-api';

/** An ended execution keeps its name for 90 days. */
const NAME_RETENTION = 90 * 24 * 3_600_000;

/** What a state machine is created from. */
export interface StateMachineProperties {
  readonly name: string;
  /** The Amazon States Language document: JSON text. */
  readonly definition: string;
  readonly roleArn: string;
}

/** Stands between a caller of the API and the service: to watch, to delay, to break. */
export type Intercept = (operation: string, next: () => Promise<ApiResponse>) => Promise<ApiResponse>;

/** What the embedded Step Functions needs. */
export interface StepFunctionsOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  readonly lambda: Lambda;
  /** What the jitter of Retry is drawn with. Default: `Math.random`. */
  readonly random?: () => number;
}

interface DeployedStateMachine extends StateMachineProperties {
  readonly parsed: ParsedDefinition;
}

/** AWS Step Functions: runs Standard workflows with an implementation of the Amazon States Language. */
export class StepFunctions implements Service {
  readonly signingName = 'states';
  intercept?: Intercept;
  private readonly interpreter: Interpreter;
  private readonly machines = new Map<string, DeployedStateMachine>();
  private readonly started: Execution[] = [];
  /** The latest execution of each ARN: names are free again after a while. */
  private readonly byArn = new Map<string, Execution>();

  constructor(private readonly options: StepFunctionsOptions) {
    const { clock, random = Math.random } = options;
    this.interpreter = interpreterOn({ clock, random });
  }

  /** Every execution there has been, in the order of their start. */
  get executions(): readonly Execution[] {
    return this.started;
  }

  /** Creates a state machine and returns its ARN. */
  createStateMachine(properties: StateMachineProperties): string {
    requireName(properties.name);
    const arn = this.arn('stateMachine', properties.name);
    if (this.machines.has(arn)) {
      throw new ServiceError('StateMachineAlreadyExists', 400, `State Machine Already Exists: '${arn}'`);
    }
    this.machines.set(arn, this.deploy(properties));
    return arn;
  }

  /** Changes what is given. Running executions go on as they were started. */
  updateStateMachine(arn: string, changes: Partial<Omit<StateMachineProperties, 'name'>>): void {
    this.machines.set(arn, this.deploy({ ...this.machine(arn), ...changes }));
  }

  /** Deletes a state machine and stops its executions. */
  deleteStateMachine(arn: string): void {
    this.machines.delete(arn);
    this.started
      .filter(({ properties, status }) => properties.stateMachineArn === arn && status === 'RUNNING')
      .forEach((execution) => execution.stop());
  }

  /** Starts an execution, or finds the one that runs under the same name on the same input. */
  startExecution(stateMachineArn: string, input = '{}', name: string = randomUUID()): Execution {
    requireArn(stateMachineArn, 'stateMachine');
    requireName(name);
    requireInput(input);
    const machine = this.machine(stateMachineArn);
    const executionArn = this.arn('execution', `${machine.name}:${name}`);
    const existing = this.byArn.get(executionArn);
    if (existing?.status === 'RUNNING' && existing.properties.input === input) {
      return existing;
    }
    if (existing && this.options.clock.now() < (existing.stopDate ?? Infinity) + NAME_RETENTION) {
      throw new ServiceError('ExecutionAlreadyExists', 400, `Execution Already Exists: '${executionArn}'`);
    }
    const runTask = (resource: string, taskInput: Json): Promise<Json> =>
      runLambdaTask(this.options, machine.roleArn, resource, taskInput);
    const properties = { executionArn, stateMachineArn, name, input, definition: machine.parsed, runTask };
    const execution = new Execution(properties, this.options.clock);
    this.started.push(execution);
    this.byArn.set(executionArn, execution);
    return execution;
  }

  /** Stops an execution as a person does in the console. One that is over stays as it ended. */
  stopExecution(executionArn: string, error?: string, cause?: string): Execution {
    const execution = this.execution(executionArn);
    if (execution.status === 'RUNNING') {
      execution.stop(error, cause);
    }
    return execution;
  }

  /** Stops every execution; resolves when they are over. */
  async close(): Promise<void> {
    this.started.forEach((execution) => execution.stop());
    await Promise.all(this.started.map(({ finished }) => finished));
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    try {
      const call = parseCall(request);
      const next = (): Promise<ApiResponse> => this.answer(request.accessKeyId, call);
      return await (this.intercept ? this.intercept(call.operation, next) : next());
    } catch (error) {
      if (error instanceof ServiceError) {
        return encodeError(error);
      }
      throw error;
    }
  }

  private async answer(accessKeyId: string, { operation, request }: StatesCall): Promise<ApiResponse> {
    const { stateMachineArn = '', executionArn = '', name, input, error, cause } = request;
    const { iam } = this.options;
    const action = `states:${operation}`;
    await iam.authorise(accessKeyId, action, operation === 'StartExecution' ? stateMachineArn : executionArn);
    switch (operation) {
      case 'StartExecution': {
        const { properties, startDate } = this.startExecution(stateMachineArn, input, name);
        return respond(200, { executionArn: properties.executionArn, startDate: seconds(startDate) });
      }
      case 'DescribeExecution':
        return respond(200, describeExecution(this.execution(executionArn)));
      case 'StopExecution': {
        const execution = this.stopExecution(executionArn, error, cause);
        await execution.finished;
        return respond(200, { stopDate: seconds(execution.stopDate ?? this.options.clock.now()) });
      }
      default:
        return operation satisfies never;
    }
  }

  private execution(executionArn: string): Execution {
    requireArn(executionArn, 'execution');
    const execution = this.byArn.get(executionArn);
    if (!execution) {
      throw new ServiceError('ExecutionDoesNotExist', 400, `Execution Does Not Exist: '${executionArn}'`);
    }
    return execution;
  }

  private machine(arn: string): DeployedStateMachine {
    const machine = this.machines.get(arn);
    if (!machine) {
      throw new ServiceError('StateMachineDoesNotExist', 400, `State Machine Does Not Exist: '${arn}'`);
    }
    return machine;
  }

  private deploy({ name, definition, roleArn }: StateMachineProperties): DeployedStateMachine {
    return { name, definition, roleArn, parsed: parseDefinition(definition, this.interpreter) };
  }

  private arn(type: 'stateMachine' | 'execution', name: string): string {
    const { accountId, region } = this.options.account;
    return `arn:aws:states:${region}:${accountId}:${type}:${name}`;
  }
}
