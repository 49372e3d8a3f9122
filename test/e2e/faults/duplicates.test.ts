import type { LocalAws } from '../../../local/aws';
import { deleting, effects, functionName, startAws } from '../world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a', force: true }));
});
afterEach(() => aws.close());

/** Whether this is CloudFormation's event, and not a step of the waiter. */
const isEvent = (payload: string): boolean => 'RequestType' in (JSON.parse(payload) as object);

const outcomes = (): string[] => aws.responses.received.map(({ outcome }) => outcome);

test('a Delete event that Lambda delivers twice at once: one answer counts, one DeleteJob takes effect', async () => {
  const duplicates: Promise<unknown>[] = [];
  const onEvent = functionName(aws);
  aws.lambda.intercept = (name, payload, next) => {
    if (name === onEvent && isEvent(payload)) {
      duplicates.push(next());
    }
    return next();
  };
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  await Promise.all(duplicates);
  expect(duplicates).toHaveLength(1);
  expect(aws.iot.jobs()).toEqual([]);
  expect(effects(aws).filter((effect) => effect === 'DeleteJob a: ok')).toHaveLength(1);
  expect(outcomes().filter((outcome) => outcome === 'effective')).toHaveLength(2);
});

test('a Delete event that comes once more when all is over: nothing is deleted, and nobody heeds the answer', async () => {
  let deliver: (() => Promise<unknown>) | undefined;
  const onEvent = functionName(aws);
  aws.lambda.intercept = (name, payload, next) => {
    if (name === onEvent && isEvent(payload)) {
      deliver = (): Promise<unknown> => aws.lambda.invoke(name, payload);
    }
    return next();
  };
  const shared = deleting({ jobId: 'b' }, { jobId: 'a', force: true });
  await aws.cloudFormation.updateStack(shared);
  const before = effects(aws);
  // Out of the stack, while the provider stays: as a duplicate of a removed resource's event finds it.
  await aws.cloudFormation.updateStack(deleting({ jobId: 'b' }));
  const effective = outcomes().length;
  await deliver!();
  await Promise.all(aws.states.executions.map(({ finished }) => finished));
  expect(before).toEqual([]);
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  expect(
    outcomes()
      .slice(effective)
      .every((outcome) => outcome !== 'effective'),
  ).toBe(true);
});

test('an event that another execution has already: the second execution finds nothing to order', async () => {
  const [created] = aws.states.executions;
  let again: Promise<void> | undefined;
  aws.lambda.intercept = (_name, _payload, next) => {
    const execution = aws.states.executions.find((each) => each !== created);
    if (execution && !again) {
      const { stateMachineArn, input } = execution.properties;
      again = aws.states.startExecution(stateMachineArn, input, 'again').finished;
    }
    return next();
  };
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  await again;
  expect(aws.iot.jobs()).toEqual([]);
  expect(effects(aws).filter((effect) => effect === 'DeleteJob a: ok')).toHaveLength(1);
});
