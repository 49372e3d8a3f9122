import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Jobs } from '../../lambda/aws/jobs';
import type { Clock } from '../../lambda/aws/clock';
import { Stacks } from '../../lambda/aws/stacks';
import type { Calls } from '../../lambda/deletion/calls';
import { isDeletion } from '../../lambda/request/claims';
import { homeOfJobs } from '../../lambda/request/identity';
import { StackMemory, StackReader } from '../../lambda/request/stack-reader';
import { UPDATABLE } from '../../local/cloudformation/statuses';
import type { TemplateBody } from '../../local/cloudformation/template-body';
import { type DeployedStack, readStack, withNested } from './deployed-stack';
import { planDeclaredJob } from './declared-job';
import { exportsInUse, exportsOfUpdate } from './exports-in-use';
import { foreseeDeletion, type ForeseeOptions, type Foresight } from './foresee-deletion';
import { type Foreseen, foreseenStacks } from './foreseen-stacks';
import type { Plan, PlannedDeletion } from './plan';
import { possibilities } from './possibilities';
import { possibleProviders, providerOf } from './provider';
import { companionOf, type PlannedRequest, requestsOfDeletion } from './requests';
import { requestsOfUpdate } from './requests-of-update';
import { otherAccount, type SentProperties } from './sent-properties';
import { plannedSlots } from './slots';
import { agreed } from './agreed';

/** What a plan is made with. All of it only reads. */
export interface PlanOptions {
  readonly stackName: string;
  /** The template of an update; without one the plan is of the stack's deletion. */
  readonly template?: TemplateBody;
  readonly cloudFormation: CloudFormationClient;
  /** AWS IoT in a region of this account, or in the stack's own. */
  readonly jobsIn: (region: string | undefined) => Jobs;
  readonly calls: Calls;
  readonly clock: Clock;
}

/** What no reading can tell. */
const NOT_CHECKED = [
  'whether the role of the provider has its permissions',
  'changes that other callers and devices make to the jobs until then',
] as const;

/** Tells what deleting a stack, or updating it to a template, would do to jobs, as everything is now. */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { calls, clock, cloudFormation, jobsIn, stackName, template } = options;
  const stack = await readStack(cloudFormation, calls, stackName);
  const stacks = withNested(stack);
  const now = new Stacks(cloudFormation);
  const update = template && requestsOfUpdate(stack, template);
  const requests = update?.requests ?? requestsOfDeletion(stack);
  const memories = new Map<Foreseen, Pick<ForeseeOptions, 'stacks' | 'memory'>>();
  const during = (foreseen: Foreseen): Pick<ForeseeOptions, 'stacks' | 'memory'> => {
    const known = memories.get(foreseen) ?? { stacks: foreseenStacks(now, foreseen), memory: new StackMemory() };
    memories.set(foreseen, known);
    return known;
  };
  const deletions: PlannedDeletion[] = [];
  const withCompanion = new Set(
    requests.flatMap(({ action, declared, stack: { stackId } }) =>
      action.kind === 'retained' ? [] : [`${stackId} ${companionOf(declared)}`],
    ),
  );
  for (const request of requests) {
    const { resource } = request;
    if (isDeletion(resource.type)) {
      deletions.push(
        await planDeletion(request, update?.unknownClaims ?? [], stacks, (foreseen) => ({
          ...during(foreseen),
          jobsIn,
          calls,
          clock,
        })),
      );
    } else {
      const isAccompanied = withCompanion.has(`${request.stack.stackId} ${resource.logicalId}`);
      deletions.push(await planDeclaredJob(request, isAccompanied, jobsIn(undefined), calls));
    }
  }
  const exported = update && (await exportsOfUpdate(cloudFormation, calls, stack, update.values));
  const reader = new StackReader(now, calls, clock, new StackMemory(), {});
  return {
    stack: stack.name,
    stackId: stack.stackId,
    stackStatus: stack.status,
    operation: template ? 'update' : 'delete',
    account: stack.home.account,
    region: stack.home.region,
    terminationProtection: stack.terminationProtection,
    neverCompleted: !(await reader.wasDeployed(stack.stackId)),
    deletions,
    slots: await plannedSlots(deletions, stack.home.region, jobsIn, calls),
    problems: exported
      ? [...refusedUpdateOf(stack), ...exported.problems]
      : [...protectionOf(stack), ...(await exportsInUse(cloudFormation, calls, stack))],
    warnings: warningsOf(stack),
    notChecked: [...NOT_CHECKED, ...(update?.notChecked ?? []), ...(exported?.notChecked ?? [])],
  };
}

async function planDeletion(
  { action, declared, resource, stack, values }: PlannedRequest,
  unknownClaims: readonly string[],
  stacks: readonly DeployedStack[],
  optionsDuring: (foreseen: Foreseen) => Omit<ForeseeOptions, 'surroundings'>,
): Promise<PlannedDeletion> {
  const { logicalId, physicalId, type } = resource;
  const { account, region } = physicalId === '' ? stack.home : homeOfJobs(physicalId, stack.home);
  const base = { stack: stack.name, logicalId, type, physicalId, region, account, jobs: [], unknown: [] };
  switch (action.kind) {
    case 'retained':
      return {
        ...base,
        result: 'keep',
        reason: `${action.policy}: CloudFormation keeps the resource, and so its jobs.`,
      };
    case 'unchanged':
      return { ...base, result: 'nothing', reason: 'The update does not change the resource.' };
    case 'unknown':
      return { ...base, result: 'unknown', reason: action.reason };
    case 'Create':
    case 'Update':
    case 'Delete':
      break;
    default:
      action satisfies never;
  }
  const { during, properties } = action;
  const { unknown } = properties;
  const other = otherAccount(properties, physicalId, stack.home);
  if (other !== undefined) {
    const reason = `The jobs are in account ${other}. plan can't read them: only the provider's role may assume a role there.`;
    return { ...base, account: other, unknown, result: 'unknown', reason };
  }
  const foresights: Foresight[] = [];
  for (const sent of possibilities(properties)) {
    for (const surroundings of possibleProviders(providerOf(declared, values, stacks), properties, stack.home)) {
      const options = { ...optionsDuring(during), surroundings };
      foresights.push(await foreseeDeletion(eventOf(action, resource, stack, sent), options));
    }
  }
  const foresight = agreed(foresights, unknown);
  return { ...base, unknown, ...(unknownClaims.length > 0 ? doubted(foresight, unknownClaims) : foresight) };
}

/** What other resources will have can't be known: they may hold on to any job that the clean-up would delete. */
function doubted(foresight: Foresight, unknownClaims: readonly string[]): Foresight {
  const reason = `may be managed by ${unknownClaims.join(', ')}, whose jobs only CloudFormation can tell`;
  return {
    ...foresight,
    jobs: foresight.jobs.map((job) => (job.result === 'keep' ? job : { ...job, result: 'unknown', reason })),
  };
}

function eventOf(
  action: Extract<PlannedRequest['action'], { readonly properties: SentProperties }>,
  { logicalId, physicalId, type }: PlannedRequest['resource'],
  { stackId }: DeployedStack,
  sent: Readonly<Record<string, unknown>>,
): Parameters<typeof foreseeDeletion>[0] {
  const common = {
    ServiceToken: '',
    ResponseURL: '',
    StackId: stackId,
    RequestId: 'plan',
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: { ...sent, ServiceToken: '' },
  };
  switch (action.kind) {
    case 'Create':
      return { ...common, RequestType: 'Create' };
    case 'Delete':
      return { ...common, RequestType: 'Delete', PhysicalResourceId: physicalId };
    case 'Update':
      return {
        ...common,
        RequestType: 'Update',
        PhysicalResourceId: physicalId,
        OldResourceProperties: { ...action.old.sent, ServiceToken: '' },
      };
    default:
      return action satisfies never;
  }
}

function protectionOf({ name, terminationProtection }: DeployedStack): readonly string[] {
  return terminationProtection
    ? [
        `Termination protection is on, so CloudFormation refuses to delete the stack. Turn it off: ` +
          `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`,
      ]
    : [];
}

/** What is under way is another matter: it ends. */
function refusedUpdateOf({ name, status }: DeployedStack): readonly string[] {
  if (UPDATABLE.has(status) || status.endsWith('_IN_PROGRESS')) {
    return [];
  }
  const way =
    status === 'UPDATE_ROLLBACK_FAILED'
      ? `Continue its rollback: aws cloudformation continue-update-rollback --stack-name ${name}`
      : 'Delete it, and deploy it again.';
  return [`CloudFormation refuses to update a stack that is ${status}. ${way}`];
}

function warningsOf({ status }: DeployedStack): readonly string[] {
  return status.endsWith('_IN_PROGRESS') ? [`The stack is ${status}: the plan may change until that ends.`] : [];
}
