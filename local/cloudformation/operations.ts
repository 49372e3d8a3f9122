import type { Environment } from './environment';
import type { Failure } from './provision';
import { failureReason, provision } from './provision';
import { cleanUp, removeResources } from './removal';
import type { Stack } from './stack';
import type { Template } from './template';

/** What to do with a stack whose creation failed. */
export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

/** Creates a stack. A nested stack is left CREATE_FAILED: it is the parent's rollback that deletes it. */
export async function create(
  environment: Environment,
  stack: Stack,
  onFailure: OnFailure,
  signal?: AbortSignal,
): Promise<void> {
  stack.enter('CREATE_IN_PROGRESS');
  const failures = await provision(environment, stack, stack.template, { rollback: false, signal });
  if (failures.length === 0) {
    stack.enter('CREATE_COMPLETE');
    return;
  }
  const reason = failureReason(failures);
  switch (onFailure) {
    case 'DO_NOTHING':
      stack.enter('CREATE_FAILED', reason);
      return;
    case 'ROLLBACK': {
      stack.enter('ROLLBACK_IN_PROGRESS', `${reason}Rollback requested by user.`);
      const failed = await removeResources(environment, stack, stack.template.graph, { undoCreate: true });
      stack.enter(failed.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', deletionReason(failed));
      return;
    }
    case 'DELETE':
      await remove(environment, stack, { undoCreate: true, reason: `${reason}Delete requested by user.` });
      return;
  }
}

/**
 * The way forward of an update, up to the point where there is a way back still.
 *
 * A nested stack stays there until the root's own clean-up or rollback reaches it.
 */
export async function update(
  environment: Environment,
  stack: Stack,
  template: Template,
  signal?: AbortSignal,
): Promise<readonly Failure[]> {
  const before = new Map([...stack.resources].map(([logicalId, resource]) => [logicalId, { ...resource }]));
  stack.change = { from: stack.template, to: template, before, remade: new Set() };
  stack.template = template;
  stack.enter('UPDATE_IN_PROGRESS');
  const failures = await provision(environment, stack, template, { rollback: false, signal });
  if (failures.length === 0) {
    stack.enter('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  } else {
    stack.enter('UPDATE_ROLLBACK_IN_PROGRESS', failureReason(failures));
  }
  return failures;
}

/** The way back, with the old template through the same rules as the way forward. */
export async function rollBack(environment: Environment, stack: Stack, signal?: AbortSignal): Promise<void> {
  const { change } = stack;
  if (!change) {
    return;
  }
  if (stack.status !== 'UPDATE_ROLLBACK_IN_PROGRESS') {
    stack.enter('UPDATE_ROLLBACK_IN_PROGRESS');
  }
  stack.template = change.from;
  const failures = await provision(environment, stack, change.from, { rollback: true, signal });
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
export interface Removal {
  readonly retain?: readonly string[];
  readonly undoCreate?: boolean;
  readonly reason?: string;
}

/** Deletes a stack, or what an earlier attempt left of it. */
export async function remove(
  environment: Environment,
  stack: Stack,
  { retain, undoCreate, reason }: Removal = {},
): Promise<void> {
  stack.enter('DELETE_IN_PROGRESS', reason);
  const failed = await removeResources(environment, stack, stack.template.graph, { retain, undoCreate });
  stack.enter(failed.length === 0 ? 'DELETE_COMPLETE' : 'DELETE_FAILED', deletionReason(failed));
}

function deletionReason(failed: readonly string[]): string | undefined {
  return failed.length === 0 ? undefined : `The following resource(s) failed to delete: [${failed.join(', ')}]. `;
}
