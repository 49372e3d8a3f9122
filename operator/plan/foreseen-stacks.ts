import type { Page, StackCalls, StackResource, StackState, StackStatusEvent } from '../../lambda/aws/stacks';

/** What CloudFormation would show while it asks for a deletion. */
export interface Foreseen {
  /** By stack id; other stacks show what they show now. */
  readonly statuses: ReadonlyMap<string, string>;
  /** The resources of a stack whose list is another one by then. */
  readonly resources: ReadonlyMap<string, readonly StackResource[]>;
}

/** CloudFormation as it would be during the operation: the handler's code decides by it as it would then. */
export function foreseenStacks(now: StackCalls, { statuses, resources }: Foreseen): StackCalls {
  const events = new Map<string, Promise<Page<StackStatusEvent>>>();
  return {
    describe: async (stackId): Promise<StackState | undefined> => {
      const state = await now.describe(stackId);
      const status = statuses.get(stackId);
      // Nothing of an operation that has not begun may be remembered.
      return state && { ...state, status: status ?? state.status, operation: undefined };
    },
    ownEvents: (stackId, nextToken) => {
      const key = `${stackId} ${nextToken}`;
      const page = events.get(key) ?? now.ownEvents(stackId, nextToken);
      events.set(key, page);
      return page;
    },
    resources: (stackId, nextToken) => {
      const items = resources.get(stackId);
      return items ? Promise.resolve({ items }) : now.resources(stackId, nextToken);
    },
  };
}
