import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type DescribeStacksCommandOutput,
  ListStackResourcesCommand,
  type ListStackResourcesCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Clock } from './clock';

/** Many deletions of one stack ask at once, one after the other in each warm environment. */
const REMEMBERED_FOR = 5_000;

/** A resource of a stack that deletes jobs. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
}

/** What CloudFormation is doing with a stack. */
export class Stacks {
  private readonly deleting = new Map<string, { readonly until: number; readonly statuses: readonly string[] }>();

  constructor(
    private readonly cloudFormation: CloudFormationClient,
    private readonly clock: Clock,
  ) {}

  /**
   * The stack's status, then its parent's, and so on up to the root: a parent that rolls back deletes its nested
   * stacks, whose own status then just says DELETE_IN_PROGRESS.
   */
  async statuses(stackId: string): Promise<readonly string[]> {
    const statuses: string[] = [];
    for (let id: string | undefined = stackId; id !== undefined;) {
      const answer: DescribeStacksCommandOutput = await this.cloudFormation.send(
        new DescribeStacksCommand({ StackName: id }),
      );
      const stack = answer.Stacks?.[0];
      if (!stack?.StackStatus) {
        throw new TypeError(`DescribeStacks answered without the status of ${id}`);
      }
      statuses.push(stack.StackStatus);
      id = stack.ParentId;
    }
    return statuses;
  }

  /** The stack's resources that delete jobs, but for those that are on their way out, or are gone. */
  async liveResources(stackId: string): Promise<readonly StackResource[]> {
    const live: StackResource[] = [];
    let nextToken: string | undefined;
    do {
      const answer: ListStackResourcesCommandOutput = await this.cloudFormation.send(
        new ListStackResourcesCommand({ StackName: stackId, NextToken: nextToken }),
      );
      if (!answer.StackResourceSummaries) {
        throw new TypeError(`ListStackResources answered without the resources of ${stackId}`);
      }
      for (const {
        LogicalResourceId,
        PhysicalResourceId,
        ResourceType,
        ResourceStatus,
      } of answer.StackResourceSummaries) {
        if (isDeletion(ResourceType) && PhysicalResourceId && !ResourceStatus?.startsWith('DELETE_')) {
          live.push({ logicalId: LogicalResourceId!, physicalId: PhysicalResourceId });
        }
      }
      nextToken = answer.NextToken;
    } while (nextToken !== undefined);
    return live;
  }

  /**
   * The same for a Delete event, where it may be remembered for a few seconds that the stack is being deleted. Nothing
   * else may: an update that failed seconds after one that succeeded would pass for its clean-up, and lose a job.
   */
  async statusesOnDelete(stackId: string): Promise<readonly string[]> {
    const known = this.deleting.get(stackId);
    if (known && this.clock.now() < known.until) {
      return known.statuses;
    }
    const statuses = await this.statuses(stackId);
    if (statuses.every((status) => status === 'DELETE_IN_PROGRESS')) {
      this.deleting.set(stackId, { until: this.clock.now() + REMEMBERED_FOR, statuses });
    }
    return statuses;
  }
}

/**
 * Whether a Delete event belongs to a failed deploy.
 *
 * A parent at rest after a rollback counts for nothing: then it was not the parent that sent this.
 */
export function isRollingBack([own, ...parents]: readonly string[]): boolean {
  return own!.includes('ROLLBACK') || parents.some((s) => s.includes('ROLLBACK') && !s.endsWith('ROLLBACK_COMPLETE'));
}

/** Whether the stack is on its way forward, and every stack around it. */
export function isUpdating(statuses: readonly string[]): boolean {
  return statuses.every((status) => status === 'UPDATE_IN_PROGRESS');
}

/** Whether a resource of this type is one of ours, which deletes jobs. */
export function isDeletion(resourceType: string | undefined): boolean {
  return resourceType === 'Custom::IoTJobDeletion' || resourceType === 'Custom::IoTJobSweep';
}
