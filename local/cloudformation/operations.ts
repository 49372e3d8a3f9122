import type { Environment } from './environment';
import { type Failure, failureReason } from './failures';
import { provision } from './provision';
import { cleanUp, removeFailed, removeResources, type RemovalOptions } from './removal';
import type { Stack } from './stack';
import { USER_INITIATED } from './statuses';
import type { Template } from './template';

/** What to do with a stack whose creation failed. */
export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

/**
 * Creates a stack. A nested stack is left CREATE_FAILED: it is the parent's rollback that deletes it.
 *
 * @param signal aborts when somebody deletes the stack meanwhile: then its deletion goes on from there
 */
export async function create(
  environment: Environment,
  stack: Stack,
  onFailure: OnFailure,
  signal?: AbortSignal,
): Promise<void> {
  stack.enter('CREATE_IN_PROGRESS', USER_INITIATED);
  const failures = await provision(environment, stack, stack.template, { rollback: false, signal });
  if (failures.length === 0) {
    stack.enter('CREATE_COMPLETE');
    return;
  }
  if (signal?.aborted && !stack.parent) {
    return;
  }
  const reason = failureReason(failures);
  switch (onFailure) {
    case 'DO_NOTHING':
      stack.enter('CREATE_FAILED', reason);
      return;
    case 'ROLLBACK':
      await rollBackCreation(environment, stack, `${reason}Rollback requested by user.`);
      return;
    case 'DELETE':
      await remove(environment, stack, { undoCreate: true, reason: `${reason}Delete requested by user.` });
      return;
  }
}

/** Takes back a creation that failed. */
export async function rollBackCreation(environment: Environment, stack: Stack, reason: string): Promise<void> {
  stack.enter('ROLLBACK_IN_PROGRESS', reason);
  const failed = await removeResources(environment, stack, stack.template.graph, { undoCreate: true });
  stack.enter(failed.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', deletionReason(failed));
}

/** How an update goes about a failure. */
export interface UpdateOptions {
  readonly signal?: AbortSignal;
  /** Leaves the stack UPDATE_FAILED. */
  readonly disableRollback?: boolean;
}

/**
 * The way forward of an update, up to the point where there is a way back still.
 *
 * A nested stack stays there until the root's own clean-up or rollback reaches it. After an UPDATE_FAILED the way back
 * still leads to the state before that.
 */
export async function update(
  environment: Environment,
  stack: Stack,
  template: Template,
  { signal, disableRollback = false }: UpdateOptions = {},
): Promise<readonly Failure[]> {
  stack.change = {
    from: stack.template,
    before: new Map([...stack.resources].map(([logicalId, resource]) => [logicalId, { ...resource }])),
    outputsBefore: stack.outputs,
    remade: new Set(),
    failedBack: new Set(),
    ...stack.change,
    to: template,
  };
  stack.template = template;
  stack.enter('UPDATE_IN_PROGRESS', USER_INITIATED);
  await removeFailed(environment, stack);
  const failures = await provision(environment, stack, template, { rollback: false, signal });
  if (failures.length === 0) {
    stack.enter('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  } else if (disableRollback) {
    stack.enter('UPDATE_FAILED', failureReason(failures));
  } else {
    stack.enter('UPDATE_ROLLBACK_IN_PROGRESS', signal?.aborted ? USER_INITIATED : failureReason(failures));
  }
  return failures;
}

/** How an update is rolled back. */
export interface RollbackOptions {
  readonly signal?: AbortSignal;
  /** Logical ids of resources that stay as they are. */
  readonly skip?: readonly string[];
}

/** The way back, with the old template through the same rules as the way forward. */
export async function rollBack(
  environment: Environment,
  stack: Stack,
  { signal, skip }: RollbackOptions = {},
): Promise<void> {
  const { change } = stack;
  if (!change) {
    return;
  }
  if (stack.status !== 'UPDATE_ROLLBACK_IN_PROGRESS') {
    stack.enter(
      'UPDATE_ROLLBACK_IN_PROGRESS',
      stack.status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' ? undefined : USER_INITIATED,
    );
  }
  stack.template = change.from;
  const failures = await provision(environment, stack, change.from, { rollback: true, signal, skip });
  if (failures.length === 0) {
    stack.enter('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  } else {
    stack.enter('UPDATE_ROLLBACK_FAILED', failureReason(failures));
  }
}

/** The clean-up after either way; nothing can be taken back from here on, and nothing fails it. */
export async function settle(environment: Environment, stack: Stack): Promise<void> {
  const { change } = stack;
  if (!change) {
    return;
  }
  if (stack.status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') {
    await cleanUp(environment, stack, change.from, change.to, { undo: false });
    stack.change = undefined;
    stack.enter('UPDATE_COMPLETE');
  } else if (stack.status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS') {
    await cleanUp(environment, stack, change.to, change.from, { undo: true });
    stack.change = undefined;
    stack.enter('UPDATE_ROLLBACK_COMPLETE');
  }
}

/** How a stack is deleted. */
export interface Removal extends RemovalOptions {
  readonly reason?: string;
  /** Resolves when the creation that is still under way has been called off. */
  readonly calledOff?: () => Promise<void>;
}

/** Deletes a stack, or what an earlier attempt left of it. A stack whose exports are in use stays as it was. */
export async function remove(
  environment: Environment,
  stack: Stack,
  { reason = USER_INITIATED, calledOff, ...options }: Removal = {},
): Promise<void> {
  const before = stack.status;
  stack.enter('DELETE_IN_PROGRESS', reason);
  const refusal = environment.refusalToDelete(stack);
  if (refusal !== undefined) {
    stack.enter(before, refusal);
    return;
  }
  await calledOff?.();
  const failed = await removeResources(environment, stack, stack.template.graph, options);
  stack.enter(failed.length === 0 ? 'DELETE_COMPLETE' : 'DELETE_FAILED', deletionReason(failed));
}

function deletionReason(failed: readonly string[]): string | undefined {
  return failed.length === 0 ? undefined : `The following resource(s) failed to delete: [${failed.join(', ')}]. `;
}
