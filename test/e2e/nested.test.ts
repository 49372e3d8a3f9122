import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from '../../lib';
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
