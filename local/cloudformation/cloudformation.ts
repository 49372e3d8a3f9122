import { type ApiRequest, type ApiResponse, type Service, ServiceError } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import { AccountEnvironment, type AccountEnvironmentOptions } from './account-environment';
import * as operations from './operations';
import { answer } from './query';
import type { Stack, StackEvent } from './stack';
import { requireStackName, StackList } from './stack-list';
import type {
  CreateStackRequest,
  DeleteStackRequest,
  StackOperation,
  StackView,
  UpdateStackRequest,
} from './stack-request';
import { type StackStatus, UPDATABLE, USER_INITIATED } from './statuses';
import { validationError } from './template';
import type { TemplateBody } from './template-body';
import { isSame, requireSameTypes } from './template-comparison';

/** Stands between the wire and the service: to watch, to delay, to break. */
export type Intercept = (operation: string, next: () => Promise<ApiResponse>) => Promise<ApiResponse>;

/** What the embedded CloudFormation needs. */
export interface CloudFormationOptions extends AccountEnvironmentOptions {
  readonly clock: Clock;
  readonly iam: Iam;
  readonly intercept?: Intercept;
  /** How many calls of each operation it takes in a second. Default: as many as come. */
  readonly callRate?: number;
}

/**
 * AWS CloudFormation: carries out the templates that CDK synthesizes, in the order that the service does it.
 *
 * Its operations resolve when they have ended, one way or the other. They reject only for requests that the service
 * refuses at once, before anything is done.
 */
export class CloudFormation implements Service {
  readonly signingName = 'cloudformation';
  intercept?: Intercept;
  private readonly stacks: StackList;
  private readonly environment: AccountEnvironment;
  private readonly givenParameters = new Map<Stack, Readonly<Record<string, string>>>();
  private readonly underWay = new Map<Stack, { readonly abort: AbortController; readonly ended: Promise<unknown> }>();
  private readonly api: (request: ApiRequest, intercept?: Intercept) => Promise<ApiResponse>;

  constructor(options: CloudFormationOptions) {
    const { account, clock, iam, intercept, callRate } = options;
    this.intercept = intercept;
    this.stacks = new StackList(account, clock);
    this.environment = new AccountEnvironment(options, this.stacks);
    const { exports } = this.environment;
    this.api = answer({ account, clock, iam, stacks: this.stacks, exports, callRate });
  }

  /** Creates a stack. */
  async createStack(request: CreateStackRequest): Promise<StackOperation> {
    const { stackName, onFailure = 'ROLLBACK', terminationProtection = false } = request;
    requireStackName(stackName);
    const template = this.environment.read(request);
    if (this.stacks.find(stackName)) {
      throw new ServiceError('AlreadyExistsException', 400, `Stack [${stackName}] already exists`);
    }
    const stack = this.environment.open(stackName, template);
    stack.terminationProtection = terminationProtection;
    this.givenParameters.set(stack, request.parameters ?? {});
    return this.carryOut(stack, (signal) => operations.create(this.environment, stack, onFailure, signal));
  }

  /** Updates a stack, and rolls the update back if it fails. A parameter left out keeps its value or has a new default. */
  async updateStack(request: UpdateStackRequest): Promise<StackOperation> {
    const stack = this.stacks.required(request.stackName);
    if (!UPDATABLE.has(stack.status)) {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    const parameters = { ...this.keptParameters(stack, request.template), ...request.parameters };
    const template = this.environment.read({ ...request, parameters }, stack);
    requireSameTypes(stack.template, template);
    const isFailed = stack.status.endsWith('_FAILED');
    if (isSame(stack.template, template) && !isFailed) {
      throw validationError('No updates are to be performed.');
    }
    stack.terminationProtection = request.terminationProtection ?? stack.terminationProtection;
    // There is no state to go back to before the first one.
    const disableRollback = request.disableRollback ?? stack.status === 'CREATE_FAILED';
    const before = this.givenParameters.get(stack) ?? {};
    this.givenParameters.set(stack, parameters);
    return this.carryOut(stack, async (signal) => {
      const failures = await operations.update(this.environment, stack, template, { signal, disableRollback });
      if (failures.length > 0 && !disableRollback) {
        this.givenParameters.set(stack, before);
        await operations.rollBack(this.environment, stack);
      }
      await operations.settle(this.environment, stack);
    });
  }

  /** Cancels an update that is under way: it is rolled back. Resolves when that has ended. */
  async cancelUpdateStack(stackName: string): Promise<void> {
    const stack = this.stacks.required(stackName);
    const update = this.underWay.get(stack);
    if (stack.status !== 'UPDATE_IN_PROGRESS' || !update) {
      throw validationError('CancelUpdateStack cannot be called from current stack status');
    }
    update.abort.abort();
    await update.ended;
  }

  /** Rolls back a creation or an update that failed with its rollback disabled. */
  async rollbackStack(stackName: string): Promise<StackOperation> {
    const stack = this.stacks.required(stackName);
    switch (stack.status) {
      case 'CREATE_FAILED':
        return this.carryOut(stack, () => operations.rollBackCreation(this.environment, stack, USER_INITIATED));
      case 'UPDATE_FAILED':
        return this.carryOut(stack, async () => {
          await operations.rollBack(this.environment, stack);
          await operations.settle(this.environment, stack);
        });
      default:
        throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
  }

  /** Goes on with a rollback that failed; `resourcesToSkip` stay as they are. */
  async continueUpdateRollback(request: {
    readonly stackName: string;
    readonly resourcesToSkip?: readonly string[];
  }): Promise<StackOperation> {
    const stack = this.stacks.required(request.stackName);
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue its rollback.`);
    }
    return this.carryOut(stack, async () => {
      await operations.rollBack(this.environment, stack, { skip: request.resourcesToSkip });
      await operations.settle(this.environment, stack);
    });
  }

  /**
   * Deletes a stack; after DELETE_FAILED it may be called again and goes on with what is left. A creation that is under
   * way is called off.
   */
  async deleteStack(request: DeleteStackRequest): Promise<StackOperation> {
    const stack = this.stacks.required(request.stackName);
    const { retainResources: retain = [], deletionMode = 'STANDARD' } = request;
    const creation = stack.status === 'CREATE_IN_PROGRESS' ? this.underWay.get(stack) : undefined;
    if (stack.root.terminationProtection) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (stack.inProgress && !creation && stack.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    }
    const force = deletionMode === 'FORCE_DELETE_STACK';
    if ((retain.length > 0 || force) && stack.status !== 'DELETE_FAILED') {
      const what = force ? 'DeletionMode FORCE_DELETE_STACK' : 'RetainResources';
      throw validationError(`Invalid operation on stack [${stack.id}]. ${what} needs a stack in DELETE_FAILED.`);
    }
    const calledOff = async (): Promise<void> => {
      creation?.abort.abort();
      await creation?.ended;
    };
    return this.carryOut(stack, () => operations.remove(this.environment, stack, { retain, force, calledOff }));
  }

  /** Protects a stack from being deleted, or no longer. */
  updateTerminationProtection(stackName: string, enabled: boolean): void {
    this.stacks.required(stackName).terminationProtection = enabled;
  }

  /** A stack by its name, or by its id also when it is deleted. */
  stack(nameOrId: string): StackView {
    const stack = this.stacks.required(nameOrId);
    const { id, status, statusReason, resources, outputs, events, terminationProtection } = stack;
    return {
      id,
      status,
      statusReason,
      resources: [...resources.values()].map((resource) => ({ ...resource })),
      outputs: Object.fromEntries(outputs),
      events: [...events],
      operations: [...stack.operations],
      terminationProtection,
    };
  }

  /** The value of a stack's output, for a stack in another account or region. */
  output(stackName: string, outputName: string): string | undefined {
    return this.environment.output(stackName, outputName);
  }

  /** Forgets the history of a stack, as the service does after 90 days; with a date, what was before it. */
  forgetEvents(nameOrId: string, before?: Date): void {
    const { events } = this.stacks.required(nameOrId);
    const kept = events.filter(({ time }) => before !== undefined && time >= before);
    events.splice(0, events.length, ...kept);
  }

  /** Puts a stack into a status by hand, for a test of what only the real service brings about. */
  setStatus(nameOrId: string, status: StackStatus): void {
    this.stacks.setStatus(nameOrId, status);
  }

  /** Tells each event of every stack as it happens; the answer is a function that ends this. */
  onEvent(listener: (event: StackEvent) => void): () => void {
    return this.stacks.onEvent(listener);
  }

  handle(request: ApiRequest): Promise<ApiResponse> {
    return this.api(request, this.intercept);
  }

  private async carryOut(stack: Stack, operation: (signal: AbortSignal) => Promise<void>): Promise<StackOperation> {
    const events: StackEvent[] = [];
    const stopListening = this.onEvent((event) => {
      if (belongsTo(this.stacks.required(event.stackId), stack)) {
        events.push(event);
      }
    });
    const abort = new AbortController();
    const ended = operation(abort.signal);
    const entry = { abort, ended: ended.catch(() => undefined) };
    this.underWay.set(stack, entry);
    try {
      await ended;
    } finally {
      stopListening();
      if (this.underWay.get(stack) === entry) {
        this.underWay.delete(stack);
      }
    }
    const failed = events.find(
      ({ stackId, logicalId, reason = USER_INITIATED }) =>
        stackId === stack.id && logicalId === stack.name && reason !== USER_INITIATED,
    );
    const { statusReason = failed?.reason } = stack;
    return { stackId: stack.id, status: stack.status, reason: statusReason, events };
  }

  /** What was given before, for parameters that are still there and have no default. */
  private keptParameters(stack: Stack, template: TemplateBody): Record<string, string> {
    const declared = (template.Parameters ?? {}) as Readonly<Record<string, { readonly Default?: unknown }>>;
    const given = Object.entries(this.givenParameters.get(stack) ?? {});
    return Object.fromEntries(given.filter(([name]) => declared[name] && declared[name].Default === undefined));
  }
}

function belongsTo(stack: Stack | undefined, ancestor: Stack): boolean {
  return stack !== undefined && (stack === ancestor || belongsTo(stack.parent, ancestor));
}
