import {
  CreateJobCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingGroupCommand,
  type IoTClient,
  ListThingsInThingGroupCommand,
  ResourceNotFoundException,
  type TargetSelection,
} from '@aws-sdk/client-iot';
import { Jobs } from '../../../lambda/aws/jobs';
import { Finder } from '../../../lambda/search/finder';
import { Pass } from '../../../lambda/search/pass';
import type { JobFilter, Selection } from '../../../lambda/search/selection';
import { systemClock } from '../../../local/clock';
import { jobIds as idsFor } from '../job-ids';
import type { SeededStatus } from '../options';
import type { Belongings, MadeJob } from './belongings';
import type { Deletion } from './deletions';

/** Of jobs that a sweep knows by what they are, so many are made: more than there are deletion slots. */
const SWEPT = 12;

const ENDED: readonly SeededStatus[] = ['COMPLETED', 'CANCELED'];
const ACTIVE: readonly SeededStatus[] = ['IN_PROGRESS', 'SCHEDULED'];

/** The jobs of an account in one region: whose are there, and those that a rehearsal makes for a thing of its own. */
export class AccountJobs {
  private readonly jobs: Jobs;
  private thing?: Promise<string>;

  constructor(
    private readonly iot: IoTClient,
    private readonly region: string,
    private readonly belongings: Belongings,
  ) {
    this.jobs = new Jobs(iot);
  }

  /** Ids of jobs that a deletion would delete now, whatever their status, or that are in the way of those to be made. */
  async existing({ selection }: Deletion): Promise<readonly string[]> {
    const matching = 'filter' in selection ? await this.matching(selection.filter) : [];
    const inTheWay: string[] = [];
    for (const jobId of jobIds(selection)) {
      if (!matching.includes(jobId) && (await this.jobs.describe(jobId))) {
        inTheWay.push(jobId);
      }
    }
    return [...matching, ...inTheWay];
  }

  /** Makes the jobs that a deletion deletes; where it can't, it says why. */
  async make(
    deletion: Deletion,
    statuses: Readonly<Record<string, SeededStatus>>,
    tell: (text: string) => void,
  ): Promise<void> {
    const { selection, namespaceId, active } = deletion;
    const { region, belongings } = this;
    const filter: JobFilter = 'filter' in selection ? selection.filter : {};
    const targets = await this.targets(filter, tell);
    for (const jobId of targets ? jobIds(selection) : []) {
      if (belongings.has(jobId, region)) {
        continue;
      }
      // A job may be called "constructor".
      const given = Object.hasOwn(statuses, jobId) ? statuses[jobId] : undefined;
      const wanted = given ?? selected(filter) ?? (active ? 'IN_PROGRESS' : 'COMPLETED');
      const status = nearest(wanted as SeededStatus, filter);
      if (status === undefined) {
        tell(`${jobId}: not made, because no device makes it ${filter.statuses!.join(' or ')}`);
        continue;
      }
      await this.iot.send(
        new CreateJobCommand({
          jobId,
          targets: [...targets!],
          document: JSON.stringify({ rehearsal: 'cdk-iot-job-deletion' }),
          description: 'Made by cdk-iot-job-deletion rehearse',
          targetSelection: filter.targetSelection as TargetSelection | undefined,
          namespaceId: filter.namespaceId ?? namespaceId,
          tags: Object.entries(filter.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      belongings.jobs.add({ deletion, jobId, region, namespaceId: filter.namespaceId ?? namespaceId });
      let actual = await this.status(jobId);
      if (status !== 'IN_PROGRESS' && actual === 'IN_PROGRESS') {
        await this.jobs.cancel(jobId, false);
        actual = await this.status(jobId);
      }
      tell(`${jobId}: ${actual ?? 'gone'}${actual === wanted ? '' : `, because no device makes it ${wanted}`}`);
    }
  }

  /** The status of a job; nothing if AWS IoT does not know it. */
  async status(jobId: string): Promise<string | undefined> {
    return (await this.jobs.describe(jobId))?.status;
  }

  /** Deletes a job of the rehearsal's own, unless that is under way. */
  async delete(job: MadeJob): Promise<void> {
    const { jobId, namespaceId } = job;
    const status = await this.status(jobId);
    if (status !== undefined && status !== 'DELETION_IN_PROGRESS') {
      await this.jobs.delete(jobId, true, namespaceId);
    }
    this.belongings.jobs.delete(job);
  }

  /** Deletes the rehearsal's own thing. */
  async deleteThing(): Promise<void> {
    const { thingName, thingIn } = this.belongings;
    await this.iot.send(new DeleteThingCommand({ thingName }));
    thingIn.delete(this.region);
  }

  /** Its own thing; or the thing group that jobs are selected by, if no device is in it. */
  private async targets(filter: JobFilter, tell: (text: string) => void): Promise<readonly string[] | undefined> {
    const { thingGroupName } = filter;
    if (thingGroupName === undefined) {
      return [await (this.thing ??= this.createThing())];
    }
    const group = await this.iot.send(new DescribeThingGroupCommand({ thingGroupName })).catch(absent);
    const inIt = group && { thingGroupName, recursive: true, maxResults: 1 };
    const { things = [] } = inIt ? await this.iot.send(new ListThingsInThingGroupCommand(inIt)) : {};
    if (!group?.thingGroupArn || group.queryString !== undefined || things.length > 0) {
      tell(
        `No jobs for the thing group ${thingGroupName}: ${group ? 'devices are in it, or may join' : 'it is not there'}`,
      );
      return undefined;
    }
    return [group.thingGroupArn];
  }

  private async createThing(): Promise<string> {
    const { thingName, thingIn } = this.belongings;
    thingIn.add(this.region);
    const { thingArn } = await this.iot.send(new CreateThingCommand({ thingName }));
    return thingArn!;
  }

  /** Found as the handler would find them. */
  private async matching(filter: JobFilter): Promise<readonly string[]> {
    const calls = { read: <Answer>(_action: string, send: () => Promise<Answer>) => send() };
    const finder = new Finder(this.jobs, calls, ['*']);
    const pass = new Pass({
      filter: { ...filter, statuses: undefined },
      jobs: this.jobs,
      calls,
      finder,
      clock: systemClock,
    });
    const found = new Set<string>();
    while (!pass.isOver) {
      (await pass.next()).forEach(({ jobId }) => found.add(jobId));
    }
    return [...found];
  }
}

/** The jobs that are made for a deletion: those that it names, or so many that it selects. */
function jobIds(selection: Selection): readonly string[] {
  if ('job' in selection) {
    return [selection.job];
  }
  if ('jobs' in selection) {
    return selection.jobs;
  }
  const { thingGroupName = 'rehearsed', jobIdPrefix = '' } = selection.filter;
  const ids = idsFor(jobIdPrefix || `${thingGroupName.replaceAll(':', '-')}-`, jobIdPrefix, ['*']);
  return Array.from({ length: SWEPT }, () => ids.next().value as string);
}

/**
 * What a job becomes that no device ever executes: for a thing it goes on until it is cancelled; for a group without
 * devices it is over at once, if it does not wait for some to join.
 */
function attainable({ thingGroupName, targetSelection }: JobFilter): readonly SeededStatus[] {
  const isOver = thingGroupName !== undefined && targetSelection !== 'CONTINUOUS';
  return isOver ? ['COMPLETED'] : ['IN_PROGRESS', 'CANCELED'];
}

/** A status that jobs are selected by: one that can be had, if there is one. */
function selected(filter: JobFilter): string | undefined {
  const { statuses = [] } = filter;
  return attainable(filter).find((status) => statuses.includes(status)) ?? statuses[0];
}

/** The wanted status, or one that a deletion treats alike, or any that can be had and by which the job is selected. */
function nearest(wanted: SeededStatus, filter: JobFilter): SeededStatus | undefined {
  const alike = wanted === 'COMPLETED' || wanted === 'CANCELED' ? ENDED : ACTIVE;
  const possible = attainable(filter).filter((status) => filter.statuses?.includes(status) ?? true);
  return [wanted, ...alike, ...possible].find((status) => possible.includes(status));
}

function absent(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) {
    return undefined;
  }
  throw error;
}
