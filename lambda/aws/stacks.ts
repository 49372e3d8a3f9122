import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';

/** What CloudFormation is doing with a stack. */
export interface StackState {
  readonly status: string;
  /** The stack that this one is nested in. */
  readonly parentId?: string;
  /** Names the operation that goes on, and those before it; nothing where CloudFormation does not tell. */
  readonly operation?: string;
}

/** A resource of a stack, as its list tells. */
export interface StackResource {
  /** The stack that has it: of a tree of nested stacks, one. */
  readonly stackId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
}

/** A status that a stack has had. */
export interface StackStatusEvent {
  readonly status: string;
  /** When it began, in milliseconds; nothing where CloudFormation does not tell. */
  readonly at?: number;
}

/** One page of something, and the token for the next one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/** What a decision asks of CloudFormation. */
export type StackCalls = Pick<Stacks, 'describe' | 'ownEvents' | 'resources'>;

/** The calls of CloudFormation that the handler makes. */
export class Stacks {
  constructor(private readonly cloudFormation: CloudFormationClient) {}

  /** The stack as it is now; nothing if CloudFormation does not know it. */
  async describe(stackId: string): Promise<StackState | undefined> {
    try {
      const answer = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
      const { StackStatus: status, ParentId: parentId, LastOperations } = answer.Stacks?.[0] ?? {};
      if (!status) {
        throw new TypeError(`DescribeStacks answered without the status of ${stackId}`);
      }
      const operation = LastOperations?.map(({ OperationId }) => OperationId).join(' ');
      return { status, parentId, operation: operation || undefined };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'ValidationError' && message.includes('does not exist')) {
        return undefined;
      }
      throw error;
    }
  }

  /** The statuses that the stack itself has had, newest first: CloudFormation keeps events for 90 days. */
  async ownEvents(stackId: string, nextToken?: string): Promise<Page<StackStatusEvent>> {
    const answer = await this.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: stackId, NextToken: nextToken }),
    );
    if (!answer.StackEvents) {
      throw new TypeError(`DescribeStackEvents answered without the events of ${stackId}`);
    }
    const own = answer.StackEvents.filter(({ PhysicalResourceId }) => PhysicalResourceId === stackId);
    const items = own.map(({ ResourceStatus: status = '', Timestamp }) => ({ status, at: Timestamp?.getTime() }));
    return { items, nextToken: answer.NextToken };
  }

  /** The stack's resources that have a physical id. */
  async resources(stackId: string, nextToken?: string): Promise<Page<StackResource>> {
    const answer = await this.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: stackId, NextToken: nextToken }),
    );
    if (!answer.StackResourceSummaries) {
      throw new TypeError(`ListStackResources answered without the resources of ${stackId}`);
    }
    const items = answer.StackResourceSummaries.flatMap(
      ({ LogicalResourceId = '', PhysicalResourceId, ResourceType = '', ResourceStatus = '' }) =>
        PhysicalResourceId
          ? [
              {
                stackId,
                logicalId: LogicalResourceId,
                physicalId: PhysicalResourceId,
                type: ResourceType,
                status: ResourceStatus,
              },
            ]
          : [],
    );
    return { items, nextToken: answer.NextToken };
  }
}
