import { type CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { type Home, homeOf } from '../../lambda/aws/place';
import { type StackResource, Stacks } from '../../lambda/aws/stacks';
import type { Calls } from '../../lambda/deletion/calls';
import { parseTemplate, type TemplateBody } from '../../local/cloudformation/template-body';
import { type KnownOfStack, TemplateValues } from './template-values';

/** A stack as it is deployed, with the stacks nested in it. */
export interface DeployedStack {
  readonly stackId: string;
  readonly name: string;
  readonly status: string;
  readonly home: Home;
  readonly terminationProtection: boolean;
  /** What it exports, by name. */
  readonly exports: ReadonlyMap<string, string>;
  readonly resources: readonly StackResource[];
  readonly known: KnownOfStack;
  readonly values: TemplateValues;
  /** By logical id. */
  readonly nested: ReadonlyMap<string, DeployedStack>;
}

/** There is no such stack. */
export class NoSuchStack extends Error {}

/** Resources with these statuses are not in the stack any more. */
const GONE: ReadonlySet<string> = new Set(['DELETE_COMPLETE', 'DELETE_SKIPPED']);

/** The type of a nested stack. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/**
 * Reads a stack, its resources and its processed template, and the same of every stack nested in it.
 *
 * @throws NoSuchStack
 */
export async function readStack(client: CloudFormationClient, calls: Calls, nameOrId: string): Promise<DeployedStack> {
  const stack = await stackIfAny(client, calls, nameOrId);
  if (!stack) {
    throw new NoSuchStack();
  }
  return stack;
}

async function stackIfAny(
  client: CloudFormationClient,
  calls: Calls,
  nameOrId: string,
): Promise<DeployedStack | undefined> {
  const described = await calls.read('cloudformation:DescribeStacks', () =>
    client.send(new DescribeStacksCommand({ StackName: nameOrId })).catch((error: unknown) => {
      if (isMissing(error)) {
        return undefined;
      }
      throw error;
    }),
  );
  const stack = described?.Stacks?.[0];
  const { StackId: stackId = '', StackName: name = '', StackStatus: status = '' } = stack ?? {};
  const home = homeOf(stackId);
  if (!stack || !home || status === 'DELETE_COMPLETE') {
    return undefined;
  }
  const resources = (await resourcesOf(client, calls, stackId)).filter((resource) => !GONE.has(resource.status));
  // A stack that is only being reviewed has neither resources nor a template.
  const template = resources.length === 0 ? {} : await templateOf(client, calls, stackId);
  const parameters = (stack.Parameters ?? []).map(
    ({ ParameterKey = '', ParameterValue = '', ResolvedValue = ParameterValue }) =>
      [ParameterKey, ResolvedValue] as const,
  );
  const known: KnownOfStack = {
    stackId,
    stackName: name,
    home,
    parameters: new Map(parameters),
    resources: new Map(resources.map(({ logicalId, physicalId, type }) => [logicalId, { physicalId, type }])),
  };
  const nested = new Map<string, DeployedStack>();
  for (const { logicalId, physicalId, type } of resources) {
    // One that could not be created has no id.
    const inner = type === NESTED_STACK && physicalId !== '' ? await stackIfAny(client, calls, physicalId) : undefined;
    if (inner) {
      nested.set(logicalId, inner);
    }
  }
  const terminationProtection = stack.EnableTerminationProtection ?? false;
  const exports = new Map(
    (stack.Outputs ?? []).flatMap(({ ExportName, OutputValue = '' }) =>
      ExportName === undefined ? [] : [[ExportName, OutputValue] as const],
    ),
  );
  const values = new TemplateValues(template, known);
  return { stackId, name, status, home, terminationProtection, exports, resources, known, values, nested };
}

/** The stack, then every stack nested in it. */
export function withNested(stack: DeployedStack): readonly DeployedStack[] {
  return [stack, ...[...stack.nested.values()].flatMap(withNested)];
}

async function resourcesOf(
  client: CloudFormationClient,
  calls: Calls,
  stackId: string,
): Promise<readonly StackResource[]> {
  const stacks = new Stacks(client);
  const all: StackResource[] = [];
  let token: string | undefined;
  do {
    const from = token;
    const { items, nextToken } = await calls.read('cloudformation:ListStackResources', () =>
      stacks.resources(stackId, from),
    );
    all.push(...items);
    token = nextToken;
  } while (token !== undefined);
  return all;
}

async function templateOf(client: CloudFormationClient, calls: Calls, stackId: string): Promise<TemplateBody> {
  const { TemplateBody: text = '' } = await calls.read('cloudformation:GetTemplate', () =>
    client.send(new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Processed' })),
  );
  return parseTemplate(text);
}

function isMissing(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'ValidationError' && message.includes('does not exist');
}
