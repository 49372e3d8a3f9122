import type { StackSpec } from './program';
import { isSame, type Resource, resourcesOf } from './resources';

/** A resource that has its jobs deleted in an operation, or may. */
export interface Goer {
  readonly resource: Resource;
  /** The event that tells it to. */
  readonly event: 'Delete' | 'Update';
  /** Whether its jobs must be gone when it answers with success; if not, they only may. */
  readonly must: boolean;
}

/** What an operation does to a stack's jobs, if all is as it must be. */
export interface Plan {
  readonly goers: readonly Goer[];
  /** What stays in the stack: whatever these have lives, but for a revision's order. */
  readonly holders: readonly Resource[];
  /** What leaves the stack, with its jobs or without: the last of them to go decides. */
  readonly leavers: readonly Resource[];
}

/** A create or an update. After a failure, only what was new may go, and only where it says so. */
export function planOfDeploy(before: StackSpec | undefined, after: StackSpec, succeeded: boolean): Plan {
  const [old, now] = [before ? resourcesOf(before) : [], resourcesOf(after)];
  const isIn = (others: readonly Resource[], one: Resource): boolean => others.some((other) => isSame(other, one));
  const revised = now.filter((is) => {
    const was = old.find((one) => isSame(one, is));
    return was !== undefined && is.spec.revision !== undefined && is.spec.revision !== was.spec.revision;
  });
  const orders = revised.map((resource): Goer => ({ resource, event: 'Update', must: succeeded }));
  if (!succeeded) {
    const created = now.filter((one) => one.spec.deleteOnRollback && !isIn(old, one));
    const goers = created.map((resource): Goer => ({ resource, event: 'Delete', must: false }));
    return { goers: [...orders, ...goers], holders: old, leavers: [] };
  }
  const leavers = old.filter((one) => !isIn(now, one));
  const goers = leavers.flatMap((resource): Goer[] => {
    // Which template's UpdateReplacePolicy counts for what is replaced, AWS does not say.
    const successor = now.find(({ id }) => id === resource.id)?.spec ?? resource.spec;
    const [retained, isSure] = [resource.spec.retain, successor.retain === resource.spec.retain];
    return retained && isSure ? [] : [{ resource, event: 'Delete', must: isSure }];
  });
  return { goers: [...orders, ...goers], holders: now, leavers };
}

/** A stack that was never deployed goes: that is a rollback, whatever CloudFormation calls it. */
export function planOfAbandonment(resources: readonly Resource[]): Plan {
  const going = resources.filter(({ spec }) => spec.deleteOnRollback);
  return { goers: going.map((resource) => ({ resource, event: 'Delete', must: false })), holders: [], leavers: [] };
}

/** Nobody knows that a stack was never deployed: what was made of it may go with it. */
export function planOfForgotten(resources: readonly Resource[]): Plan {
  const { goers, ...rest } = planOfDestroy(resources);
  return { ...rest, goers: goers.map((goer) => ({ ...goer, must: false })) };
}

/** The stack goes: nobody in it holds on to anything, but what is retained is not asked. */
export function planOfDestroy(resources: readonly Resource[]): Plan {
  const going = resources.filter(({ spec }) => !spec.retain);
  return {
    goers: going.map((resource) => ({ resource, event: 'Delete', must: true })),
    holders: [],
    leavers: [],
  };
}
