import type { ApiRequest, ApiResponse } from '../api';
import { ServiceError } from '../api';
import type { Iam } from '../iam/iam';
import { queryErrorResponse, queryParameters, queryResponse } from '../query-protocol';
import type { XmlContent } from '../xml';
import type { Stack, StackEvent, StackResource } from './stack';
import { validationError } from './template';

const xmlNamespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

const resourcesPerPage = 100;

/** What the operations read. */
export interface StackDirectory {
  readonly iam: Iam;
  /** By name the one that is not deleted, by id any. */
  find(nameOrId: string): Stack | undefined;
  /** Those that are not deleted. */
  all(): readonly Stack[];
  /** The ARN of a stack of this name whose id nobody knows. */
  arn(stackName: string): string;
}

/** The operation that a request in the AWS Query protocol asks for. */
export function operationOf(request: ApiRequest): string {
  return queryParameters(request).get('Action') ?? '';
}

/** Performs an operation. */
export async function perform(request: ApiRequest, stacks: StackDirectory): Promise<ApiResponse> {
  const operation = operationOf(request);
  const parameters = queryParameters(request);
  const stackName = parameters.get('StackName') ?? undefined;
  const result = await answer(operation, stackName, parameters.get('NextToken'), request.accessKeyId, stacks);
  return queryResponse(operation, result, request.requestId, xmlNamespace);
}

/** An error as the AWS Query protocol has it. */
export function errorResponse(error: ServiceError, requestId: string): ApiResponse {
  return queryErrorResponse(error, requestId, xmlNamespace);
}

async function answer(
  operation: string,
  stackName: string | undefined,
  nextToken: string | null,
  accessKeyId: string,
  stacks: StackDirectory,
): Promise<XmlContent> {
  switch (operation) {
    case 'DescribeStacks': {
      if (stackName === undefined) {
        await stacks.iam.authorise(accessKeyId, 'cloudformation:DescribeStacks', '*');
        return { Stacks: stacks.all().map(stackElement) };
      }
      return { Stacks: [stackElement(await authorised(operation, stackName, accessKeyId, stacks))] };
    }
    case 'DescribeStackEvents': {
      if (stackName === undefined) {
        throw validationError('StackName is required.');
      }
      const stack = await authorised(operation, stackName, accessKeyId, stacks);
      return { StackEvents: stack.events.toReversed().map(eventElement) };
    }
    case 'ListStackResources': {
      if (stackName === undefined) {
        throw validationError('StackName is required.');
      }
      const stack = await authorised(operation, stackName, accessKeyId, stacks);
      const start = Number(nextToken ?? 0);
      const all = [...stack.resources.values()];
      return {
        StackResourceSummaries: all.slice(start, start + resourcesPerPage).map(resourceElement),
        NextToken: start + resourcesPerPage < all.length ? String(start + resourcesPerPage) : undefined,
      };
    }
    default:
      throw new ServiceError(
        'InvalidAction',
        400,
        `The embedded CloudFormation answers DescribeStacks, DescribeStackEvents and ListStackResources, not '${operation}'.`,
      );
  }
}

/** IAM is asked before anybody learns whether there is such a stack. */
async function authorised(
  operation: string,
  stackName: string,
  accessKeyId: string,
  stacks: StackDirectory,
): Promise<Stack> {
  const stack = stacks.find(stackName);
  const arn = stack?.id ?? (stackName.startsWith('arn:') ? stackName : stacks.arn(stackName));
  await stacks.iam.authorise(accessKeyId, `cloudformation:${operation}`, arn);
  if (!stack) {
    throw validationError(`Stack with id ${stackName} does not exist`);
  }
  return stack;
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
    Outputs: [...stack.outputs].map(([name, { value, description, exportName }]) => ({
      OutputKey: name,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Parameters: [...stack.template.parameters].map(([name, value]) => ({
      ParameterKey: name,
      ParameterValue: [value].flat().join(','),
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

function eventElement(event: StackEvent): XmlContent {
  return {
    EventId: event.eventId,
    StackId: event.stackId,
    StackName: event.stackName,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.time,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
  };
}
