import type { StackOperation } from '../../../local/cloudformation/stack-request';
import { custom, Rig, thing } from './rig';

let rig: Rig;
const templates: Record<string, object> = {};

beforeEach(async () => {
  rig = new Rig({ nestedTemplate: (url) => ({ Resources: templates[url]!, Outputs: { O: { Value: 'out' } } }) });
  await rig.responses.listen();
});

afterEach(() => rig.responses.close());

const nested = (url: string, more: object = {}): object => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: url },
  ...more,
});

/** The statuses of the stacks themselves, the root's as `S`, the nested one's as `N`. */
const statuses = ({ events, stackId }: StackOperation): string[] =>
  events
    .filter(({ logicalId, stackName }) => logicalId === stackName)
    .map((event) => `${event.stackId === stackId ? 'S' : 'N'} ${event.status}`);

test('belongs to its parent and offers its outputs', async () => {
  templates.a = { A: custom() };
  const { stackId } = await rig.create({ N: nested('a'), B: custom({ o: { 'Fn::GetAtt': ['N', 'Outputs.O'] } }) });
  expect(rig.requests.at(-1)?.ResourceProperties.o).toBe('out');
  const child = rig.cloudFormation.stack(stackId).resources[0]?.physicalId ?? '';
  expect(rig.cloudFormation.stack(child)).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(child).toMatch(/:stack\/S-N-[A-Z2-7]{12}\//);
});

test('when the parent’s create fails it is deleted, and its own status tells no more than that', async () => {
  rig.things.add('taken');
  templates.a = { A: custom() };
  const operation = await rig.create({ N: nested('a'), Z: thing('taken', { DependsOn: 'N' }) });
  expect(statuses(operation)).toEqual([
    'S CREATE_IN_PROGRESS',
    'N CREATE_IN_PROGRESS',
    'N CREATE_COMPLETE',
    'S ROLLBACK_IN_PROGRESS',
    'N DELETE_IN_PROGRESS',
    'N DELETE_COMPLETE',
    'S ROLLBACK_COMPLETE',
  ]);
  expect(rig.sent()).toEqual(['Create A', 'Delete A A-id']);
});

test('its own failure fails the parent', async () => {
  rig.things.add('taken');
  templates.a = { Z: thing('taken') };
  const operation = await rig.create({ N: nested('a') });
  expect(operation.status).toBe('ROLLBACK_COMPLETE');
  expect(
    operation.events.find(({ logicalId, status }) => logicalId === 'N' && status === 'CREATE_FAILED')?.reason,
  ).toMatch(
    /^Embedded stack arn:.* was not successfully created: The following resource\(s\) failed to create: \[Z\]\. $/,
  );
});

test('cleans up only when the root does', async () => {
  templates.a = { A: custom(), B: custom() };
  templates.b = { B: custom() };
  await rig.create({ N: nested('a') });
  rig.sent();
  const operation = await rig.update({ N: nested('b'), L: custom({}, { DependsOn: 'N' }) });
  expect(rig.sent()).toEqual(['Create L', 'Delete A A-id']);
  expect(statuses(operation)).toEqual([
    'S UPDATE_IN_PROGRESS',
    'N UPDATE_IN_PROGRESS',
    'N UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'N UPDATE_COMPLETE',
    'S UPDATE_COMPLETE',
  ]);
});

test('rolls back with the root, what was removed from it untouched', async () => {
  rig.things.add('taken');
  templates.a = { A: custom(), B: custom({ v: 1 }) };
  templates.b = { B: custom({ v: 2 }), C: custom() };
  await rig.create({ N: nested('a') });
  rig.sent();
  const operation = await rig.update({ N: nested('b'), Z: thing('taken', { DependsOn: 'N' }) });
  expect(rig.sent()).toEqual(['Update B B-id', 'Create C', 'Update B B-id', 'Delete C C-id']);
  expect(statuses(operation).slice(3)).toEqual([
    'S UPDATE_ROLLBACK_IN_PROGRESS',
    'N UPDATE_ROLLBACK_IN_PROGRESS',
    'N UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'N UPDATE_ROLLBACK_COMPLETE',
    'S UPDATE_ROLLBACK_COMPLETE',
  ]);
});
