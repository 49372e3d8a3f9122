import { DeleteJobCommand, type ListJobsRequest } from '@aws-sdk/client-iot';
import type { Context } from 'aws-lambda';
import { Executions } from '../../lambda/aws/executions';
import { Jobs } from '../../lambda/aws/jobs';
import type { Services } from '../../lambda/aws/services';
import { Stacks } from '../../lambda/aws/stacks';
import { Durations } from '../../lambda/deletion/durations';
import { Paces } from '../../lambda/deletion/pace';
import type { Event } from '../../lambda/request/event';
import type { Invocation } from '../../lambda/request/invocation';
import { look } from '../../lambda/request/look';
import { receive } from '../../lambda/request/receive';
import { StackMemory } from '../../lambda/request/stack-reader';
import type { Surroundings } from '../../lambda/request/surroundings';
import type { WaiterInput } from '../../lambda/request/step';
import { exampleAccount } from '../../local/account';
import type { ApiResponse, Service } from '../../local/api';
import type { Clock } from '../../local/clock';
import { CloudFormation } from '../../local/cloudformation/cloudformation';
import { resourceTypes } from '../../local/cloudformation/resource-types/all';
import { inertResourceTypes } from '../../local/cloudformation/resource-types/inert';
import { CustomResourceResponses } from '../../local/cloudformation/responses';
import { type Authoriser, Iam } from '../../local/iam/iam';
import { Iot, type IotOptions } from '../../local/iot/iot';
import type { FunctionConfiguration } from '../../local/lambda/execution-environment';
import { Lambda } from '../../local/lambda/lambda';
import { StepFunctions } from '../../local/states/step-functions';
import { simulatedIam } from '../../rehearsal/authoriser';
import { Clients, type Route } from './clients';
import { environment, type Handle, type Life } from './in-process';
import type { VirtualTime } from './virtual-time';

const decisions = new Map<string, boolean>();

/** What is random in names and ARNs. */
const RANDOM = /-[A-Z2-7]{12}(?=[":*/])|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const texts = new WeakMap<object, string>();

function withoutRandom(value: unknown): string {
  return JSON.stringify(value).replaceAll(RANDOM, '');
}

/** The text of a policy: each is asked about for as long as a program lasts, and is long. */
function remembered(policy: object | string): string {
  if (typeof policy === 'string') return policy;
  const text = texts.get(policy) ?? withoutRandom(policy);
  texts.set(policy, text);
  return text;
}

/** IAM decides the same on the same, and programs ask the same all the time, of roles with other random names. */
function rememberedIam(time: VirtualTime): Authoriser {
  return async (request) => {
    const { identityPolicies, resourcePolicy, ...rest } = request;
    const policies = [...identityPolicies, ...(resourcePolicy ? ['of the resource', resourcePolicy] : [])];
    const key = [withoutRandom(rest), ...policies.map(remembered)].join();
    const decision = decisions.get(key) ?? (await time.standStill(() => simulatedIam(request)));
    decisions.set(key, decision);
    return decision;
  };
}

/** Changes what the handler works with, is told and believes of its surroundings: how bugs are put in on purpose. */
export interface Mutate {
  readonly services?: (services: Services) => Services;
  readonly event?: (event: Event) => Event;
  readonly surroundings?: (surroundings: Surroundings) => Surroundings;
}

/** How the account behaves, where not as by default. */
export interface AccountOptions extends Pick<IotOptions, 'listLag' | 'cancellationTime'> {
  /** How many jobs ListJobs gives at a time. Default: as many as it is asked for. */
  readonly pageSize?: number;
}

/** The function ends before its work does: see build in lib/job-deletion-provider.ts and RESERVE in lambda/index.ts. */
const RESERVE = 30_000;

/** The embedded AWS without sockets and processes: everything in here, so that time can be virtual. */
export class Account {
  readonly iam: Iam;
  readonly responses: CustomResourceResponses;
  readonly iot: Iot;
  readonly lambda: Lambda;
  readonly states: StepFunctions;
  readonly cloudFormation: CloudFormation;
  /** Decides before and after each call of the handler whether its function crashes there. */
  crashes: () => boolean = () => false;
  /** How many lists of jobs the handler has asked for, besides that of who is in deletion. */
  lists = 0;
  /** Told before each call of the handler: others may use the moment. */
  meanwhile: () => void = () => undefined;

  readonly clock: Clock;
  private person?: Promise<Clients>;
  private readonly clients: Clients[] = [];

  constructor(
    private readonly time: VirtualTime,
    private readonly random: () => number,
    private readonly mutate: Mutate = {},
    private readonly options: AccountOptions = {},
  ) {
    const account = exampleAccount;
    const clock = (this.clock = time.clock);
    const iam = (this.iam = new Iam(account.accountId, rememberedIam(time), clock));
    const responses = (this.responses = new CustomResourceResponses(clock));
    this.iot = new Iot({ account, clock, iam, deletionTime: () => 3_000, ...options });
    const lambda = (this.lambda = new Lambda({
      account,
      clock,
      iam,
      endpointUrl: () => '',
      createEnvironment: (configuration) => environment(configuration, (life) => this.handler(configuration, life)),
    }));
    const stepFunctions = (this.states = new StepFunctions({ account, clock, iam, lambda, random }));
    const types = new Map([
      ...resourceTypes({ account, clock, iam, lambda, stepFunctions, iot: this.iot, responses }),
      ...Object.entries(inertResourceTypes(account)),
    ]);
    this.cloudFormation = new CloudFormation({ account, clock, iam, resourceTypes: types });
  }

  /** Deletes a job by hand, and waits until it is gone. */
  async deleteByHand(jobId: string, namespaceId: string | undefined): Promise<void> {
    this.person ??= this.connect({ ...this.services, accessKeyId: 'AKIAPERSON' });
    const { iot } = await this.person;
    await iot.send(new DeleteJobCommand({ jobId, namespaceId, force: true }));
    while (this.iot.job(jobId)?.status === 'DELETION_IN_PROGRESS') {
      await this.clock.sleep(1_000);
    }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.states.close();
    await this.lambda.close();
    this.clients.forEach((clients) => clients.release());
  }

  private get services(): Omit<Route, 'accessKeyId'> {
    const { iot, cloudFormation, states } = this;
    return { iot, cloudFormation, states };
  }

  private async connect(route: Route): Promise<Clients> {
    const clients = await this.time.standStill(() => Clients.take(route));
    this.clients.push(clients);
    return clients;
  }

  /** The handler as lambda/index.ts puts it together, with other ways to reach what it calls. */
  private handler(configuration: FunctionConfiguration, life: Life): Handle {
    const { environment: variables, functionName, roleArn } = configuration;
    const { accessKeyId } = this.iam.roleByArn(roleArn);
    const route = {
      iot: this.fragile(this.iot, life),
      cloudFormation: this.fragile(this.cloudFormation, life),
      states: this.fragile(this.states, life),
      accessKeyId,
    };
    const clock = Object.assign(Object.create(this.clock) as Clock, { random: this.random });
    const { accountId: account, region } = exampleAccount;
    const lasting = { durations: new Durations(), paces: new Paces(clock), stackMemory: new StackMemory() };
    const given: Surroundings = {
      home: { partition: 'aws', region, account },
      patterns: variables.JOB_ID_PATTERNS?.split(',') ?? ['*'],
      regions: [],
      assumableRoles: [],
    };
    const { event = (told: Event): Event => told, services = (all: Services): Services => all } = this.mutate;
    const surroundings = this.mutate.surroundings?.(given) ?? given;
    const { pageSize: maxResults } = this.options;
    const connected = this.connect(route).then(({ iot, cloudFormation, stepFunctions }) => {
      const [all, stacks, executions] = [new Jobs(iot), new Stacks(cloudFormation), new Executions(stepFunctions)];
      const jobs = Object.assign(Object.create(all) as Jobs, {
        page: (request: ListJobsRequest) => {
          this.lists += request.status === 'DELETION_IN_PROGRESS' ? 0 : 1;
          return all.page({ maxResults, ...request });
        },
      });
      return services({
        jobsAt: () => jobs,
        stacks: () => stacks,
        executions: () => executions,
        put: (url, body) => this.put(url, body, life),
        clock,
      });
    });
    return async (input: unknown, context: Context) => {
      const invocation: Invocation = {
        ...lasting,
        services: await connected,
        surroundings,
        functionName,
        waiterArn: `arn:aws:states:${region}:${account}:stateMachine:${functionName}`,
        roleArn,
        logged: 'Log group: a log group, request id: a request.',
        leaveAt: clock.now() + context.getRemainingTimeInMillis() - RESERVE,
      };
      if ('Event' in (input as object)) {
        const step = input as WaiterInput;
        return look({ ...step, Event: event(step.Event) }, invocation);
      }
      return receive(event(input as Event), invocation);
    };
  }

  /** The service, by whose calls the function may crash. */
  private fragile(service: Service, life: Life): Service {
    return {
      signingName: service.signingName,
      handle: (request): Promise<ApiResponse> => this.call(() => service.handle(request), life),
    };
  }

  private async call<Answer>(send: () => Promise<Answer>, life: Life): Promise<Answer> {
    if (life.isOver || this.crashes()) return life.end();
    this.meanwhile();
    const answer = await send();
    return life.isOver || this.crashes() ? life.end() : answer;
  }

  private async put(url: string, body: string, life: Life): Promise<number> {
    const { pathname, search } = new URL(url);
    const { status, disconnect } = await this.call(() => this.responses.put(`${pathname}${search}`, body), life);
    if (disconnect) {
      throw Object.assign(new Error(`socket hang up: ${url}`), { code: 'ECONNRESET' });
    }
    return status;
  }
}
