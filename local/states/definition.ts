import type { StateMachine, StateMachineDefinition } from 'aws-local-stepfunctions';
import { ServiceError } from '../api';
import { systemClock } from '../clock';
import { type Interpreter, interpreterOn } from './interpreter';

/** What Step Functions gives a Task without TimeoutSeconds, in seconds; the library would give it 60. */
const DEFAULT_TIMEOUT_SECONDS = 99_999_999;

/** Choice's tests of what a variable is: of these the library knows only the affirmative. */
const TYPE_TESTS = ['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

const FUNCTION_ARN = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+$/;

/** Definitions that the library has found valid, by {@link shapeOf}: to find out takes it a second each time. */
const valid = new Set<string>();
const MAXIMUM_REMEMBERED = 100;

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
  /** Resources by state name: ASL wants the names of states to be unique within a whole definition. */
  readonly tasks: ReadonlyMap<string, string>;
}

/** Reads a definition; an error says what the embedded AWS can't run. */
export function parseDefinition(
  source: string,
  { StateMachine }: Interpreter = interpreterOn({ clock: systemClock, random: Math.random }),
): ParsedDefinition {
  const tasks = new Map<string, string>();
  const definition = parseJson(source, (name, state) => {
    if (state.Type !== 'Task') {
      return state;
    }
    const { Resource = '' } = state;
    if (!/^arn:[^:]+:lambda:/.test(Resource) && !/^arn:[^:]+:states:::lambda:invoke$/.test(Resource)) {
      throw invalidDefinition(
        `state ${name} is a Task on ${Resource}: the embedded Step Functions runs the ARNs of Lambda functions only, and arn:aws:states:::lambda:invoke`,
      );
    }
    tasks.set(name, Resource);
    const limited = state.TimeoutSeconds !== undefined || state.TimeoutSecondsPath !== undefined;
    return limited ? state : { ...state, TimeoutSeconds: DEFAULT_TIMEOUT_SECONDS };
  });
  const shape = shapeOf(definition);
  const options = valid.has(shape) ? { validationOptions: { noValidate: true } } : {};
  try {
    const machine = new StateMachine(definition, options);
    remember(shape);
    return { machine, tasks };
  } catch (error) {
    throw invalidDefinition((error as Error).message);
  }
}

/** A definition but for which functions it calls. */
function shapeOf(definition: StateMachineDefinition): string {
  return JSON.stringify(definition, (key, value: unknown) =>
    key === 'Resource' && typeof value === 'string' && FUNCTION_ARN.test(value) ? 'a function' : value,
  );
}

function remember(shape: string): void {
  if (valid.size >= MAXIMUM_REMEMBERED) {
    valid.clear();
  }
  valid.add(shape);
}

/** Parses, and passes each state through `change`, those inside of Map and Parallel too. */
function parseJson(source: string, change: (name: string, state: State) => State): StateMachineDefinition {
  try {
    return JSON.parse(source, (key, value: unknown) => {
      if (!isRecord(value)) {
        return value;
      }
      if (key === 'States') {
        const entries = Object.entries(value as Record<string, State>);
        return Object.fromEntries(entries.map(([name, state]) => [name, change(name, state)]));
      }
      return affirmative(withoutWholePath(value));
    }) as StateMachineDefinition;
  } catch (error) {
    throw error instanceof SyntaxError ? invalidDefinition(error.message) : error;
  }
}

/** `{ IsPresent: false }` as the library understands it: not `{ IsPresent: true }`. */
function affirmative(rule: Record<string, unknown>): Record<string, unknown> {
  const test = 'Variable' in rule && TYPE_TESTS.find((name) => rule[name] === false);
  if (!test) {
    return rule;
  }
  const { Variable, Next } = rule;
  return { Not: { Variable, [test]: true }, ...(Next === undefined ? {} : { Next }) };
}

/** `ResultPath: '$'` is the default, and the library takes it for a member called `$`. */
function withoutWholePath({ ResultPath, ...others }: Record<string, unknown>): Record<string, unknown> {
  return ResultPath === '$' || ResultPath === undefined ? others : { ResultPath, ...others };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Step Functions' error for a definition that it can't take. */
function invalidDefinition(reason: string): ServiceError {
  return new ServiceError('InvalidDefinition', 400, `Invalid State Machine Definition: ${reason}`);
}
