import type { Clock } from '../clock';
import type { ParsedDefinition } from './definition';
import { History, type LibraryEvent, MAXIMUM_HISTORY_EVENTS } from './history';
import { type Json, TaskFailure } from './lambda-task';

/** What an execution's input, and the input, result and output of each state may hold at most: bytes of JSON text. */
export const MAXIMUM_DATA_BYTES = 262_144;

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

/** How an execution is ended from outside, where it stands. */
interface Ending {
  readonly status: 'FAILED' | 'ABORTED';
  readonly error?: string;
  readonly cause?: string;
}

/** One execution of a state machine: the library runs the definition, we run its tasks and watch its limits. */
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
  private readonly history = new History();
  private readonly abortRun: () => void;
  private ending?: Ending;

  constructor(
    readonly properties: ExecutionProperties,
    private readonly clock: Clock,
  ) {
    this.startDate = clock.now();
    const { definition, input, name, executionArn, stateMachineArn } = properties;
    const tasks = [...definition.tasks].map(([state, resource]) => [state, this.task(state, resource)]);
    const handlers = Object.fromEntries(tasks) as Record<string, (input: Json) => Promise<Json>>;
    const run = definition.machine.run(JSON.parse(input) as Json, {
      overrides: { taskResourceLocalHandlers: handlers },
      context: {
        Execution: { Id: executionArn, Name: name },
        StateMachine: { Id: stateMachineArn, Name: stateMachineArn.slice(stateMachineArn.lastIndexOf(':') + 1) },
      },
    });
    this.abortRun = () => run.abort();
    const recorded = this.record(run.eventLogs);
    this.finished = run.result
      .then(
        (output) => this.end('SUCCEEDED', JSON.stringify(output)),
        (error: unknown) => this.fail(error as Error),
      )
      .then(() => recorded);
  }

  /** How many state transitions it is billed for, so far. */
  get transitions(): number {
    return this.history.transitions;
  }

  /** How many events its history has, so far. */
  get historyEvents(): number {
    return this.history.events;
  }

  /** Stops it where it stands, as a person does. What runs for a task runs on, and nobody takes its result. */
  stop(error?: string, cause?: string): void {
    this.terminate({ status: 'ABORTED', error, cause });
  }

  private terminate(ending: Ending): void {
    this.ending ??= ending;
    this.abortRun();
  }

  private task(state: string, resource: string): (input: Json) => Promise<Json> {
    return async (input) => {
      // The library ends a pause when the execution is aborted, and goes on with the next attempt.
      if (this.ending) {
        throw new TaskFailure('States.Aborted', 'The execution has been stopped.', false);
      }
      requireWithinLimit(state, input);
      const result = await this.properties.runTask(resource, input);
      requireWithinLimit(state, result);
      return result;
    };
  }

  private async record(events: AsyncGenerator<LibraryEvent>): Promise<void> {
    for await (const event of events) {
      this.history.record(event);
      if (event.type === 'StateExited') {
        this.limitData(event.state.name, event.state.output);
      }
      if (this.history.isFull && event.type !== 'ExecutionSucceeded') {
        // The cause is AWS's; the error's name is a guess, and nobody can catch it.
        const cause = `The execution reached the maximum number of history events (${MAXIMUM_HISTORY_EVENTS}).`;
        this.terminate({ status: 'FAILED', error: 'States.Runtime', cause });
      }
    }
  }

  private limitData(state: string, output: Json | undefined): void {
    try {
      requireWithinLimit(state, output ?? null);
    } catch (error) {
      const { name, message } = error as TaskFailure;
      this.terminate({ status: 'FAILED', error: name, cause: message });
    }
  }

  private fail(error: Error): void {
    // Each clock has its own copy of the library's classes.
    switch (error.name) {
      case 'ExecutionAbortedError':
        ({ error: this.error, cause: this.cause } = this.ending ?? {});
        this.end(this.ending?.status ?? 'ABORTED');
        return;
      case 'ExecutionTimeoutError':
        this.error = 'States.Timeout';
        this.end('TIMED_OUT');
        return;
      default: {
        const failure = error.cause instanceof Error ? error.cause : error;
        this.error = failure.name;
        this.cause = failure.message;
        this.end('FAILED');
      }
    }
  }

  private end(status: ExecutionStatus, output?: string): void {
    this.status = status;
    this.output = output;
    this.stopDate = this.clock.now();
  }
}

/** Throws the error that `States.ALL` does not catch. That naming it would not help either is a guess, the safe one. */
function requireWithinLimit(state: string, data: Json): void {
  if (Buffer.byteLength(JSON.stringify(data)) > MAXIMUM_DATA_BYTES) {
    throw new TaskFailure(
      'States.DataLimitExceeded',
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      false,
    );
  }
}
