import './promise-with-resolvers';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { ServiceError } from '../api';

/**
 * What a Task without TimeoutSeconds gets, in seconds. Step Functions gives it 99,999,999; the library gives it 60,
 * less than a Lambda function may take. This is the longest that a Node timer can be, 24 days.
 */
const UNLIMITED_SECONDS = 2_147_483;

/** The parts of a state that matter here; the library validates and runs the rest. */
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
}

/** A definition that the library has accepted, and what its Task states call. */
export interface ParsedDefinition {
  readonly machine: StateMachine;
  /** Function ARNs by state name: ASL wants the names of states to be unique within a whole definition. */
  readonly tasks: ReadonlyMap<string, string>;
}

/** Reads a definition; an error says what the embedded AWS can't run. */
export function parseDefinition(source: string): ParsedDefinition {
  const tasks = new Map<string, string>();
  const definition = parseJson(source, (name, state) => {
    if (state.Type !== 'Task') {
      return state;
    }
    if (!/^arn:[^:]+:lambda:/.test(state.Resource ?? '')) {
      throw invalidDefinition(
        `state ${name} is a Task on ${state.Resource}: the embedded Step Functions runs the ARNs of Lambda functions only`,
      );
    }
    tasks.set(name, state.Resource ?? '');
    const limited = state.TimeoutSeconds !== undefined || state.TimeoutSecondsPath !== undefined;
    return limited ? state : { ...state, TimeoutSeconds: UNLIMITED_SECONDS };
  });
  return { machine: validated(definition), tasks };
}

/** Parses, and passes each state through `change`, those inside of Map and Parallel too. */
function parseJson(source: string, change: (name: string, state: State) => State): StateMachineDefinition {
  try {
    return JSON.parse(source, (key, value: unknown) => {
      const states = key === 'States' && value !== null && typeof value === 'object' ? value : undefined;
      if (!states) {
        return value;
      }
      const entries = Object.entries(states as Record<string, State>);
      return Object.fromEntries(entries.map(([name, state]) => [name, change(name, state)]));
    }) as StateMachineDefinition;
  } catch (error) {
    throw error instanceof SyntaxError ? invalidDefinition(error.message) : error;
  }
}

function validated(definition: StateMachineDefinition): StateMachine {
  try {
    return new StateMachine(definition);
  } catch (error) {
    throw invalidDefinition((error as Error).message);
  }
}

/** Step Functions' error for a definition that it can't take. */
function invalidDefinition(reason: string): ServiceError {
  return new ServiceError('InvalidDefinition', 400, `Invalid State Machine Definition: ${reason}`);
}
