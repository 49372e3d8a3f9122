import type { Environment } from './environment';
import { failureReason } from './failures';
import type { ExistingResourceContext, ResourceContext, ResourceType } from './resource-type';
import { inventName, requiredText, ResourceFailure } from './resource-type';
import * as operations from './operations';
import type { Stack } from './stack';
import { isAboutJobs } from './surroundings';
import type { Template } from './template';
import type { TemplateBody } from './template-body';
import { isRecord } from './intrinsic-call';

/** Where a nested stack's record and template come from. */
export interface NestedStacks {
  readonly environment: Environment;
  stack(id: string): Stack;
  /** The template at `url`; throws if it is not here. */
  template(url: string): TemplateBody;
  /** Reads a template; `stackName` is the nested stack's own. */
  read(
    context: ResourceContext,
    stackName: string,
    body: TemplateBody,
    parameters: Readonly<Record<string, string>>,
  ): Template;
  open(stackName: string, template: Template, parent: Stack): Stack;
}

/**
 * AWS::CloudFormation::Stack.
 *
 * A nested stack goes forward and back with its parent, but it cleans up only when the root does: until then there may
 * be a way back. What it created goes by a plain deletion when the parent's create rolls back, so that its own status
 * says DELETE_IN_PROGRESS and only its parents' tell of the rollback.
 */
export function nestedStack(stacks: NestedStacks): ResourceType {
  const { environment } = stacks;
  const read = (context: ResourceContext, stackName: string): Template => {
    const body = stacks.template(requiredText(context.properties, 'TemplateURL'));
    try {
      return stacks.read(context, stackName, body, parametersOf(context));
    } catch (error) {
      throw new ResourceFailure(message(error), { isAboutJobs: holdsJobs(body) });
    }
  };
  const provisioned = (stack: Stack): { physicalId: string; attributes: Record<string, string> } => ({
    physicalId: stack.id,
    attributes: Object.fromEntries([...stack.outputs].map(([name, { value }]) => [`Outputs.${name}`, value])),
  });
  return {
    async create(context) {
      const stackName = inventName(context, 128);
      const stack = stacks.open(stackName, read(context, stackName), stacks.stack(context.stackId));
      await operations.create(environment, stack, 'DO_NOTHING', context.signal);
      if (stack.status !== 'CREATE_COMPLETE') {
        const reason = `Embedded stack ${stack.id} was not successfully created: ${stack.statusReason}`;
        // Whatever is not about jobs would have been stubbed in there.
        throw new ResourceFailure(reason, { physicalId: stack.id, isAboutJobs: true });
      }
      return provisioned(stack);
    },
    async update(context) {
      const stack = stacks.stack(context.physicalId);
      if (context.rollback) {
        await operations.rollBack(environment, stack, context);
        if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
          throw notUpdated(stack, stack.statusReason ?? '');
        }
        return provisioned(stack);
      }
      const failures = await operations.update(environment, stack, readForUpdate(context, stack, read), context);
      if (failures.length > 0) {
        throw notUpdated(stack, failureReason(failures));
      }
      return provisioned(stack);
    },
    async delete(context) {
      const stack = stacks.stack(context.physicalId);
      if (!isDeleted(stack)) {
        await operations.remove(environment, stack);
      }
      if (!isDeleted(stack)) {
        throw new Error(`Embedded stack ${stack.id} was not successfully deleted: ${stack.statusReason}`);
      }
    },
    async settle(context) {
      await operations.settle(environment, stacks.stack(context.physicalId));
    },
  };
}

function readForUpdate(
  context: ExistingResourceContext,
  stack: Stack,
  read: (context: ResourceContext, stackName: string) => Template,
): Template {
  try {
    return read(context, stack.name);
  } catch (error) {
    throw new ResourceFailure(message(error), { untouched: true });
  }
}

/** Whether there is something about jobs in a template, or in a template that it nests, which nobody can tell. */
function holdsJobs(body: TemplateBody): boolean {
  return Object.values((body.Resources ?? {}) as Readonly<Record<string, { readonly Type?: unknown }>>).some(
    ({ Type }) => isAboutJobs(String(Type)) || Type === 'AWS::CloudFormation::Stack',
  );
}

function isDeleted({ status }: Stack): boolean {
  return status === 'DELETE_COMPLETE';
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function notUpdated(stack: Stack, reason: string): Error {
  return new Error(
    `Embedded stack ${stack.id} was not successfully updated. Currently in ${stack.status} with reason: ${reason}`,
  );
}

function parametersOf({ properties }: ResourceContext): Readonly<Record<string, string>> {
  const parameters = properties.Parameters ?? {};
  if (!isRecord(parameters)) {
    throw new Error('Property validation failure: Parameters is not an object.');
  }
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value].flat().join(',')]));
}
