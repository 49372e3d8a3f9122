import { lines, Rig, thing } from './rig';
import type { StackOperation } from '../../../local/cloudformation/stack-request';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});

const exporting = (value: unknown, name = 'E'): object => ({
  Outputs: { O: { Value: value, Export: { Name: name } } },
});

function importing(stackName: string, thingName: unknown = { 'Fn::ImportValue': 'E' }): Promise<StackOperation> {
  return rig.cloudFormation.createStack({
    stackName,
    template: { Resources: { T: { Type: 'AWS::IoT::Thing', Properties: { ThingName: thingName } } } },
    assetDirectory: String,
  });
}

test('a stack whose export is imported is not deleted: it returns to its status before', async () => {
  await rig.create({ A: thing('a') }, exporting('one'));
  await rig.update({ A: thing('a'), B: thing('b') }, exporting('one'));
  await importing('User', { 'Fn::Sub': ['${E}-1', { E: { 'Fn::ImportValue': { 'Fn::Sub': 'E' } } }] });
  const deletion = await rig.delete();
  expect(deletion).toMatchObject({
    status: 'UPDATE_COMPLETE',
    reason: 'Delete canceled. Cannot delete export E as it is in use by User.',
  });
  expect(lines(deletion)).toEqual(['S DELETE_IN_PROGRESS', 'S UPDATE_COMPLETE']);
  expect([...rig.things].sort()).toEqual(['a', 'b', 'one-1']);
  await rig.cloudFormation.deleteStack({ stackName: 'User' });
  expect(await rig.delete()).toMatchObject({ status: 'DELETE_COMPLETE', reason: undefined });
});

test.each([
  ['changed', exporting('two'), 'Export E cannot be updated as it is in use by User'],
  ['removed', {}, 'Export E cannot be deleted as it is in use by User'],
  ['renamed', exporting('one', 'F'), 'Export E cannot be deleted as it is in use by User'],
])('an export that is imported can not be %s', async (_, more, reason) => {
  await rig.create({ A: thing('a') }, exporting('one'));
  await importing('User');
  const update = await rig.update({ A: thing('a'), B: thing('b') }, more);
  expect(update.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(update.reason).toContain(reason);
  expect(rig.cloudFormation.stack('S').outputs.O).toMatchObject({ value: 'one', exportName: 'E' });
});

test('an export that nobody imports may change, and a branch of a condition that does not hold imports nothing', async () => {
  await rig.create({ A: thing('a') }, exporting('one'));
  await rig.cloudFormation.createStack({
    stackName: 'User',
    template: {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: {
        T: {
          Type: 'AWS::IoT::Thing',
          Properties: { ThingName: { 'Fn::If': ['Never', { 'Fn::ImportValue': 'E' }, 't'] } },
        },
      },
    },
    assetDirectory: String,
  });
  expect(await rig.update({ A: thing('a') }, exporting('two'))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(await rig.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
});

test('an export has one stack', async () => {
  await rig.create({ A: thing('a') }, exporting('one'));
  const again = await rig.cloudFormation.createStack({
    stackName: 'Again',
    template: { Resources: { B: thing('b') }, ...exporting('two') },
    assetDirectory: String,
  });
  expect(again.status).toBe('ROLLBACK_COMPLETE');
  expect(again.reason).toMatch(/^Export with name E is already exported by stack S\. /);
});
