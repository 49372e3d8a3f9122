import type { Account } from '../account';
import type { ApiRequest, ApiResponse, Service } from '../api';
import { ServiceError } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import type { Bystanders } from './bystanders';
import type { Environment } from './environment';
import { pseudoParameter } from './environment';
import { lenientTemplate } from './lenient-template';
import { nestedStack } from './nested-stack';
import type { OnFailure } from './operations';
import * as operations from './operations';
import type { StackDirectory } from './query';
import { errorResponse, operationOf, perform } from './query';
import type { ResourceType } from './resource-type';
import type { StackEvent } from './stack';
import { Stack } from './stack';
import type { StackOperation, StackRequest, StackView } from './stack-request';
import type { Template, TemplateBody } from './template';
import { readTemplate, validationError } from './template';
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
  /** With these, what has nothing to do with jobs is walked through; without, what is not known here is refused. */
  readonly bystanders?: Bystanders;
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
  private readonly stacks: Stack[] = [];
  private readonly listeners = new Set<(event: StackEvent) => void>();
  private readonly environment: Environment;
  private readonly givenParameters = new Map<Stack, Readonly<Record<string, string>>>();
  private readonly types: ReadonlyMap<string, ResourceType>;
  private readonly directory: StackDirectory;

  constructor(private readonly options: CloudFormationOptions) {
    const { account, iam, resourceTypes } = options;
    this.intercept = options.intercept;
    this.environment = {
      account,
      resourceType: (type) => this.requiredType(type),
      importValue: (exportName) => this.importValue(exportName),
    };
    const nested = nestedStack({
      environment: this.environment,
      stack: (id) => this.required(id),
      read: (context, stackName, url, parameters) =>
        this.read({
          stackName,
          template: this.nestedTemplate(url),
          parameters,
          assetDirectory: context.assetDirectory,
        }),
      open: (stackName, template, parent) => this.open(stackName, template, parent),
    });
    this.types = new Map([...resourceTypes, ['AWS::CloudFormation::Stack', nested]]);
    this.directory = {
      iam,
      find: (nameOrId) => this.find(nameOrId),
      all: () => this.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE'),
      arn: (name) => `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${name}/*`,
    };
  }

  /** Creates a stack. */
  async createStack(request: StackRequest & { readonly onFailure?: OnFailure }): Promise<StackOperation> {
    const { stackName, onFailure = 'ROLLBACK' } = request;
    const template = this.read(request);
    if (this.find(stackName)) {
      throw new ServiceError('AlreadyExistsException', 400, `Stack [${stackName}] already exists`);
    }
    const stack = this.open(stackName, template);
    this.givenParameters.set(stack, request.parameters ?? {});
    return this.carryOut(stack, () => operations.create(this.environment, stack, onFailure));
  }

  /** Updates a stack, and rolls the update back if it fails. A parameter left out keeps its value or has a new default. */
  async updateStack(request: StackRequest): Promise<StackOperation> {
    const stack = this.required(request.stackName);
    if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(stack.status)) {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    const parameters = { ...this.keptParameters(stack, request.template), ...request.parameters };
    const template = this.read({ ...request, parameters }, stack);
    requireSameTypes(stack.template, template);
    if (isSame(stack.template, template)) {
      throw validationError('No updates are to be performed.');
    }
    const before = this.givenParameters.get(stack) ?? {};
    this.givenParameters.set(stack, parameters);
    return this.carryOut(stack, async () => {
      const failures = await operations.update(this.environment, stack, template);
      if (failures.length > 0) {
        this.givenParameters.set(stack, before);
        await operations.rollBack(this.environment, stack);
      }
      await operations.settle(this.environment, stack);
    });
  }

  /** Deletes a stack; after DELETE_FAILED it may be called again and goes on with what is left. */
  async deleteStack(request: {
    readonly stackName: string;
    /** Logical ids of resources that an earlier attempt failed on, to be left alone now. */
    readonly retainResources?: readonly string[];
  }): Promise<StackOperation> {
    const stack = this.required(request.stackName);
    const { retainResources: retain = [] } = request;
    if (stack.inProgress) {
      throw validationError(`Stack [${stack.id}] is in ${stack.status} state and can not be deleted.`);
    }
    if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw validationError(
        `Invalid operation on stack [${stack.id}]. RetainResources needs a stack in DELETE_FAILED.`,
      );
    }
    return this.carryOut(stack, () => operations.remove(this.environment, stack, { retain }));
  }

  /** A stack by its name, or by its id also when it is deleted. */
  stack(nameOrId: string): StackView {
    const { id, status, statusReason, resources, outputs, events } = this.required(nameOrId);
    return {
      id,
      status,
      statusReason,
      resources: [...resources.values()].map((resource) => ({ ...resource })),
      outputs: Object.fromEntries(outputs),
      events: [...events],
    };
  }

  /** Tells each event of every stack as it happens; the answer is a function that ends this. */
  onEvent(listener: (event: StackEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    const next = async (): Promise<ApiResponse> => {
      try {
        return await perform(request, this.directory);
      } catch (error) {
        if (error instanceof ServiceError) {
          return errorResponse(error, request.requestId);
        }
        throw error;
      }
    };
    try {
      return this.intercept ? await this.intercept(operationOf(request), next) : await next();
    } catch (error) {
      if (error instanceof ServiceError) {
        return errorResponse(error, request.requestId);
      }
      throw error;
    }
  }

  private async carryOut(stack: Stack, operation: () => Promise<void>): Promise<StackOperation> {
    const events: StackEvent[] = [];
    const stopListening = this.onEvent((event) => {
      if (belongsTo(this.required(event.stackId), stack)) {
        events.push(event);
      }
    });
    try {
      await operation();
    } finally {
      stopListening();
    }
    const failed = events.find(({ stackId, logicalId, reason }) => {
      return stackId === stack.id && logicalId === stack.name && reason !== undefined;
    });
    return { stackId: stack.id, status: stack.status, reason: stack.statusReason ?? failed?.reason, events };
  }

  private read(request: StackRequest, stack?: Stack): Template {
    const { account, ssmParameters } = this.options;
    return readTemplate({
      body: this.options.bystanders ? lenientTemplate(request.template) : request.template,
      parameters: request.parameters ?? {},
      assetDirectory: request.assetDirectory,
      hasType: (type) => this.type(type) !== undefined,
      ssmParameter: (name) => ssmParameters?.get(name) ?? bootstrapVersion(name),
      scope: {
        account,
        // A stack's id is not known before the template is found sound, and no condition has a use for it.
        ref: (name) => pseudoParameter(name, account, request.stackName, stack?.id ?? ''),
        importValue: (exportName) => this.importValue(exportName),
      },
    });
  }

  private open(stackName: string, template: Template, parent?: Stack): Stack {
    const stack = new Stack(stackName, template, parent, this.options.account, this.options.clock, (event) =>
      this.listeners.forEach((listener) => listener(event)),
    );
    this.stacks.push(stack);
    return stack;
  }

  private find(nameOrId: string): Stack | undefined {
    return this.stacks.find(
      ({ id, name, status }) => id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'),
    );
  }

  private required(nameOrId: string): Stack {
    const stack = this.find(nameOrId);
    if (!stack) {
      throw validationError(`Stack with id ${nameOrId} does not exist`);
    }
    return stack;
  }

  private type(type: string): ResourceType | undefined {
    const known = this.types.get(type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : type);
    return this.options.bystanders?.resourceType(type, known) ?? known;
  }

  private requiredType(type: string): ResourceType {
    const found = this.type(type);
    if (!found) {
      throw validationError(`Unrecognized resource types: [${type}]`);
    }
    return found;
  }

  private nestedTemplate(url: string): TemplateBody {
    if (!this.options.nestedTemplate) {
      throw new Error(`The embedded CloudFormation was not told where nested templates are: ${url}`);
    }
    return this.options.nestedTemplate(url);
  }

  private importValue(exportName: string): string {
    const exported = this.directory
      .all()
      .flatMap((stack) => [...stack.outputs.values()])
      .find((output) => output.exportName === exportName);
    if (!exported && this.options.bystanders) {
      return `made up for the export ${exportName}`;
    }
    if (!exported) {
      throw new Error(`No export named ${exportName} found.`);
    }
    return exported.value;
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

/** The embedded AWS needs no bootstrap stack; to the templates that ask, it has one of a version that suits all. */
function bootstrapVersion(name: string): string {
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) {
    return '30';
  }
  throw new Error(`Unable to fetch parameters [${name}] from parameter store for this account.`);
}
