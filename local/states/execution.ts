import { ExecutionAbortedError, ExecutionTimeoutError } from 'aws-local-stepfunctions';
import type { Clock } from '../clock';
import type { ParsedDefinition } from './definition';
import { TaskFailure, type Json } from './lambda-task';

/** Step Functions' own words for how an execution stands. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What an execution is started with. */
export interface ExecutionProperties {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  /** @internal */
  readonly definition: ParsedDefinition;
  /** Runs one attempt of a Task state. */
  readonly runTask: (resource: string, input: Json) => Promise<Json>;
}

/**
 * One execution of a state machine: the library runs the definition, we run its tasks.
 *
 * The pauses of Retry and Wait are the library's own timers, so they pass in the machine's time, whatever the clock.
 */
export class Execution {
  readonly startDate: number;
  stopDate?: number;
  status: ExecutionStatus = 'RUNNING';
  /** JSON text, once it has succeeded. */
  output?: string;
  /** The error's name, once it has failed. */
  error?: string;
  cause?: string;
  /** Resolves when it is over, however it ended. */
  readonly finished: Promise<void>;
  private readonly stop: () => void;
  private stopped = false;

  constructor(
    readonly properties: ExecutionProperties,
    private readonly clock: Clock,
  ) {
    this.startDate = clock.now();
    const { definition, input, name, executionArn } = properties;
    const tasks = [...definition.tasks].map(([state, resource]) => [state, this.task(resource)]);
    const handlers = Object.fromEntries(tasks) as Record<string, (input: Json) => Promise<Json>>;
    const run = definition.machine.run(JSON.parse(input) as Json, {
      overrides: { taskResourceLocalHandlers: handlers },
      context: { Execution: { Id: executionArn, Name: name }, StateMachine: { Id: properties.stateMachineArn } },
    });
    this.stop = () => run.abort();
    this.finished = run.result.then(
      (output) => this.end('SUCCEEDED', JSON.stringify(output)),
      (error: unknown) => this.fail(error),
    );
  }

  /** Stops it where it stands; an attempt of a task that runs now is left to its end. */
  abort(): void {
    this.stopped = true;
    this.stop();
  }

  private task(resource: string): (input: Json) => Promise<Json> {
    return async (input) => {
      // The library ends a pause when the execution is aborted, and goes on with the next attempt.
      if (this.stopped) {
        throw new TaskFailure('States.Aborted', 'The execution has been stopped.', false);
      }
      return this.properties.runTask(resource, input);
    };
  }

  private fail(error: unknown): void {
    if (error instanceof ExecutionAbortedError) {
      this.end('ABORTED');
    } else if (error instanceof ExecutionTimeoutError) {
      this.end('TIMED_OUT');
    } else {
      const failure = (error as Error).cause instanceof Error ? ((error as Error).cause as Error) : (error as Error);
      this.error = failure.name;
      this.cause = failure.message;
      this.end('FAILED');
    }
  }

  private end(status: ExecutionStatus, output?: string): void {
    this.status = status;
    this.output = output;
    this.stopDate = this.clock.now();
  }
}
