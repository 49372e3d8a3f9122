import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobDeletionProvider } from '../../lib';
import {
  nestedTemplates,
  type NestedStackTemplate,
  type SynthesizedStack,
  synthesizedStack,
} from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { effects, failAfter, startAws, TAKEN } from './world';

let aws: LocalAws;
let nestedTemplate: NestedStackTemplate;
beforeEach(async () => {
  aws = await startAws({ nestedTemplate: (url) => nestedTemplate(url) });
  aws.iot.createThing(TAKEN);
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
});
afterEach(() => aws.close());

/** A stack with a nested stack that deletes the job. */
function parent({ nested, fails }: { nested: boolean; fails: boolean }): SynthesizedStack {
  const app = new App();
  const stack = new Stack(app, 'S');
  new CfnThing(stack, 'Stays');
  if (nested) {
    const child = new NestedStack(stack, 'Child');
    new JobDeletion(child, 'Teardown', { jobId: 'a' });
    if (fails) failAfter(stack, child);
  }
  const assembly = app.synth();
  nestedTemplate = nestedTemplates(assembly);
  return synthesizedStack(assembly, 'S');
}

test('a parent whose create fails deletes its nested stack: the job lives', async () => {
  const { status, events } = await aws.cloudFormation.createStack(parent({ nested: true, fails: true }));
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(events).toContainEqual(expect.objectContaining({ type: 'Custom::IoTJobDeletion', status: 'DELETE_COMPLETE' }));
  expect(effects(aws)).toEqual([]);
});

test('a parent whose update fails removes its new nested stack: the job lives', async () => {
  await aws.cloudFormation.createStack(parent({ nested: false, fails: false }));
  const { status } = await aws.cloudFormation.updateStack(parent({ nested: true, fails: true }));
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(effects(aws)).toEqual([]);
});

test('a parent that is deleted: the job goes', async () => {
  await aws.cloudFormation.createStack(parent({ nested: true, fails: false }));
  const { status } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  expect(status).toBe('DELETE_COMPLETE');
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
});

test('a nested stack that an update takes out: the job goes in clean-up', async () => {
  await aws.cloudFormation.createStack(parent({ nested: true, fails: false }));
  const { status } = await aws.cloudFormation.updateStack(parent({ nested: false, fails: false }));
  expect(status).toBe('UPDATE_COMPLETE');
  expect(effects(aws)).toEqual(['DeleteJob a: ok']);
});

describe('a deletion that moves between the stacks of a tree keeps its job', () => {
  /** A stack with two nested ones, and the deletion in one of the three, or in none. */
  function tree(where: 'One' | 'Two' | 'S' | 'none', isTwoThere = true): SynthesizedStack {
    const app = new App();
    const stack = new Stack(app, 'S');
    new CfnThing(stack, 'Stays');
    const provider = JobDeletionProvider.getOrCreate(stack);
    const scopes = new Map<string, Stack>([['S', stack]]);
    for (const id of isTwoThere ? ['One', 'Two'] : ['One']) {
      const nested = new NestedStack(stack, id);
      new CfnThing(nested, 'Stays');
      scopes.set(id, nested);
    }
    const scope = scopes.get(where);
    if (scope) new JobDeletion(scope, 'Teardown', { jobId: 'a', provider });
    const assembly = app.synth();
    nestedTemplate = nestedTemplates(assembly);
    return synthesizedStack(assembly, 'S');
  }

  test.each([
    ['One', 'Two'],
    ['One', 'S'],
    ['S', 'One'],
  ] as const)('from %s to %s', async (from, to) => {
    await aws.cloudFormation.createStack(tree(from));
    expect((await aws.cloudFormation.updateStack(tree(to))).status).toBe('UPDATE_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect((await aws.cloudFormation.updateStack(tree('none'))).status).toBe('UPDATE_COMPLETE');
    expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  });

  test('out of a nested stack that goes', async () => {
    await aws.cloudFormation.createStack(tree('Two'));
    expect((await aws.cloudFormation.updateStack(tree('S', false))).status).toBe('UPDATE_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect(effects(aws)).toEqual(['DeleteJob a: ok']);
  });
});
