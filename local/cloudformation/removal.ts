import type { Environment } from './environment';
import { contextOf } from './environment';
import type { Graph } from './graph';
import { reversed, walk } from './graph';
import type { Stack, StackResource } from './stack';
import type { DeletionPolicy } from './statuses';
import type { Template } from './template';

/** CloudFormation tries a Delete so often in clean-up; then it forgets the resource, and the update is complete. */
const cleanUpAttempts = 3;

/** Deletions cannot be called off. */
const never = new AbortController().signal;

/** Which resources a removal leaves alone. */
export interface RemovalOptions {
  /** Logical ids of resources to keep. */
  readonly retain?: readonly string[];
  /** Keeps what can't be deleted, as FORCE_DELETE_STACK does. */
  readonly force?: boolean;
  /** The operation takes back what it has just created. */
  readonly undoCreate?: boolean;
}

/**
 * Deletes all the resources of a stack, each after those that depend on it.
 *
 * Where one fails, what it depends on stays with it; the other branches go on. Answers with those that failed.
 */
export async function removeResources(
  environment: Environment,
  stack: Stack,
  graph: Graph,
  { retain = [], force = false, undoCreate = false }: RemovalOptions = {},
): Promise<readonly string[]> {
  const failed: string[] = [];
  // What must stay because something that could not be deleted depends on it.
  const needed = new Set<string>();
  const takeAway = async (logicalId: string): Promise<boolean> => {
    const resource = stack.resources.get(logicalId);
    if (!resource) {
      return true;
    }
    const keep = retain.includes(logicalId) || kept(resource.deletionPolicy, undoCreate);
    if ((await remove(environment, stack, resource, keep)) || force) {
      stack.resources.delete(logicalId);
      return true;
    }
    failed.push(logicalId);
    return false;
  };
  if (stack.change) {
    // A rollback that failed left behind what only the new template knows. That goes first, in its own order.
    const ahead = stack.change.to.graph;
    [...ahead.keys()].forEach((logicalId) => needed.add(logicalId));
    await walk(reversed(ahead), async (logicalId) => {
      for (const old of stack.superseded.filter((resource) => resource.logicalId === logicalId)) {
        if (!(await remove(environment, stack, old, kept(old.updateReplacePolicy, false))) && !force) {
          failed.push(logicalId);
          return false;
        }
        stack.superseded = stack.superseded.filter((resource) => resource !== old);
      }
      const free = graph.has(logicalId) || (await takeAway(logicalId));
      if (free) {
        needed.delete(logicalId);
      }
      return free;
    });
  }
  await walk(reversed(graph), (logicalId) => (needed.has(logicalId) ? Promise.resolve(false) : takeAway(logicalId)));
  return failed;
}

/**
 * The clean-up of an update, or of its rollback: deletes what was replaced and what `settled` does not have.
 *
 * The order is that of the template being left, through the resources that stay: if X needed F and F needed P, X goes
 * before P even where F stays. So whatever a custom resource's Delete needs must be reachable from it there.
 */
export async function cleanUp(
  environment: Environment,
  stack: Stack,
  left: Template,
  settled: Template,
  { undo }: { readonly undo: boolean },
): Promise<void> {
  await walk(reversed(withAll(left.graph, stack)), async (logicalId) => {
    const resource = stack.resources.get(logicalId);
    for (const old of stack.superseded.filter((superseded) => superseded.logicalId === logicalId)) {
      await removeOrForget(environment, stack, old, kept(old.updateReplacePolicy, undo));
      stack.superseded = stack.superseded.filter((superseded) => superseded !== old);
    }
    if (resource && !settled.resources.has(logicalId)) {
      await removeOrForget(environment, stack, resource, kept(resource.deletionPolicy, undo));
      stack.resources.delete(logicalId);
    } else if (resource?.physicalId !== undefined && !resource.stub) {
      const { physicalId, attributes } = resource;
      const context = contextOf(stack, settled, resource, { signal: never, rollback: undo });
      await environment.resourceType(resource.type)?.settle?.({ ...context, physicalId, attributes });
    }
    return true;
  });
}

/** Deletes what failed to come to be in an earlier operation, whose rollback was disabled, so that it is made anew. */
export async function removeFailed(environment: Environment, stack: Stack): Promise<void> {
  for (const [logicalId, resource] of stack.resources) {
    if (resource.status === 'CREATE_FAILED') {
      await removeOrForget(environment, stack, resource, false);
      stack.resources.delete(logicalId);
    }
  }
}

/** The graph, with what an operation in between has left behind and neither template knows. */
function withAll(graph: Graph, stack: Stack): Graph {
  const left = [...stack.resources.keys()].filter((logicalId) => !graph.has(logicalId));
  return new Map([...graph, ...left.map((logicalId) => [logicalId, new Set<string>()] as const)]);
}

async function removeOrForget(
  environment: Environment,
  stack: Stack,
  resource: StackResource,
  keep: boolean,
): Promise<void> {
  for (let attempt = 1; attempt <= cleanUpAttempts; attempt += 1) {
    if (await remove(environment, stack, resource, keep)) {
      return;
    }
  }
}

/** Deletes one physical resource. What never came to be is gone without anybody being asked. */
async function remove(
  environment: Environment,
  stack: Stack,
  resource: StackResource,
  keep: boolean,
): Promise<boolean> {
  const { physicalId, attributes } = resource;
  if (physicalId === undefined) {
    stack.report(resource, 'DELETE_COMPLETE');
    return true;
  }
  if (keep) {
    stack.report(resource, 'DELETE_SKIPPED');
    return true;
  }
  stack.report(resource, 'DELETE_IN_PROGRESS');
  try {
    if (!resource.stub) {
      const context = contextOf(stack, stack.template, resource, { signal: never, rollback: false });
      await environment.resourceType(resource.type)?.delete({ ...context, physicalId, attributes });
    }
  } catch (error) {
    stack.report(resource, 'DELETE_FAILED', error instanceof Error ? error.message : String(error));
    return false;
  }
  stack.report(resource, 'DELETE_COMPLETE');
  return true;
}

/** RetainExceptOnCreate is Retain, but for the operation that created the resource and now takes it back. */
function kept(policy: DeletionPolicy, undoCreate: boolean): boolean {
  switch (policy) {
    case 'Retain':
      return true;
    case 'RetainExceptOnCreate':
      return !undoCreate;
    case 'Delete':
    case 'Snapshot':
      return false;
  }
}
