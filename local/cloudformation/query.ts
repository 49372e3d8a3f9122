import type { Account } from '../account';
import { type ApiRequest, type ApiResponse, ServiceError } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import { CallRate } from '../iot/call-rate';
import { queryErrorResponse, queryParameters, queryResponse } from '../query-protocol';
import cloudFormationModel from '../service-model/cloudformation.json';
import { readInput } from '../service-model/input';
import type { ServiceModel } from '../service-model/service-model';
import type { XmlContent } from '../xml';
import type { Export, Exports } from './exports';
import { readable } from './holes';
import type { Stack, StackEvent, StackResource } from './stack';
import type { StackList } from './stack-list';
import { validationError } from './template';

const XML_NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

const MODEL = cloudFormationModel as unknown as ServiceModel;
const INPUT_ERRORS = { malformed: 'ValidationError', invalid: 'ValidationError' };

const PAGE_SIZE = 100;

/** How many of its last operations a stack shows: the service's documentation shows a rollback and what failed before. */
const LAST_OPERATIONS = 2;

/** What the API stands on. */
export interface ApiOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  readonly stacks: StackList;
  readonly exports: Exports;
  /** How many calls of each operation it takes in a second. Default: as many as come. */
  readonly callRate?: number;
}

/** A request, as the operations read it. */
interface Call {
  readonly stackName?: string;
  readonly exportName: string;
  readonly nextToken?: string;
  readonly templateStage: string;
  readonly accessKeyId: string;
}

/** CloudFormation's API, for reading: answers requests in the AWS Query protocol. */
export function answer(
  options: ApiOptions,
): (
  request: ApiRequest,
  intercept?: (operation: string, next: () => Promise<ApiResponse>) => Promise<ApiResponse>,
) => Promise<ApiResponse> {
  const rate = new CallRate(options.clock, options.callRate ?? Infinity);
  const perform = async (operation: string, request: ApiRequest): Promise<ApiResponse> => {
    rate.admit(operation);
    const result = await resultOf(operation, callOf(operation, request), options);
    return queryResponse(operation, result, request.requestId, XML_NAMESPACE);
  };
  return async (request, intercept) => {
    const operation = queryParameters(request).get('Action') ?? '';
    const next = (): Promise<ApiResponse> =>
      perform(operation, request).catch((error: unknown) => errorResponse(error, request.requestId));
    return (intercept?.(operation, next) ?? next()).catch((error: unknown) => errorResponse(error, request.requestId));
  };
}

function callOf(operation: string, request: ApiRequest): Call {
  const input = readInput<Input>(MODEL, operation, request, INPUT_ERRORS);
  return {
    stackName: input.StackName,
    exportName: input.ExportName ?? '',
    nextToken: input.NextToken,
    templateStage: input.TemplateStage ?? 'Original',
    accessKeyId: request.accessKeyId,
  };
}

/** What the inputs of these operations have, each some of it. */
interface Input {
  readonly StackName?: string;
  readonly ExportName?: string;
  readonly NextToken?: string;
  readonly TemplateStage?: string;
}

function errorResponse(error: unknown, requestId: string): ApiResponse {
  if (error instanceof ServiceError) {
    return queryErrorResponse(error, requestId, XML_NAMESPACE);
  }
  throw error;
}

async function resultOf(operation: string, call: Call, api: ApiOptions): Promise<XmlContent> {
  switch (operation) {
    case 'DescribeStacks': {
      if (call.stackName === undefined) {
        await api.iam.authorise(call.accessKeyId, 'cloudformation:DescribeStacks', '*');
        const { items, nextToken } = page(api.stacks.all, call.nextToken);
        return { Stacks: items.map(stackElement), NextToken: nextToken };
      }
      const stack = await authorised(operation, call, api, (name) => `Stack with id ${name} does not exist`);
      return { Stacks: [stackElement(stack)] };
    }
    case 'DescribeStackEvents': {
      const stack = await authorised(operation, call, api, (name) => `Stack [${name}] does not exist`);
      const { items, nextToken } = pageBackwards(stack.events, call.nextToken);
      return { StackEvents: items.map(eventElement), NextToken: nextToken };
    }
    case 'ListStackResources': {
      const stack = await authorised(operation, call, api, (name) => `Stack with id ${name} does not exist`);
      const { items, nextToken } = page([...stack.resources.values()], call.nextToken);
      return { StackResourceSummaries: items.map(resourceElement), NextToken: nextToken };
    }
    case 'ListExports': {
      await api.iam.authorise(call.accessKeyId, 'cloudformation:ListExports', '*');
      const { items, nextToken } = page(api.exports.all, call.nextToken);
      return { Exports: items.map(exportElement), NextToken: nextToken };
    }
    case 'ListImports': {
      await api.iam.authorise(call.accessKeyId, 'cloudformation:ListImports', '*');
      const { items, nextToken } = page(api.exports.importersOf(call.exportName), call.nextToken);
      if (items.length === 0) {
        throw validationError(`Export '${call.exportName}' is not imported by any stack.`);
      }
      return { Imports: items, NextToken: nextToken };
    }
    case 'GetTemplate': {
      const stack = await authorised(operation, call, api, (name) => `Stack with id ${name} does not exist`);
      const { body, processed } = stack.template;
      return {
        TemplateBody: JSON.stringify(call.templateStage === 'Processed' ? processed : body),
        StagesAvailable: ['Original', 'Processed'],
      };
    }
    default:
      throw new ServiceError(
        'InvalidAction',
        400,
        `The embedded CloudFormation answers ${Object.keys(MODEL.operations).join(', ')}, not '${operation}'.`,
      );
  }
}

/** IAM is asked before anybody learns whether there is such a stack. */
async function authorised(
  operation: string,
  { stackName, accessKeyId }: Call,
  { account, iam, stacks }: ApiOptions,
  unknown: (stackName: string) => string,
): Promise<Stack> {
  if (stackName === undefined) {
    throw validationError(
      "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
    );
  }
  const stack = stacks.find(stackName);
  const arn = `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${stackName}/*`;
  await iam.authorise(
    accessKeyId,
    `cloudformation:${operation}`,
    stack?.id ?? (stackName.startsWith('arn:') ? stackName : arn),
  );
  if (!stack) {
    throw validationError(unknown(stackName));
  }
  return stack;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

function page<T>(all: readonly T[], nextToken: string | undefined): Page<T> {
  const start = position(nextToken) ?? 0;
  const end = start + PAGE_SIZE;
  return { items: all.slice(start, end), nextToken: end < all.length ? String(end) : undefined };
}

/** The newest first. A token says how many are older, so that none is shown twice when more come meanwhile. */
function pageBackwards<T>(all: readonly T[], nextToken: string | undefined): Page<T> {
  const end = position(nextToken) ?? all.length;
  const start = Math.max(0, end - PAGE_SIZE);
  return { items: all.slice(start, end).toReversed(), nextToken: start > 0 ? String(start) : undefined };
}

function position(nextToken: string | undefined): number | undefined {
  if (nextToken !== undefined && !/^\d{1,9}$/.test(nextToken)) {
    throw validationError('Token is invalid');
  }
  return nextToken === undefined ? undefined : Number(nextToken);
}

function stackElement(stack: Stack): XmlContent {
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    ParentId: stack.parent?.id,
    RootId: stack.parent && stack.root.id,
    CreationTime: stack.creationTime,
    DeletionTime: stack.deletionTime,
    EnableTerminationProtection: String(stack.root.terminationProtection),
    LastOperations: stack.operations
      .slice(-LAST_OPERATIONS)
      .toReversed()
      .map(({ operationType, operationId }) => ({ OperationType: operationType, OperationId: operationId })),
    Outputs: [...stack.outputs].map(([name, { value, description, exportName }]) => ({
      OutputKey: name,
      OutputValue: readable(value),
      Description: description,
      ExportName: exportName,
    })),
    Parameters: [...stack.template.parameters].map(([name, value]) => ({
      ParameterKey: name,
      ParameterValue: readable([value].flat().join(',')),
    })),
  };
}

/** A resource shows its latest physical id; what was replaced and waits for the clean-up does not show. */
function resourceElement({ logicalId, physicalId, type, status }: StackResource): XmlContent {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: status,
  };
}

function exportElement({ stackId, name, value }: Export): XmlContent {
  return { ExportingStackId: stackId, Name: name, Value: readable(value) };
}

function eventElement(event: StackEvent): XmlContent {
  return {
    EventId: event.eventId,
    StackId: event.stackId,
    StackName: event.stackName,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.time,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
  };
}
