import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type DescribeStacksCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Clock } from './clock';

/** Many deletions of one stack ask at once, one after the other in each warm environment. */
const FRESH_FOR = 5_000;

/** What CloudFormation is doing with a stack. */
export class Stacks {
  private readonly seen = new Map<string, { readonly at: number; readonly statuses: readonly string[] }>();

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
    this.seen.set(stackId, { at: this.clock.now(), statuses });
    return statuses;
  }

  /** The same, but a few seconds old at the most. */
  async recentStatuses(stackId: string): Promise<readonly string[]> {
    const seen = this.seen.get(stackId);
    return seen && this.clock.now() - seen.at < FRESH_FOR ? seen.statuses : this.statuses(stackId);
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
