import { systemClock } from '../../../local/clock';
import type { CustomResourceEvent } from '../../../local/cloudformation/custom-resource';
import { custom, reasonOf, Rig, thing } from './rig';

/** A minute passes at once, an hour does not. */
const impatient = {
  now: () => Date.now(),
  sleep: (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    milliseconds === 60_000 ? Promise.resolve() : systemClock.sleep(milliseconds, signal),
};

let rig: Rig;

beforeEach(async () => {
  rig = new Rig({ clock: impatient });
  await rig.responses.listen();
});

afterEach(() => rig.responses.close());

/** The event that the function keeps to itself. */
function silence(): Promise<CustomResourceEvent> {
  rig.behave = () => undefined;
  return new Promise((resolve) => (rig.onSilence = resolve));
}

const outcomes = (): string[] => rig.responses.received.map(({ outcome }) => outcome);

test('the first answer counts, later ones are ignored', async () => {
  const asked = silence();
  const creation = rig.create({ A: custom() });
  const event = await asked;
  expect(await rig.answer(event, { PhysicalResourceId: 'first' })).toBe(200);
  expect(await rig.answer(event, { Status: 'FAILED', PhysicalResourceId: 'second' })).toBe(200);
  expect((await creation).status).toBe('CREATE_COMPLETE');
  expect(rig.cloudFormation.stack('S').resources[0]?.physicalId).toBe('first');
  expect(outcomes()).toEqual(['effective', 'ignored']);
});

test('an answer of more than 4,096 bytes, or to another request, is refused and the wait goes on', async () => {
  const asked = silence();
  const creation = rig.create({ A: custom() });
  const event = await asked;
  expect(await rig.answer(event, {}, ' '.repeat(4096))).toBe(400);
  expect(await rig.answer({ ...event, RequestId: 'another' }, {})).toBe(400);
  expect(await rig.answer({ ...event, ResponseURL: `${event.ResponseURL}0` }, {})).toBe(403);
  expect(await rig.answer(event, {})).toBe(200);
  expect((await creation).status).toBe('CREATE_COMPLETE');
  expect(outcomes()).toEqual(['refused', 'refused', 'effective']);
});

test('ServiceTimeout ends the wait', async () => {
  void silence();
  const operation = await rig.create({ A: custom({ ServiceTimeout: 60 }) }, {}, 'DO_NOTHING');
  expect(rig.requests[0]?.ResourceProperties.ServiceTimeout).toBe('60');
  expect(reasonOf(operation, 'A', 'CREATE_FAILED')).toBe(
    `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${rig.requests[0]?.RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
  );
});

test('an answer after the operation gave up is ignored', async () => {
  rig.things.add('taken');
  const asked = silence();
  const creation = rig.create({ A: custom(), Z: thing('taken') });
  const event = await asked;
  rig.behave = () => ({});
  await creation;
  await rig.answer(event, {});
  expect(outcomes()).toEqual(['effective', 'ignored']);
});

test('success without a physical id fails', async () => {
  rig.behave = ({ RequestType }) => (RequestType === 'Create' ? { PhysicalResourceId: '' } : {});
  const operation = await rig.create({ A: custom() });
  expect(reasonOf(operation, 'A', 'CREATE_FAILED')).toBe('Invalid PhysicalResourceId');
});

test('an attribute that was not answered fails what asks for it', async () => {
  const operation = await rig.create({ A: custom(), B: custom({ a: { 'Fn::GetAtt': 'A.x' } }) });
  expect(reasonOf(operation, 'B', 'CREATE_FAILED')).toMatch(/Vendor response doesn't contain x attribute/);
});
