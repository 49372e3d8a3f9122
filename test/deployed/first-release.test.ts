import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { JobDeletion } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { effects, startAws, synthesize } from '../e2e/world';
import { job, World } from '../lambda/world';

/** A deletion as the first release deployed it: its part of the template, and the events that CloudFormation sent. */
interface Deployed {
  readonly jobId: string;
  readonly logicalId: string;
  readonly template: { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
  readonly events: Readonly<Record<'create' | 'update' | 'delete', object>>;
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
    expect(await world.send(events.create)).toMatchObject({ PhysicalResourceId: jobId });
    await world.run(events.create);
    expect(world.calls).toEqual([]);
  });

  test.each(fixture)('update of $jobId: deletes nothing, and its physical id stays', async ({ jobId, events }) => {
    expect(await world.send(events.update)).toMatchObject({ PhysicalResourceId: jobId });
    await world.run(events.update);
    expect(world.effects).toEqual([]);
  });

  test('delete with every property: cancelled, then deleted, in the namespace, with force', async () => {
    const inEdge = { namespaceId: 'edge' };
    world.describe.push(job('IN_PROGRESS', inEdge), job('CANCELED', inEdge), undefined);
    await world.run(all.events.delete);
    expect(world.effects).toEqual([`cancel ${all.jobId} force=true`, `delete ${all.jobId} force=true namespace=edge`]);
  });

  test('delete with every property, in a rollback: deleted, as it says', async () => {
    world.statuses.splice(0, 1, ['ROLLBACK_IN_PROGRESS']);
    const inEdge = { namespaceId: 'edge' };
    world.describe.push(job('COMPLETED', inEdge), undefined);
    await world.run(all.events.delete);
    expect(world.effects).toEqual([`delete ${all.jobId} force=true namespace=edge`]);
  });

  test('delete with none: without force, within 55 minutes', async () => {
    world.describe.push(job('COMPLETED'), job('DELETION_IN_PROGRESS'));
    world.inDeletion.splice(0, 1, [least.jobId]);
    await expect(world.run(least.events.delete)).rejects.toThrow('is still DELETION_IN_PROGRESS after 55 minutes');
    expect(world.effects).toEqual([`delete ${least.jobId} force=false namespace=-`]);
  });

  test('delete with none, in a rollback: kept', async () => {
    world.statuses.splice(0, 1, ['ROLLBACK_IN_PROGRESS']);
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
