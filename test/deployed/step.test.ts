import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../lambda/request/step';
import { event, sweepEvent, World } from '../lambda/world';

// Frozen: what a waiter of the first release holds while an update brings it another handler.
const { job, sweep } = JSON.parse(readFileSync(join(__dirname, 'step-1.json'), 'utf8')) as Record<
  'job' | 'sweep',
  Step
>;

let world: World;
beforeEach(() => {
  world = new World();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const sent = event('Delete');
const sentOfSweep = sweepEvent('Delete', { JobIdPrefix: 'ota-' });

/** What another release may have written instead of what this one knows. */
const rests: readonly (readonly [string, unknown])[] = [
  ['another format', { ...job.Rest, Format: 2, Work: { entirely: 'other' }, Occasion: ['other'] }],
  ['an older one, without a format', { Looks: 'many' }],
  ['none', undefined],
  ['null', null],
];

describe("a step of the first release is today's", () => {
  test('for a job: goes on where it was', async () => {
    world.account.add('job-1', 'COMPLETED', { createdAt: 1000 });
    expect(await world.wait({ Event: sent, Step: job })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toHaveLength(1);
    expect(world.stackCalls).toEqual([]);
    expect(world.steps[0]!.Rest!.Looks).toBe(4);
  });

  test('for a sweep: goes on where it was', async () => {
    world.account.add('ota-1', 'COMPLETED', { createdAt: 1001 });
    world.account.add('ota-2', 'COMPLETED', { createdAt: 1002 });
    world.account.add('ota-4', 'COMPLETED', { createdAt: 1004, namespaceId: 'aws-greengrass' });
    const answer = await world.wait({ Event: sentOfSweep, Step: sweep });
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      Reason: 'Kept: "ota-4" belongs to AWS (namespace "aws-greengrass").',
    });
    expect(world.account.jobIds).toEqual(['ota-4']);
  });
});

describe('the rest of a step is dropped where its format is not known; Event, Deadline and Target are kept', () => {
  test.each(rests)('%s: the job of the target is deleted', async (_what, Rest) => {
    world.account.add('job-1', 'COMPLETED', { createdAt: 1000 });
    expect(await world.wait({ Event: sent, Step: { ...job, Rest } as Step })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.account.jobIds).toEqual([]);
  });

  test.each(rests)('%s: a newer job with the id is not the one of the target', async (_what, Rest) => {
    world.account.add('job-1', 'COMPLETED', { createdAt: 2000 });
    expect(await world.wait({ Event: sent, Step: { ...job, Rest } as Step })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.effects).toEqual([]);
  });

  test.each(rests)('%s: a sweep counts again, then deletes', async (_what, Rest) => {
    ['ota-1', 'ota-2', 'ota-3'].forEach((jobId) => world.account.add(jobId));
    expect(await world.wait({ Event: sentOfSweep, Step: { ...sweep, Rest } as Step })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(world.account.jobIds).toEqual([]);
  });

  test.each(rests)('%s: nothing is ordered after the deadline', async (_what, Rest) => {
    world.account.add('job-1', 'COMPLETED', { createdAt: 1000 });
    await world.clock.sleep(job.Deadline - world.time + 1);
    expect(await world.wait({ Event: sent, Step: { ...job, Rest } as Step })).toMatchObject({ Status: 'FAILED' });
    expect(world.effects).toEqual([]);
  });
});

test('an answer that could not be sent is sent, and nothing else is done', async () => {
  world.account.add('job-1');
  const Answer = {
    Status: 'SUCCESS',
    PhysicalResourceId: 'job-1',
    StackId: sent.StackId,
    RequestId: 'request',
    LogicalResourceId: 'Teardown',
  } as const;
  expect(await world.wait({ Event: sent, Step: { Deadline: job.Deadline, Answer } })).toEqual(Answer);
  expect(world.account.calls).toEqual([]);
});
