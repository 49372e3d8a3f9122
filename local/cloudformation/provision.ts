import { Convergence } from './convergence';
import { withoutDynamicReferences } from './dynamic-references';
import type { Environment } from './environment';
import { scopeOf } from './environment';
import { type Failure, message } from './failures';
import { walk } from './graph';
import { resolveText } from './intrinsics';
import type { Output, Stack } from './stack';
import type { Template } from './template';

/** How a template is brought about. */
export interface Provisioning {
  /** Towards `change.from`: an update that goes back. */
  readonly rollback: boolean;
  /** The parent's, when it gives up. */
  readonly signal?: AbortSignal;
  /** Logical ids of resources that stay as they are. */
  readonly skip?: readonly string[];
}

/**
 * Brings the stack's resources to what a template says, in dependency order and otherwise in parallel.
 *
 * Nothing is deleted here, neither what was replaced nor what the template no longer has: CloudFormation does that in
 * clean-up, once there is no way back. An update's rollback runs through here too, towards the old template.
 *
 * On the first failure CloudFormation gives up on all that is in progress, without waiting for the answer of a custom
 * resource: its function goes on running, and knows nothing of it.
 */
export async function provision(
  environment: Environment,
  stack: Stack,
  template: Template,
  { rollback, signal: outer, skip = [] }: Provisioning,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const surrender = new AbortController();
  const signal = outer ? AbortSignal.any([outer, surrender.signal]) : surrender.signal;
  const converge = new Convergence(environment, stack, template, signal, rollback);
  const aborted = (): boolean => signal.aborted;
  await walk(template.graph, async (logicalId) => {
    if (aborted()) {
      return false;
    }
    const skipped = skip.includes(logicalId) ? stack.resources.get(logicalId) : undefined;
    if (skipped) {
      stack.report(skipped, 'UPDATE_COMPLETE');
      return true;
    }
    const failure = await converge.resource(logicalId, template.resources.get(logicalId)!);
    if (failure) {
      failures.push(failure);
      surrender.abort();
    }
    return !failure && !aborted();
  });
  if (failures.length === 0 && !aborted()) {
    const doing = stack.change ? 'update' : 'create';
    try {
      const outputs = resolveOutputs(environment, stack, template);
      const refusal = rollback ? undefined : environment.refusalOfOutputs(stack, outputs);
      if (refusal !== undefined) {
        throw new Error(refusal);
      }
      stack.outputs = outputs;
    } catch (error) {
      failures.push({ doing, reason: message(error) });
    }
  }
  if (failures.length === 0 && aborted()) {
    failures.push({ doing: stack.change ? 'update' : 'create', reason: 'Resource creation cancelled' });
  }
  return failures;
}

function resolveOutputs(environment: Environment, stack: Stack, template: Template): ReadonlyMap<string, Output> {
  const scope = scopeOf(environment, stack, template);
  const outputs = new Map<string, Output>();
  for (const [name, { value, description, exportName }] of template.outputs) {
    try {
      outputs.set(name, {
        value: withoutDynamicReferences(resolveText(value, scope), environment.dynamicReference) as string,
        description,
        exportName: exportName === undefined ? undefined : resolveText(exportName, scope),
      });
    } catch (error) {
      // An output of what is stubbed is no reason to fail.
      if (!environment.surroundings) {
        throw error;
      }
    }
  }
  return outputs;
}
