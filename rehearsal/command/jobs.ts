import type { Account, LocalAws, NewJob, StackResource } from '../../local';
import { jobName } from '../result';
import type { SeededStatus } from './options';
import { type JobPlace, JobPlaces } from './places';

/** A job that goes, or stays, with a stack. */
export interface StackJob extends JobPlace {
  /** In a status in which it can be deleted as its resource says. */
  readonly job: NewJob & { readonly status: SeededStatus };
  readonly retained: boolean;
}

/** Of jobs that a sweep knows by what they are, so many are made: more than there are deletion slots. */
const SWEPT = 12;

/** The ids of the jobs that are made for a sweep to find by its prefix or thing group. */
export function sweptJobIds(
  thingGroupName = 'rehearsed',
  prefix = `${thingGroupName.replaceAll(':', '-')}-`,
): string[] {
  return Array.from({ length: SWEPT }, (_, i) => `${prefix.slice(0, 60)}${String(i + 1).padStart(2, '0')}`);
}

/**
 * The jobs that the resources of the deployed stacks of an account and region name or select, in nested stacks too; what
 * were tokens are values now.
 */
export function stackJobs(aws: LocalAws, home: Account, stackNames: readonly string[]): readonly StackJob[] {
  const places = new JobPlaces(aws, home);
  const jobs = stackNames.flatMap((name) => resourcesOf(aws, name)).flatMap((resource) => jobsOf(places, resource));
  return [...new Map(jobs.map((each) => [jobName({ ...each, ...each.job }), each])).values()];
}

function jobsOf(places: JobPlaces, { type, properties, deletionPolicy }: Readonly<StackResource>): StackJob[] {
  const ids = jobIds(type, properties);
  const at = ids.length > 0 ? places.of(properties) : undefined;
  if (!at) {
    return [];
  }
  const is = (name: string): boolean => String(properties[name]) === 'true';
  const { NamespaceId, TargetSelection, Statuses, Tags, ThingGroupName } = properties;
  const [status] = (Statuses ?? []) as SeededStatus[];
  const group = ThingGroupName as string | undefined;
  const common = {
    status: status ?? (is('Force') || is('CancelFirst') ? 'IN_PROGRESS' : 'COMPLETED'),
    namespaceId: NamespaceId as string | undefined,
    targetSelection: TargetSelection as NewJob['targetSelection'],
    tags: new Map(Object.entries((Tags ?? {}) as Record<string, string>)),
    // One that is not the app's is made.
    targets:
      group === undefined ? undefined : [(at.iot.thingGroup(group) ?? at.iot.createThingGroup(group)).thingGroupArn],
  };
  const retained = deletionPolicy.startsWith('Retain');
  return ids.map((jobId) => ({ job: { jobId, ...common }, retained, ...at }));
}

function jobIds(type: string, properties: StackResource['properties']): string[] {
  const { JobId, JobIds, JobIdPrefix, ThingGroupName } = properties as Record<string, string> & { JobIds?: string[] };
  switch (type) {
    case 'Custom::IoTJobDeletion':
      return [JobId!];
    case 'Custom::IoTJobSweep':
      return JobIds ?? sweptJobIds(ThingGroupName, JobIdPrefix);
    default:
      return [];
  }
}

function resourcesOf(aws: LocalAws, stack: string): readonly Readonly<StackResource>[] {
  const { resources } = aws.cloudFormation.stack(stack);
  const nested = resources.filter(({ type, physicalId }) => type === 'AWS::CloudFormation::Stack' && physicalId);
  return [...resources, ...nested.flatMap(({ physicalId }) => resourcesOf(aws, physicalId!))];
}
