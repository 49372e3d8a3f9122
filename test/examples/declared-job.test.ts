import { App, type Stack } from 'aws-cdk-lib';
import { declaredJob } from '../../examples/declared-job';
import { type SynthesizedStack, synthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { effects, failAfter, startAws, TAKEN } from '../e2e/world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  aws.iot.createThing(TAKEN);
  aws.iot.createThing('greenhouse-1');
});
afterEach(() => aws.close());

/** The example as its reader synthesizes it, with what the test adds. */
function example(firmware?: string, change: (stack: Stack) => void = () => undefined): SynthesizedStack {
  const app = new App();
  declaredJob(app, firmware);
  change(app.node.findChild('DeclaredJob') as Stack);
  return synthesizedStack(app.synth(), 'DeclaredJob');
}

async function deploy(stack: SynthesizedStack): Promise<void> {
  expect(await aws.cloudFormation.createStack(stack)).toMatchObject({ status: 'CREATE_COMPLETE' });
  aws.iot.addThingToThingGroup('greenhouse-1', 'greenhouses');
}

const jobs = (): string[] => aws.iot.jobs().map(({ jobId, status }) => `${jobId} ${status}`);
const destroy = async (): Promise<string> =>
  (await aws.cloudFormation.deleteStack({ stackName: 'DeclaredJob' })).status;

test('destroyed while the job is active for a device: job and group are deleted', async () => {
  await deploy(example());
  expect(await destroy()).toBe('DELETE_COMPLETE');
  expect(jobs()).toEqual([]);
  expect(aws.iot.thingGroup('greenhouses')).toBeUndefined();
});

test('replaced while the job is active for a device: the old job is deleted, the new one is kept until the stack goes', async () => {
  await deploy(example());
  expect(await aws.cloudFormation.updateStack(example('2026-12'))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(jobs()).toEqual(['ota-2026-12 IN_PROGRESS']);
  expect(await destroy()).toBe('DELETE_COMPLETE');
  expect(jobs()).toEqual([]);
});

test('a replacement that fails is rolled back: the new job is deleted, the old one is kept', async () => {
  await deploy(example());
  const failing = example('2026-12', (stack) => failAfter(stack, stack.node.findChild('Teardown')));
  expect(await aws.cloudFormation.updateStack(failing)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(jobs()).toEqual(['ota-2026-11 IN_PROGRESS']);
  expect(effects(aws)).not.toContain('DeleteJob ota-2026-11: ok');
});

test('without its companion the same stack ends in DELETE_FAILED, and the job is kept', async () => {
  await deploy(example(undefined, (stack) => void stack.node.tryRemoveChild('Teardown')));
  expect(await destroy()).toBe('DELETE_FAILED');
  expect(jobs()).toEqual(['ota-2026-11 IN_PROGRESS']);
});
