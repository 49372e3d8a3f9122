import type { Account } from '../account';
import type { Clock } from '../clock';
import { Stack, type StackEvent } from './stack';
import type { StackStatus } from './statuses';
import { type Template, validationError } from './template';

const STACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]*$/;

/** The stacks of an account in a region, those that are deleted among them, and who listens to their events. */
export class StackList {
  private readonly stacks: Stack[] = [];
  private readonly listeners = new Set<(event: StackEvent) => void>();

  constructor(
    private readonly account: Account,
    private readonly clock: Clock,
  ) {}

  /** Opens a record. */
  open(stackName: string, template: Template, parent?: Stack): Stack {
    const stack = new Stack(stackName, template, parent, this.account, this.clock, (event) =>
      this.listeners.forEach((listener) => listener(event)),
    );
    this.stacks.push(stack);
    return stack;
  }

  /** Those that are not deleted. */
  get all(): readonly Stack[] {
    return this.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  /** By name the one that is not deleted, by id any. */
  find(nameOrId: string): Stack | undefined {
    return this.stacks.find(({ id }) => id === nameOrId) ?? this.all.find(({ name }) => name === nameOrId);
  }

  /** As {@link find}; throws for a stack that is not there. */
  required(nameOrId: string): Stack {
    const stack = this.find(nameOrId);
    if (!stack) {
      throw validationError(`Stack [${nameOrId}] does not exist`);
    }
    return stack;
  }

  /** Puts a stack into a status by hand, without an event. */
  setStatus(nameOrId: string, status: StackStatus): void {
    const stack = this.required(nameOrId);
    stack.status = status;
    stack.statusReason = undefined;
  }

  /** Tells each event of every stack as it happens; the answer is a function that ends this. */
  onEvent(listener: (event: StackEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Throws for a name that no stack may have. */
export function requireStackName(stackName: string): void {
  const refuse = (constraint: string): never => {
    throw validationError(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: ${constraint}`,
    );
  };
  if (!STACK_NAME.test(stackName)) {
    refuse('Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
  }
  if (stackName.length > 128) {
    refuse('Member must have length less than or equal to 128');
  }
}
