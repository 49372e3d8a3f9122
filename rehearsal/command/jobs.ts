import type { LocalAws, StackResource } from '../../local';
import type { SeededStatus } from './options';

/** A job that goes, or stays, with a stack. */
export interface StackJob {
  readonly jobId: string;
  readonly namespaceId?: string;
  /** The status in which it can be deleted as its resource says. */
  readonly status: SeededStatus;
  readonly retained: boolean;
}

/**
 * The jobs of this account and region that the deployed stacks' resources name, in nested stacks too; what were tokens
 * are values now.
 */
export function stackJobs(aws: LocalAws, stackNames: readonly string[]): readonly StackJob[] {
  const resources = stackNames.flatMap((name) => resourcesOf(aws, name));
  const jobs = resources.flatMap(({ type, properties, deletionPolicy }): StackJob[] => {
    const is = (name: string): boolean => String(properties[name]) === 'true';
    const retained = deletionPolicy.startsWith('Retain');
    const status = is('Force') || is('CancelFirst') ? 'IN_PROGRESS' : 'COMPLETED';
    const here = properties.Region === undefined && properties.AssumeRole === undefined;
    const namespaceId = properties.NamespaceId as string | undefined;
    return type === 'Custom::IoTJobDeletion' && here
      ? [{ jobId: String(properties.JobId), namespaceId, status, retained }]
      : [];
  });
  return [...new Map(jobs.map((job) => [job.jobId, job])).values()];
}

function resourcesOf(aws: LocalAws, stack: string): readonly Readonly<StackResource>[] {
  const { resources } = aws.cloudFormation.stack(stack);
  const nested = resources.filter(({ type, physicalId }) => type === 'AWS::CloudFormation::Stack' && physicalId);
  return [...resources, ...nested.flatMap(({ physicalId }) => resourcesOf(aws, physicalId!))];
}
