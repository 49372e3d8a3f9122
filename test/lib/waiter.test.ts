import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { JobDeletion } from '../../lib';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly TimeoutSeconds?: number;
  readonly ResultPath?: string;
  readonly SecondsPath?: string;
  readonly Seconds?: number;
  readonly Parameters?: unknown;
  readonly ResultSelector?: unknown;
  readonly InputPath?: string;
  readonly OutputPath?: string;
  readonly Choices?: readonly { readonly And: readonly Condition[]; readonly Next: string }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath: string;
    readonly Next: string;
  }[];
  readonly Retry?: readonly Retry[];
}
interface Condition {
  readonly Variable: string;
  readonly IsPresent?: boolean;
  readonly IsNumeric?: boolean;
}
interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy?: string;
}
interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** The definition as the template has it, with names for what only CloudFormation knows. */
function synthesized(): {
  readonly definition: Definition;
  readonly functionTimeout: number;
  readonly serviceTimeout: number;
} {
  const stack = new Stack();
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
  const template = Template.fromStack(stack);
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const [handler] = Object.values(template.findResources('AWS::Lambda::Function'));
  const [deletion] = Object.values(template.findResources('Custom::IoTJobDeletion'));
  const { DefinitionString } = (machine as { Properties: { DefinitionString: { 'Fn::Join': [string, unknown[]] } } })
    .Properties;
  const text = DefinitionString['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'arn')).join('');
  return {
    definition: JSON.parse(text) as Definition,
    functionTimeout: (handler as { Properties: { Timeout: number } }).Properties.Timeout,
    serviceTimeout: Number((deletion as { Properties: { ServiceTimeout: string } }).Properties.ServiceTimeout),
  };
}

const { definition, functionTimeout, serviceTimeout } = synthesized();
const states = Object.entries(definition.States);
const tasks = states.filter(([, { Type }]) => Type === 'Task');

/** Where each state goes on, whatever happens. */
function nextOf({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  return [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((each) => each.Next)].filter(
    (name) => name !== undefined,
  );
}

describe('no state of the waiter fails in a way that no Catch sees', () => {
  test('every state is there, is reached, and leads to the end', () => {
    const reached = new Set<string>();
    const visit = (name: string): void => {
      if (!reached.has(name)) {
        reached.add(name);
        nextOf(definition.States[name]!).forEach(visit);
      }
    };
    visit(definition.StartAt);
    expect([...reached].sort()).toEqual(Object.keys(definition.States).sort());
    expect(states.filter(([, state]) => nextOf(state).length === 0).map(([, { Type }]) => Type)).toEqual(['Succeed']);
  });

  test('there is no state but these, and none that ends in a failure', () => {
    expect(new Set(states.map(([, { Type }]) => Type))).toEqual(new Set(['Task', 'Choice', 'Wait', 'Pass', 'Succeed']));
  });

  test('each path is tested with IsPresent before it is read, and there is a Default', () => {
    for (const [, { Choices, Default }] of states.filter(([, { Type }]) => Type === 'Choice')) {
      expect(Default).toBe('LookOnceMore');
      for (const { And } of Choices!) {
        const [first, ...others] = And;
        expect(first).toEqual({ Variable: first!.Variable, IsPresent: true });
        expect(others.map(({ Variable }) => Variable)).toEqual(others.map(() => first!.Variable));
      }
    }
  });

  test('it waits only for what was found to be a number; the handler makes it a whole one', () => {
    const waits = states.filter(([, { Type }]) => Type === 'Wait');
    expect(waits.map(([, { SecondsPath }]) => SecondsPath)).toEqual(['$.Step.PauseSeconds']);
    const [[pause]] = waits as [[string, State]];
    const choices = states.flatMap(([, { Choices = [] }]) => Choices).filter(({ Next }) => Next === pause);
    expect(choices).toHaveLength(1);
    expect(choices[0]!.And.map(({ IsNumeric }) => IsNumeric)).toContain(true);
    // Nobody else goes there.
    expect(
      states.filter(([, { Next, Default, Catch = [] }]) =>
        [Next, Default, ...Catch.map((each) => each.Next)].includes(pause),
      ),
    ).toEqual([]);
  });

  test('a look and a report keep the input, have no path of their own, and time out just above the function', () => {
    expect(tasks.map(([name]) => name)).toEqual(['Look', 'Report']);
    for (const [, { ResultPath, TimeoutSeconds, Parameters, ResultSelector, InputPath, OutputPath }] of tasks) {
      expect(ResultPath).toBe('$.Step');
      expect(TimeoutSeconds).toBe(functionTimeout + 10);
      expect([Parameters, ResultSelector, InputPath, OutputPath]).toEqual([undefined, undefined, undefined, undefined]);
    }
  });

  test('a look that fails for good is caught, whatever failed, and its input kept', () => {
    const { Catch } = definition.States.Look!;
    expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.Failure', Next: 'LookOnceMore' }]);
  });
});

describe('retries', () => {
  const attempts = ({ MaxAttempts, IntervalSeconds, BackoffRate = 2, MaxDelaySeconds = Infinity }: Retry): number =>
    Array.from({ length: MaxAttempts }, (_, index) =>
      Math.min(IntervalSeconds * BackoffRate ** index, MaxDelaySeconds),
    ).reduce((sum, pause) => sum + pause, 0);

  test.each(tasks)(
    '%s: throttling and service errors with jitter until past the ServiceTimeout',
    (_name, { Retry }) => {
      const [first] = Retry!;
      expect(first!.ErrorEquals).toEqual(
        expect.arrayContaining(['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'States.Timeout']),
      );
      expect(first).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: 10 });
      // Full jitter takes half of each pause on average.
      expect(attempts(first!) / 2).toBeGreaterThan(serviceTimeout);
    },
  );

  test.each(tasks)('%s: a crash three times', (_name, { Retry }) => {
    expect(Retry!.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 3 });
  });
});

test('the waiter ends with the life of the response URL', () => {
  expect(definition.TimeoutSeconds).toBe(2 * 60 * 60);
});
