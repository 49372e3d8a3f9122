import type { Account } from '../account';
import { type ApiRequest, type ApiResponse, type Service, ServiceError } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import { accountValues, type AccountValues } from './account-values';
import { type Environment, pseudoParameter } from './environment';
import { Exports } from './exports';
import { hole } from './holes';
import type { StackOutputReference } from './intrinsics';
import { nestedStack } from './nested-stack';
import * as operations from './operations';
import { answer } from './query';
import type { ResourceType } from './resource-type';
import type { Stack, StackEvent } from './stack';
import { requireStackName, StackList } from './stack-list';
import type {
  CreateStackRequest,
  DeleteStackRequest,
  StackOperation,
  StackRequest,
  StackView,
  UpdateStackRequest,
} from './stack-request';
import { type StackStatus, USER_INITIATED } from './statuses';
import { isCustom, isOurs, type Surroundings } from './surroundings';
import { readTemplate, type Template, type TemplateBody, validationError } from './template';
import { isSame, requireSameTypes } from './template-comparison';

/** Stands between the wire and the service: to watch, to delay, to break. */
export type Intercept = (operation: string, next: () => Promise<ApiResponse>) => Promise<ApiResponse>;

/** What the embedded CloudFormation needs. */
export interface CloudFormationOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  /** By name; AWS::CloudFormation::CustomResource stands for every `Custom::*` as well. */
  readonly resourceTypes: ReadonlyMap<string, ResourceType>;
  /** The template at a nested stack's TemplateURL. */
  readonly nestedTemplate?: (url: string) => TemplateBody;
  /** The account's SSM parameters by name, which templates' parameters may be read from. */
  readonly ssmParameters?: ReadonlyMap<string, string>;
  readonly intercept?: Intercept;
  /** With these, what can't run here is stubbed; without, what is not known here is refused. */
  readonly surroundings?: Surroundings;
  /** CloudFormation in another account or region. */
  readonly elsewhere?: (place: Partial<Account>) => Pick<CloudFormation, 'output'> | undefined;
  /** How many calls of each operation it takes in a second. Default: as many as come. */
  readonly callRate?: number;
}

const UPDATABLE: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

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
  private readonly environment: Environment;
  private readonly values: AccountValues;
  private readonly givenParameters = new Map<Stack, Readonly<Record<string, string>>>();
  private readonly underWay = new Map<Stack, { readonly abort: AbortController; readonly ended: Promise<unknown> }>();
  private readonly types: ReadonlyMap<string, ResourceType>;
  private readonly api: (request: ApiRequest, intercept?: Intercept) => Promise<ApiResponse>;

  constructor(private readonly options: CloudFormationOptions) {
    const { account, clock, iam, resourceTypes, surroundings } = options;
    this.intercept = options.intercept;
    this.stacks = new StackList(account, clock);
    this.values = accountValues(options.ssmParameters ?? new Map(), surroundings !== undefined);
    const exports: Exports = new Exports(
      () => this.stacks.all,
      () => this.environment,
    );
    this.environment = {
      account,
      surroundings,
      resourceType: (type) => this.type(type),
      importValue: (exportName) =>
        exports.find(exportName) ?? this.unknown(`export ${exportName}`, `No export named ${exportName} found.`),
      stackOutput: (reference) => this.stackOutput(reference),
      dynamicReference: this.values.dynamicReference,
      refusalToDelete: (stack) => exports.refusalToDelete(stack),
      refusalOfOutputs: (stack, outputs) => exports.refusalOf(stack, outputs),
    };
    const nested = nestedStack({
      environment: this.environment,
      stack: (id) => this.stacks.required(id),
      template: (url) => this.nestedTemplate(url),
      read: ({ assetDirectory }, stackName, template, parameters) =>
        this.read({ stackName, template, parameters, assetDirectory }),
      open: (stackName, template, parent) => this.open(stackName, template, parent),
    });
    this.types = new Map([...resourceTypes, ['AWS::CloudFormation::Stack', nested]]);
    this.api = answer({ account, clock, iam, stacks: this.stacks, callRate: options.callRate });
  }

  /** Creates a stack. */
  async createStack(request: CreateStackRequest): Promise<StackOperation> {
    const { stackName, onFailure = 'ROLLBACK', terminationProtection = false } = request;
    requireStackName(stackName);
    const template = this.read(request);
    if (this.stacks.find(stackName)) {
      throw new ServiceError('AlreadyExistsException', 400, `Stack [${stackName}] already exists`);
    }
    const stack = this.open(stackName, template);
    stack.terminationProtection = terminationProtection;
    this.givenParameters.set(stack, request.parameters ?? {});
    return this.carryOut(stack, (signal) => operations.create(this.environment, stack, onFailure, signal));
  }

  /** Updates a stack, and rolls the update back if it fails. A parameter left out keeps its value or has a new default. */
  async updateStack(request: UpdateStackRequest): Promise<StackOperation> {
    const stack = this.stacks.required(request.stackName);
    if (!UPDATABLE.includes(stack.status)) {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    const parameters = { ...this.keptParameters(stack, request.template), ...request.parameters };
    const template = this.read({ ...request, parameters }, stack);
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
    return this.stacks.find(stackName)?.outputs.get(outputName)?.value;
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

  private read(request: StackRequest, stack?: Stack): Template {
    const { account, surroundings } = this.options;
    const { stackName } = request;
    return readTemplate({
      body: request.template,
      parameters: request.parameters ?? {},
      assetDirectory: request.assetDirectory,
      lenient: surroundings !== undefined,
      hasType: (type) => surroundings !== undefined || this.type(type) !== undefined,
      ssmParameter: (name) => this.values.ssmParameter(name),
      scope: {
        account,
        // A stack's id is not known before the template is found sound, and no condition has a use for it.
        ref: (name) => pseudoParameter(name, account, stackName, stack?.id ?? ''),
        importValue: (exportName) => this.environment.importValue(exportName),
        stackOutput: (reference) => this.stackOutput(reference),
        unknownFunction: surroundings && ((name) => hole(`${stackName}.${name}`)),
      },
    });
  }

  private open(stackName: string, template: Template, parent?: Stack): Stack {
    const stack = this.stacks.open(stackName, template, parent);
    const { accountId, region } = this.options.account;
    const at = { stackName, stackId: stack.id, account: accountId, region };
    this.options.surroundings?.stubs.conditions.push(
      ...template.conditions.uncertain.map((uncertainty) => ({ ...at, ...uncertainty })),
    );
    return stack;
  }

  /** A type that can run here. Where the rest is stubbed, somebody else's custom resources are, too. */
  private type(type: string): ResourceType | undefined {
    if (isCustom(type) && this.options.surroundings && !isOurs(type)) {
      return undefined;
    }
    return this.types.get(isCustom(type) ? 'AWS::CloudFormation::CustomResource' : type);
  }

  private nestedTemplate(url: string): TemplateBody {
    if (!this.options.nestedTemplate) {
      throw new Error(`The embedded CloudFormation was not told where nested templates are: ${url}`);
    }
    return this.options.nestedTemplate(url);
  }

  private stackOutput({ stackName, outputName, region, roleArn = '' }: StackOutputReference): string {
    const accountId = /^arn:[^:]+:iam::(\d{12}):/.exec(roleArn)?.[1];
    const isHere = region === undefined && accountId === undefined;
    const where = isHere ? this : this.options.elsewhere?.({ region, accountId });
    return (
      where?.output(stackName, outputName) ??
      this.unknown(`${stackName}.Outputs.${outputName}`, `Stack ${stackName} has no output ${outputName}.`)
    );
  }

  private unknown(origin: string, message: string): string {
    if (!this.options.surroundings) {
      throw new Error(message);
    }
    return hole(origin);
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
