import type { StackStatus } from '../../../local/cloudformation/statuses';
import { custom, lines, Rig, thing } from './rig';

let rig: Rig;
beforeEach(async () => {
  rig = new Rig();
  await rig.responses.listen();
});
afterEach(() => rig.responses.close());

/** Resolves when an event has arrived that is not answered. */
const silence = (): Promise<void> =>
  new Promise((resolve) => {
    rig.onSilence = () => resolve();
  });
const operationTypes = (): string[] =>
  rig.cloudFormation.stack('S').operations.map(({ operationType }) => operationType);

test.each(['', '1a', 'a_b', 'a.b', 'a'.repeat(129)])('the stack name %j is refused', async (stackName) => {
  const request = { stackName, template: { Resources: { A: thing('a') } }, assetDirectory: String };
  await expect(rig.cloudFormation.createStack(request)).rejects.toThrow(
    `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must`,
  );
});

test('the first event says who, and a second one has the physical id', async () => {
  const { events } = await rig.create({ A: custom() });
  expect(events.map(({ logicalId, status, reason, physicalId }) => [logicalId, status, reason, physicalId])).toEqual([
    ['S', 'CREATE_IN_PROGRESS', 'User Initiated', expect.stringContaining('stack/S/')],
    ['A', 'CREATE_IN_PROGRESS', undefined, ''],
    ['A', 'CREATE_IN_PROGRESS', 'Resource creation Initiated', 'A-id'],
    ['A', 'CREATE_COMPLETE', undefined, 'A-id'],
    ['S', 'CREATE_COMPLETE', undefined, expect.stringContaining('stack/S/')],
  ]);
});

test('a protected stack is not deleted', async () => {
  await rig.create({ A: thing('a') });
  rig.cloudFormation.updateTerminationProtection('S', true);
  await expect(rig.delete()).rejects.toThrow('Stack [S] cannot be deleted while TerminationProtection is enabled');
  rig.cloudFormation.updateTerminationProtection('S', false);
  expect(await rig.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('a creation that is deleted half-way is called off', async () => {
  rig.behave = ({ RequestType }) => (RequestType === 'Create' ? undefined : {});
  const isUnderWay = silence();
  const creation = rig.create({ A: custom(), B: thing('b', { DependsOn: 'A' }) });
  await isUnderWay;
  expect(await rig.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  const { status, stackId } = await creation;
  expect(status).toMatch(/^DELETE_/);
  const { events } = rig.cloudFormation.stack(stackId);
  expect(lines({ events })).toEqual([
    'S CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS',
    'S DELETE_IN_PROGRESS',
    'A CREATE_FAILED',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'S DELETE_COMPLETE',
  ]);
});

test('a cancelled update is rolled back', async () => {
  await rig.create({ A: custom({ v: 1 }) });
  rig.behave = ({ ResourceProperties }) => (ResourceProperties.v === '2' ? undefined : {});
  const isUnderWay = silence();
  const update = rig.update({ A: custom({ v: 2 }) });
  await isUnderWay;
  await rig.cloudFormation.cancelUpdateStack('S');
  expect(await update).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  await expect(rig.cloudFormation.cancelUpdateStack('S')).rejects.toThrow('cannot be called from current stack status');
});

test('with its rollback disabled, an update deletes what failed before, or is rolled back', async () => {
  rig.behave = ({ ResourceProperties: { v }, RequestType, PhysicalResourceId }) =>
    v === 'bad' && RequestType !== 'Delete'
      ? { Status: 'FAILED', PhysicalResourceId: 'failed' }
      : { PhysicalResourceId: PhysicalResourceId ?? 'made' };
  await rig.create({ A: custom({ v: 'bad' }) }, {}, 'DO_NOTHING');
  rig.sent();
  expect(await rig.update({ A: custom({ v: 'good' }) })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(rig.sent()).toEqual(['Delete A failed', 'Create A']);

  const bad = { A: custom({ v: 'bad' }), B: thing('b') };
  const request = { stackName: 'S', template: { Resources: bad }, assetDirectory: String, disableRollback: true };
  expect(await rig.cloudFormation.updateStack(request)).toMatchObject({ status: 'UPDATE_FAILED' });
  expect(await rig.cloudFormation.rollbackStack('S')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(rig.cloudFormation.stack('S').resources[0]).toMatchObject({ properties: { v: 'good' } });
  expect(operationTypes()).toEqual(['CREATE_STACK', 'UPDATE_STACK', 'UPDATE_STACK', 'ROLLBACK']);
});

test('after two failed updates the way back leads to the state before both', async () => {
  rig.things.add('taken');
  await rig.create({ A: thing('a') });
  for (const resources of [{ B: thing('b') }, { C: thing('c') }]) {
    const template = { Resources: { ...resources, D: thing('taken', { DependsOn: Object.keys(resources) }) } };
    const request = { stackName: 'S', template, assetDirectory: String, disableRollback: true };
    expect(await rig.cloudFormation.updateStack(request)).toMatchObject({ status: 'UPDATE_FAILED' });
  }
  expect(await rig.cloudFormation.rollbackStack('S')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect([...rig.things]).toEqual(['taken', 'a']);
});

test('a rollback that failed goes on, and can leave resources out', async () => {
  let isBroken = true;
  rig.things.add('taken');
  rig.behave = ({ RequestType, ResourceProperties: { v } }) =>
    RequestType === 'Update' && v === '1' && isBroken ? { Status: 'FAILED' } : {};
  const one = { A: custom({ v: 1 }), B: custom({ v: 1 }) };
  const two = { A: custom({ v: 2 }), B: custom({ v: 2 }), C: thing('taken', { DependsOn: ['A', 'B'] }) };
  await rig.create(one);
  expect(await rig.update(two)).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED' });
  const again = await rig.cloudFormation.continueUpdateRollback({ stackName: 'S', resourcesToSkip: ['B'] });
  expect(again.status).toBe('UPDATE_ROLLBACK_FAILED');
  isBroken = false;
  rig.sent();
  const { status } = await rig.cloudFormation.continueUpdateRollback({ stackName: 'S', resourcesToSkip: ['B'] });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(rig.sent()).toEqual(['Update A A-id']);
  expect(operationTypes().slice(-3)).toEqual(['ROLLBACK', 'CONTINUE_ROLLBACK', 'CONTINUE_ROLLBACK']);
});

test('FORCE_DELETE_STACK leaves what can not be deleted', async () => {
  rig.behave = ({ RequestType }) => (RequestType === 'Delete' ? { Status: 'FAILED' } : {});
  await rig.create({ A: thing('a'), B: custom({}, { DependsOn: 'A' }) });
  const force = { stackName: 'S', deletionMode: 'FORCE_DELETE_STACK' } as const;
  await expect(rig.cloudFormation.deleteStack(force)).rejects.toThrow('needs a stack in DELETE_FAILED');
  await rig.delete();
  expect([...rig.things]).toEqual(['a']);
  expect(await rig.cloudFormation.deleteStack(force)).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect([...rig.things]).toEqual([]);
});

test('a test may put a stack into any status, and make its history forgotten', async () => {
  await rig.create({ A: thing('a') });
  const unknown = 'SOMETHING_NEW_IN_PROGRESS' as StackStatus;
  rig.cloudFormation.setStatus('S', unknown);
  expect(rig.cloudFormation.stack('S')).toMatchObject({ status: unknown });
  await expect(rig.delete()).rejects.toThrow(`Stack [S] cannot be deleted while in status ${unknown}`);
  rig.cloudFormation.setStatus('S', 'CREATE_COMPLETE');
  rig.cloudFormation.forgetEvents('S', new Date(0));
  expect(rig.cloudFormation.stack('S').events.length).toBeGreaterThan(0);
  rig.cloudFormation.forgetEvents('S');
  expect(rig.cloudFormation.stack('S').events).toEqual([]);
});
