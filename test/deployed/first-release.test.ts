import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { JobDeletion } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { effects, startAws, synthesize } from '../e2e/world';
import type { Event } from '../../lambda/request/event';
import { World } from '../lambda/world';

/** A deletion as the first release deployed it: its part of the template, and the events that CloudFormation sent. */
interface Deployed {
  readonly jobId: string;
  readonly logicalId: string;
  readonly template: { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
  readonly events: Readonly<Record<'create' | 'update' | 'delete', Event>>;
}

// Frozen: made once, from the first release's own synthesis, and never again. Stacks out there look like this.
const fixture = JSON.parse(readFileSync(join(__dirname, 'first-release.json'), 'utf8')) as Deployed[];
const [all, least] = fixture as [Deployed, Deployed];

/** The same jobs in today's words. */
function today(stack: Stack): void {
  new JobDeletion(stack, 'Renamed', {
    jobId: all.jobId,
    force: true,
    namespaceId: 'edge',
    cancelFirst: true,
    revision: '1',
    deleteOnRollback: true,
    timeout: Duration.minutes(5),
  });
  new JobDeletion(stack, 'AlsoRenamed', { jobId: least.jobId });
}

describe("today's handler honours what the first release deployed", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  test.each(fixture)('create of $jobId: deletes nothing, and its physical id is the job id', async (deployed) => {
    const { jobId, events } = deployed;
    world.account.add(jobId);
    expect(await world.run(events.create)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobId });
    expect(world.effects).toEqual([]);
  });

  test.each(fixture)('update of $jobId: deletes nothing, and its physical id stays', async ({ jobId, events }) => {
    expect(await world.run(events.update)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobId });
    expect(world.account.calls).toEqual([]);
  });

  test('delete with every property: cancelled, then deleted, in the namespace, with force', async () => {
    world.account.add(all.jobId, 'IN_PROGRESS', { namespaceId: 'edge' });
    await world.run(all.events.delete);
    expect(world.effects).toEqual([
      `CancelJob ${all.jobId} force=true`,
      `DeleteJob ${all.jobId} force=true namespace=edge`,
    ]);
  });

  test('delete with every property, in a rollback: deleted, as it says', async () => {
    world.statuses.splice(0, 1, ['ROLLBACK_IN_PROGRESS']);
    world.account.add(all.jobId, 'COMPLETED', { namespaceId: 'edge' });
    await world.run(all.events.delete);
    expect(world.effects).toEqual([`DeleteJob ${all.jobId} force=true namespace=edge`]);
  });

  test('delete with none: without force, within 55 minutes', async () => {
    world.account.add(least.jobId);
    world.account.deletionTime = Infinity;
    expect(await world.failure(least.events.delete)).toContain('is still DELETION_IN_PROGRESS after 55 minutes');
    expect(world.effects).toEqual([`DeleteJob ${least.jobId} force=false namespace=-`]);
  });

  test('delete with none, in a rollback: kept', async () => {
    world.statuses.splice(0, 1, ['ROLLBACK_IN_PROGRESS']);
    world.account.add(least.jobId);
    await world.run(least.events.delete);
    expect(world.effects).toEqual([]);
  });
});

test("today's library gives the same jobs the same logical ids and type, wherever the constructs are", () => {
  const resources = synthesize(today).template.Resources as Record<string, Deployed['template']>;
  const deletions = Object.entries(resources).filter(([, { Type }]) => Type === 'Custom::IoTJobDeletion');
  expect(deletions.map(([logicalId]) => logicalId)).toEqual(fixture.map(({ logicalId }) => logicalId));
});

describe('a stack of the first release', () => {
  let aws: LocalAws;
  beforeEach(async () => (aws = await startAws()));
  afterEach(() => aws.close());

  test('is updated to what the library synthesizes today, which deletes nothing, and then deleted', async () => {
    aws.iot.createJob({ jobId: all.jobId, status: 'IN_PROGRESS', namespaceId: 'edge' });
    aws.iot.createJob({ jobId: least.jobId, status: 'COMPLETED' });
    const current = synthesize(today);
    const resources = current.template.Resources as Record<string, Deployed['template']>;
    for (const { logicalId, template } of fixture) {
      // The provider is today's, whatever it is made of: the old one cannot be deployed any more.
      const { ServiceToken } = resources[logicalId]!.Properties;
      Object.assign(resources[logicalId]!, { Properties: { ...template.Properties, ServiceToken } });
    }
    expect((await aws.cloudFormation.createStack(current)).status).toBe('CREATE_COMPLETE');

    const changed = synthesize((stack) => {
      new JobDeletion(stack, 'Least', { jobId: least.jobId, force: true });
      new JobDeletion(stack, 'All', { jobId: all.jobId, force: true, namespaceId: 'edge', cancelFirst: true });
    });
    expect((await aws.cloudFormation.updateStack(changed)).status).toBe('UPDATE_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
    expect(aws.iot.jobs()).toEqual([]);
  });
});
