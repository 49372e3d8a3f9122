import type { Executions } from '../../lambda/aws/executions';
import type { Services } from '../../lambda/aws/services';
import type { Page, StackResource, Stacks, StackState, StackStatusEvent } from '../../lambda/aws/stacks';
import { Durations } from '../../lambda/deletion/durations';
import { Paces } from '../../lambda/deletion/pace';
import type { Answer } from '../../lambda/request/answer';
import type { Event } from '../../lambda/request/event';
import type { Invocation } from '../../lambda/request/invocation';
import { look } from '../../lambda/request/look';
import { receive } from '../../lambda/request/receive';
import { StackMemory } from '../../lambda/request/stack-reader';
import type { Step, WaiterInput } from '../../lambda/request/step';
import { JumpingClock } from '../local/jumping-clock';
import { Account } from './account';

/** A role of another account that the provider may assume. */
export const ROLE = 'arn:aws:iam::222222222222:role/jobs';

export const STACK = 'arn:aws:cloudformation:us-east-1:123456789012:stack/S/1';

export const HOME = { partition: 'aws', region: 'us-east-1', account: '123456789012' };

/** When CloudFormation asks, unless a test says otherwise: the end of the second in which the world begins. */
export const REQUESTED = Date.UTC(2026, 0, 1) + 999;

/** The answers of a call, one after the other; the last one stays. */
type Script<Answered> = (Answered | Error)[];

/** The handler's surroundings, in virtual time: an account of jobs, a scripted CloudFormation, and the waiter. */
export class World {
  readonly clock = Object.assign(new JumpingClock(), { random: (): number => 0.5 });
  readonly account = new Account(this.clock);
  patterns: readonly string[] = ['*'];
  /** The function's timeout, in milliseconds. */
  functionTimeout = 900_000;

  /** Statuses of the stack, and of those around it. Each reading of the stack takes the next. */
  readonly statuses: Script<readonly (string | undefined)[]> = [['DELETE_IN_PROGRESS']];
  operation: string | undefined = 'operation-1';
  /** When CloudFormation began what it is doing. */
  operationBegan = REQUESTED - 5_000;
  /** The own events of each stack, newest first. */
  readonly events: Script<readonly string[]> = [['DELETE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS']];
  readonly resources: Script<readonly Partial<StackResource>[]> = [[]];
  /** What Step Functions, and the bucket of the answers, say. */
  readonly starts: Script<'started' | 'exists'> = ['started'];
  readonly puts: Script<number> = [200];

  /** The calls of CloudFormation. */
  readonly stackCalls: string[] = [];
  readonly answers: Answer[] = [];
  readonly inputs: WaiterInput[] = [];
  readonly steps: Step[] = [];
  /** How long looks took altogether, in milliseconds. */
  lookTime = 0;
  longestLook = 0;

  private chain: readonly (string | undefined)[] = [];
  private readonly durations = new Durations();
  private readonly paces = new Paces(this.clock);
  private readonly stackMemory = new StackMemory();

  private readonly services: Services = {
    jobsAt: () => this.account.jobs,
    stacks: () => ({ describe: this.describe, ownEvents: this.ownEvents, resources: this.listed }) as unknown as Stacks,
    executions: () =>
      ({
        start: async (_arn: string, _name: string, input: string) => {
          const outcome = await next(this.starts);
          if (outcome === 'started') {
            this.inputs.push(JSON.parse(input) as WaiterInput);
          }
          return outcome;
        },
      }) as unknown as Executions,
    put: async (_url, body) => {
      const status = await next(this.puts);
      if (status < 300) {
        this.answers.push(JSON.parse(body) as Answer);
      }
      return status;
    },
    clock: this.clock,
  };

  get time(): number {
    return this.clock.now();
  }

  get effects(): readonly string[] {
    return this.account.effects;
  }

  get looks(): number {
    return this.steps.length;
  }

  /** A new invocation of the warm function. */
  invocation(): Invocation {
    const { clock, durations, paces, patterns, services, stackMemory } = this;
    return {
      services,
      surroundings: { home: HOME, patterns, regions: ['eu-west-1'], assumableRoles: [ROLE] },
      functionName: 'handler',
      waiterArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:handler',
      roleArn: 'arn:aws:iam::123456789012:role/handler',
      logged: 'Log group: /aws/lambda/handler, request id: r.',
      leaveAt: clock.now() + this.functionTimeout - 30_000,
      durations,
      paces,
      stackMemory,
    };
  }

  /** CloudFormation's invocation. */
  receive(event: Event): Promise<void> {
    return receive(event, this.invocation());
  }

  /** One look of the waiter, which passes on nothing but JSON. */
  async look(input: WaiterInput): Promise<Step> {
    const started = this.time;
    const text = JSON.stringify(await look(input, this.invocation()));
    this.lookTime += this.time - started;
    this.longestLook = Math.max(this.longestLook, this.time - started);
    if (text.includes(input.Event.ResponseURL) || Buffer.byteLength(text) > 128 * 1024) {
      throw new Error(`not fit to be a state: ${text.length} characters`);
    }
    const step = JSON.parse(text) as Step;
    this.steps.push(step);
    return step;
  }

  /** Looks until CloudFormation is answered. */
  async wait({ Event: event, Step: first }: WaiterInput): Promise<Answer> {
    for (let step = first; ;) {
      step = await this.look({ Event: event, Step: step });
      if (step.Answered) {
        return this.answers.at(-1)!;
      }
      const { PauseSeconds } = step;
      if (!Number.isInteger(PauseSeconds)) {
        throw new Error(`not a pause: ${PauseSeconds}`);
      }
      await this.clock.sleep(PauseSeconds! * 1000);
    }
  }

  /** An event from its delivery to its answer. */
  async run(event: Event): Promise<Answer> {
    const before = this.answers.length;
    await this.receive(event);
    const input = this.inputs.at(-1);
    return this.answers.length > before ? this.answers.at(-1)! : this.wait(input!);
  }

  /** The reason of an event that must fail. */
  async failure(event: Event): Promise<string> {
    const { Status, Reason = '' } = await this.run(event);
    if (Status !== 'FAILED') {
      throw new Error(`expected a failure: ${Status} ${Reason}`);
    }
    return Reason;
  }

  private readonly describe = async (stackId: string): Promise<StackState | undefined> => {
    this.stackCalls.push('DescribeStacks');
    if (stackId === STACK) {
      this.chain = await next(this.statuses);
    }
    const place = stackId === STACK ? 0 : Number(stackId.split(' ')[1]);
    const status = this.chain[place];
    const parentId = place + 1 < this.chain.length ? `around ${place + 1}` : undefined;
    return status === undefined ? undefined : { status, parentId, operation: this.operation };
  };

  private readonly ownEvents = async (): Promise<Page<StackStatusEvent>> => {
    this.stackCalls.push('DescribeStackEvents');
    return { items: (await next(this.events)).map((status) => ({ status, at: this.operationBegan })) };
  };

  private readonly listed = async (): Promise<Page<StackResource>> => {
    this.stackCalls.push('ListStackResources');
    const items = await next(this.resources);
    const common = {
      stackId: STACK,
      logicalId: 'Other',
      physicalId: '',
      type: 'Custom::IoTJobDeletion',
      status: 'CREATE_COMPLETE',
    };
    return { items: items.map((item): StackResource => ({ ...common, ...item })) };
  };
}

/** The next of a script. */
function next<Answered>(script: Script<Answered>): Promise<Answered> {
  const answer = script.length > 1 ? script.shift()! : script[0]!;
  return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
}

/** An event as CloudFormation sends it: scalars are strings. */
export function event(RequestType: 'Create' | 'Update' | 'Delete', properties: object = {}, rest: object = {}): Event {
  const ResourceProperties = { ServiceToken: 'arn:token', JobId: 'job-1', Force: 'true', ...properties };
  return {
    RequestType,
    ResponseURL:
      'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/secret' +
      '?X-Amz-Date=20260101T000000Z&X-Amz-Signature=secret',
    StackId: STACK,
    RequestId: 'request',
    LogicalResourceId: 'Teardown',
    ResourceType: 'Custom::IoTJobDeletion',
    ResourceProperties,
    ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'job-1' }),
    ...(RequestType === 'Update' ? { OldResourceProperties: { ...ResourceProperties, Revision: 'r1' } } : {}),
    ...rest,
  } as unknown as Event;
}

/** The same for a sweep, whose physical id is that of its selection. */
export function sweepEvent(
  RequestType: 'Create' | 'Update' | 'Delete',
  properties: Readonly<Record<string, unknown>>,
  rest: object = {},
): Event {
  const PhysicalResourceId = 'jobs:us-east-1:123456789012?jobIdPrefix=any';
  const sent = { ResourceType: 'Custom::IoTJobSweep', ...(RequestType === 'Create' ? {} : { PhysicalResourceId }) };
  const made = event(RequestType, properties, { ...sent, ...rest });
  delete (made.ResourceProperties as Record<string, unknown>).JobId;
  return made;
}
