import type { JobFilter } from '../../lambda/search/selection';
import type { NewJob } from '../../local';
import { jobName } from '../result';
import type { Deletion } from './deletions';
import { jobIds } from './job-ids';
import type { Options, SeededStatus } from './options';
import type { JobPlace } from './places';
import { type PlacedJob, selects } from './selection';

const ACTIVE: readonly SeededStatus[] = ['IN_PROGRESS', 'SCHEDULED'];
const ENDED: readonly SeededStatus[] = ['COMPLETED', 'CANCELED'];

/** The thing group of jobs that a sweep by thing group must keep. */
const OTHER_GROUP = 'beside-the-sweep';

/** A job that was made for the rehearsal. */
export interface MadeJob extends PlacedJob {
  readonly name: string;
  readonly createdAt: number;
  /** The deletion that it was made for, or beside which it must be kept. */
  readonly deletion: Deletion;
  readonly isDecoy: boolean;
  /** What should become of it. */
  readonly expected: 'deleted' | 'kept';
}

/** How jobs are to be made. */
export type JobOptions = Pick<Options, 'jobs' | 'sweepJobs' | 'thingGroups'>;

/** The jobs of deployed deletions, as pipelines and consoles would have made them, and others beside them. */
export class RehearsedJobs {
  readonly all: MadeJob[] = [];
  /** Why no job could be made, and what to give. */
  readonly impossible = new Map<Deletion, string>();
  /** How jobs had to differ from those of an account. */
  readonly shaped: string[] = [];
  private readonly used = new Set<string>();

  constructor(
    private readonly deletions: readonly Deletion[],
    private readonly options: JobOptions,
    /** The thing groups that the app makes in its own account and region. */
    private readonly appGroups: { readonly at: JobPlace; readonly names: readonly string[] },
  ) {}

  /** Makes those that the deletions delete or retain, and beside each some that they must keep. */
  make(): void {
    const isNamed = ({ selection }: Deletion): boolean => !('filter' in selection);
    const inOrder = [...this.deletions.filter(isNamed), ...this.deletions.filter((each) => !isNamed(each))];
    for (const deletion of inOrder) {
      this.makeOwn(deletion, statusesOf(deletion));
    }
    for (const deletion of inOrder) {
      this.makeDecoys(deletion);
    }
  }

  /** Makes one active job for each of these deletions, which may delete none. */
  makeActive(deletions: readonly Deletion[]): void {
    for (const deletion of deletions) {
      const { filter } = deletion.selection as { readonly filter?: JobFilter };
      this.makeOwn(deletion, ACTIVE.filter((status) => filter?.statuses?.includes(status) ?? true).slice(0, 1), 1);
    }
  }

  /** Those that were made for a deletion. */
  of(deletion: Deletion): readonly MadeJob[] {
    const made = this.all.filter(({ isDecoy }) => !isDecoy);
    const own = made.filter((each) => each.deletion === deletion);
    // Another deletion may name the same jobs: they were made for that one.
    return own.length > 0 ? own : made.filter((each) => selects(deletion, each));
  }

  /** The person's `--job` options that no job was made by. */
  get unused(): readonly string[] {
    return Object.keys(this.options.jobs).filter((key) => !this.used.has(key));
  }

  private makeOwn(deletion: Deletion, statuses: readonly SeededStatus[], most = this.options.sweepJobs): void {
    const { at, selection, maxJobs } = deletion;
    if (!at) {
      this.impossible.set(deletion, `there is no region ${String(deletion.selects.Region)}`);
      return;
    }
    if (!('filter' in selection)) {
      const ids = 'job' in selection ? [selection.job] : selection.jobs;
      ids.forEach((jobId, i) => {
        const status = this.given(deletion, jobId) ?? statuses[i % statuses.length]!;
        this.create(deletion, { jobId, status, namespaceId: deletion.namespaceId, ...executing(deletion, status, i) });
      });
      return;
    }
    const targets = this.targets(deletion, selection.filter, at);
    if (!targets) {
      return;
    }
    const wanted = Math.max(most, statuses.length);
    const free = this.freeIds(deletion, selection.filter, at);
    let made = 0;
    for (const jobId of free) {
      const status = this.given(deletion, jobId) ?? statuses[made % statuses.length]!;
      const job = { jobId, status, ...shapeOf(selection.filter), ...targets, ...executing(deletion, status, made) };
      if (made === wanted || !this.hasRoom({ job, at })) {
        break;
      }
      this.create(deletion, job);
      made += 1;
    }
    if (made === 0) {
      const patterns = deletion.patterns.join(', ');
      this.impossible.set(
        deletion,
        this.all.length > 0 && maxJobs <= this.all.length
          ? `no job could be made: maxJobs is ${maxJobs}, and other deletions' jobs match too`
          : `no job id both begins with "${selection.filter.jobIdPrefix ?? ''}" and is covered by its provider (${patterns})`,
      );
    } else if (made < statuses.length) {
      this.shaped.push(
        `${nameOf(deletion)}: with ${maxJobs <= made ? `maxJobs ${maxJobs}` : 'so few job ids to choose from'} no job was made that is ${statuses.slice(made).join(' or ')}`,
      );
    }
  }

  /** Jobs that differ from the deletion's own in one thing that it selects by. */
  private makeDecoys(deletion: Deletion): void {
    const { at, selection } = deletion;
    const [own] = this.of(deletion);
    if (!at || !own) {
      return;
    }
    const variants: Partial<NewJob>[] = [{ jobId: 'beside-' }];
    if ('filter' in selection) {
      const { thingGroupName, targetSelection, statuses, namespaceId, tags, jobIdPrefix } = selection.filter;
      const otherGroup = (): string =>
        (at.iot.thingGroup(OTHER_GROUP) ?? at.iot.createThingGroup(OTHER_GROUP)).thingGroupArn;
      const otherStatus = [...ENDED, ...ACTIVE].find((status) => !(statuses?.includes(status) ?? true));
      variants.splice(0, jobIdPrefix === undefined ? 1 : 0);
      variants.push(
        ...(thingGroupName === undefined ? [] : [{ targets: [otherGroup()] }]),
        ...(targetSelection === undefined
          ? []
          : [{ targetSelection: targetSelection === 'SNAPSHOT' ? ('CONTINUOUS' as const) : ('SNAPSHOT' as const) }]),
        ...(otherStatus === undefined ? [] : [{ status: otherStatus }]),
        ...(namespaceId === undefined ? [] : [{ namespaceId: undefined }]),
        ...(tags === undefined ? [] : [{ tags: new Map<string, string>() }]),
      );
    }
    for (const variant of variants) {
      const base = variant.jobId ?? `${own.job.jobId.slice(0, 50)}-beside-`;
      const [jobId] = this.free(at, jobIds(base, variant.jobId ?? prefixOf(deletion), ['*']));
      const job = { ...own.job, ...variant, executions: undefined, jobId: jobId ?? own.job.jobId };
      if (jobId !== undefined && !this.deletions.some((each) => selects(each, { job, at }))) {
        this.create(deletion, job, true);
      }
    }
  }

  private create(deletion: Deletion, job: NewJob, isDecoy = false): void {
    const at = deletion.at!;
    // Another deletion may name the same one: it was made then.
    if (this.all.some((made) => made.at.iot === at.iot && made.job.jobId === job.jobId)) {
      return;
    }
    const name = jobName({ ...job, place: at.place });
    const declared = at.iot.job(job.jobId);
    if (declared && declared.status !== job.status) {
      this.shaped.push(`${nameOf(deletion)}: the app itself makes ${name}, and it is ${declared.status}`);
    }
    const { createdAt, status } = declared ?? at.iot.createJob(job);
    const expected = isDecoy || deletion.retained ? 'kept' : 'deleted';
    this.all.push({ job: { ...job, status }, at, deletion, isDecoy, expected, createdAt, name });
  }

  /** Whether no sweep would select more than its `maxJobs` then. */
  private hasRoom(job: PlacedJob): boolean {
    return this.deletions
      .filter((deletion) => 'filter' in deletion.selection && selects(deletion, job))
      .every((deletion) => this.all.filter((made) => selects(deletion, made)).length < deletion.maxJobs);
  }

  private *freeIds(deletion: Deletion, filter: JobFilter, at: JobPlace): Generator<string> {
    const { thingGroupName = 'rehearsed', jobIdPrefix = '' } = filter;
    const base = jobIdPrefix || `${thingGroupName.replaceAll(':', '-')}-`;
    // Those that the person asked for come first.
    yield* this.free(
      at,
      Object.keys(this.options.jobs)
        .map(idIn)
        .filter((id) => jobIdPrefix !== '' && id.startsWith(jobIdPrefix)),
    );
    yield* this.free(at, jobIds(base, jobIdPrefix, deletion.patterns));
  }

  private *free(at: JobPlace, ids: Iterable<string>): Generator<string> {
    for (const id of ids) {
      if (!at.iot.job(id)) {
        yield id;
      }
    }
  }

  /** The status that the person gives a job. */
  private given({ stackNames }: Deletion, jobId: string): SeededStatus | undefined {
    const { jobs } = this.options;
    const keys = [...stackNames.map((name) => `${name}:${jobId}`), jobId].filter((key) => Object.hasOwn(jobs, key));
    keys.forEach((key) => this.used.add(key));
    return jobs[keys[0]!];
  }

  /** The thing group that jobs are selected by. One that the app should have made, and has not, is not made up. */
  private targets(
    deletion: Deletion,
    { thingGroupName }: JobFilter,
    at: JobPlace,
  ): Pick<NewJob, 'targets'> | undefined {
    if (thingGroupName === undefined) {
      return {};
    }
    const { appGroups, options } = this;
    const mayBeElsewhere =
      appGroups.at.iot !== at.iot ||
      appGroups.names.length === 0 ||
      options.thingGroups.includes(thingGroupName) ||
      deletion.stubbed.some(({ property }) => property === 'ThingGroupName');
    const group = at.iot.thingGroup(thingGroupName);
    if (!group && !mayBeElsewhere) {
      this.impossible.set(
        deletion,
        `the app does not make the thing group "${thingGroupName}", only ${appGroups.names.join(', ')}; ` +
          `if it is made elsewhere, give --thing-group ${thingGroupName}`,
      );
      return undefined;
    }
    return { targets: [(group ?? at.iot.createThingGroup(thingGroupName)).thingGroupArn] };
  }
}

/** A deletion as messages call it. */
export function nameOf({ path, stack, logicalId }: Pick<Deletion, 'path' | 'stack' | 'logicalId'>): string {
  return path ?? `${stack}/${logicalId}`;
}

/** The statuses in which a deletion's jobs are made: those that it selects; unless it says, those that it can delete. */
function statusesOf({ selection, force, cancelFirst }: Deletion): readonly SeededStatus[] {
  const selected =
    'filter' in selection ? (selection.filter.statuses as readonly SeededStatus[] | undefined) : undefined;
  return selected ?? (force || cancelFirst ? [...ACTIVE, ...ENDED] : ENDED);
}

/** Without force, a cancellation has to wait for the devices that are at it: the first job has one. */
function executing({ force, cancelFirst }: Deletion, status: SeededStatus, index: number): Pick<NewJob, 'executions'> {
  return cancelFirst && !force && index === 0 && status === 'IN_PROGRESS' ? { executions: { inProgress: 1 } } : {};
}

function shapeOf({ targetSelection, namespaceId, tags }: JobFilter): Partial<NewJob> {
  return {
    targetSelection: targetSelection as NewJob['targetSelection'],
    namespaceId,
    tags: new Map(Object.entries(tags ?? {})),
  };
}

function prefixOf({ selection }: Deletion): string {
  return 'filter' in selection ? (selection.filter.jobIdPrefix ?? '') : '';
}

/** `STACK:ID` or `ID`. */
export function idIn(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1);
}
