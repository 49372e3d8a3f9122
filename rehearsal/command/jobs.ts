import type { LocalAws, NewJob, StackResource } from '../../local';
import type { SeededStatus } from './options';

/** A job that goes, or stays, with a stack. */
export interface StackJob {
  /** In a status in which it can be deleted as its resource says. */
  readonly job: NewJob & { readonly status: SeededStatus };
  readonly retained: boolean;
}

/** Of jobs that a sweep knows by what they are, so many are made: more than there are deletion slots. */
export const SWEPT = 12;

/**
 * The jobs of this account and region that the deployed stacks' resources name or select, in nested stacks too; what were
 * tokens are values now.
 */
export function stackJobs(aws: LocalAws, stackNames: readonly string[]): readonly StackJob[] {
  const jobs = stackNames.flatMap((name) => resourcesOf(aws, name)).flatMap((resource) => jobsOf(aws, resource));
  return [...new Map(jobs.map((each) => [each.job.jobId, each])).values()];
}

function jobsOf(aws: LocalAws, { type, properties, deletionPolicy }: Readonly<StackResource>): StackJob[] {
  const here = properties.Region === undefined && properties.AssumeRole === undefined;
  const ids = here ? jobIds(type, properties) : [];
  if (ids.length === 0) {
    return [];
  }
  const is = (name: string): boolean => String(properties[name]) === 'true';
  const { NamespaceId, TargetSelection, Statuses, Tags, ThingGroupName } = properties;
  const [status] = (Statuses ?? []) as SeededStatus[];
  const group = ThingGroupName === undefined ? undefined : aws.iot.thingGroup(ThingGroupName as string);
  const common = {
    status: status ?? (is('Force') || is('CancelFirst') ? 'IN_PROGRESS' : 'COMPLETED'),
    namespaceId: NamespaceId as string | undefined,
    targetSelection: TargetSelection as NewJob['targetSelection'],
    tags: new Map(Object.entries((Tags ?? {}) as Record<string, string>)),
    targets: group && [group.thingGroupArn],
  };
  const retained = deletionPolicy.startsWith('Retain');
  return ids.map((jobId) => ({ job: { jobId, ...common }, retained }));
}

function jobIds(type: string, properties: StackResource['properties']): string[] {
  const { JobId, JobIds, JobIdPrefix, ThingGroupName } = properties as Record<string, string> & { JobIds?: string[] };
  switch (type) {
    case 'Custom::IoTJobDeletion':
      return [JobId!];
    case 'Custom::IoTJobSweep': {
      const prefix = JobIdPrefix ?? `${(ThingGroupName ?? 'rehearsed').replaceAll(':', '-')}-`;
      const made = Array.from({ length: SWEPT }, (_, i) => `${prefix.slice(0, 60)}${String(i + 1).padStart(2, '0')}`);
      return JobIds ?? made;
    }
    default:
      return [];
  }
}

function resourcesOf(aws: LocalAws, stack: string): readonly Readonly<StackResource>[] {
  const { resources } = aws.cloudFormation.stack(stack);
  const nested = resources.filter(({ type, physicalId }) => type === 'AWS::CloudFormation::Stack' && physicalId);
  return [...resources, ...nested.flatMap(({ physicalId }) => resourcesOf(aws, physicalId!))];
}
