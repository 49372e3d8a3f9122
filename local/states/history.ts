import type { StateMachine } from 'aws-local-stepfunctions';

/** What the library tells of an execution as it runs. */
export type LibraryEvent =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

/** How many events an execution's history holds. One that gets there without having succeeded fails. */
export const MAXIMUM_HISTORY_EVENTS = 25_000;

/** What Step Functions counts of an execution: the events of its history, and the state transitions that it bills. */
export class History {
  /** One for each state that is entered, and one for each retry, as the price list says. */
  transitions = 0;
  private readonly caught = new Set<string>();
  private count = 0;

  /** As many as GetExecutionHistory would list. */
  get events(): number {
    return Math.min(this.count, MAXIMUM_HISTORY_EVENTS);
  }

  /** Whether its last place is for the end of the execution. */
  get isFull(): boolean {
    return this.count >= MAXIMUM_HISTORY_EVENTS;
  }

  /** Takes one of the library's events, which are fewer: it has none for what happens inside of a Task. */
  record(event: LibraryEvent): void {
    switch (event.type) {
      case 'ExecutionStarted':
      case 'ExecutionSucceeded':
      case 'ExecutionFailed':
      case 'ExecutionAborted':
      case 'ExecutionTimeout':
      case 'MapIterationStarted':
      case 'MapIterationSucceeded':
      case 'MapIterationFailed':
        this.count += 1;
        return;
      case 'ParallelBranchStarted':
      case 'ParallelBranchSucceeded':
      case 'ParallelBranchFailed':
        return;
      case 'StateEntered':
        this.transitions += 1;
        this.count += 1 + begun(event.state.type);
        return;
      case 'StateRetried':
        this.transitions += 1;
        this.count += begun(event.state.type);
        return;
      case 'StateFailed':
        // A Fail state does what it is there for: the execution's own event tells it.
        this.count += event.state.type === 'Fail' ? 0 : 1;
        return;
      case 'StateCaught':
        this.caught.add(event.state.name);
        return;
      case 'StateExited':
        this.count += 1 + (this.caught.delete(event.state.name) ? 0 : succeeded(event.state.type));
        return;
      default:
        event satisfies never;
    }
  }
}

/** The events between entering a state and its work: a Task's is scheduled and started, a Map or Parallel started. */
function begun(type: string): number {
  return type === 'Task' ? 2 : compound(type);
}

/** The event between its work and leaving it. */
function succeeded(type: string): number {
  return type === 'Task' ? 1 : compound(type);
}

function compound(type: string): number {
  return type === 'Map' || type === 'Parallel' ? 1 : 0;
}
