import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteJobCommand, IoTClient, ListJobsCommand } from '@aws-sdk/client-iot';
import type { Services } from '../../lambda/calls';
import { handle } from '../../lambda/handler';
import { Durations } from '../../lambda/durations';
import { Jobs } from '../../lambda/jobs';
import { orderPace } from '../../lambda/pace';
import { Stacks } from '../../lambda/stacks';
import { exampleAccount } from '../../local/account';
import type { ApiResponse, Service } from '../../local/api';
import type { Clock } from '../../local/clock';
import { CloudFormation } from '../../local/cloudformation/cloudformation';
import { resourceTypes } from '../../local/cloudformation/resource-types/all';
import { inertResourceTypes } from '../../local/cloudformation/resource-types/inert';
import { CustomResourceResponses } from '../../local/cloudformation/responses';
import { type Authoriser, Iam } from '../../local/iam/iam';
import { Iot } from '../../local/iot/iot';
import type { ExecutionEnvironment, FunctionConfiguration } from '../../local/lambda/execution-environment';
import { Lambda } from '../../local/lambda/lambda';
import { StepFunctions } from '../../local/states/step-functions';
import { simulatedIam } from '../../rehearsal/authoriser';
import { environment, framework, type Handle, inProcess } from './in-process';
import type { VirtualTime } from './virtual-time';

const decisions = new Map<string, boolean>();

/** IAM decides the same on the same, and programs ask the same all the time, of roles with other random suffixes. */
function rememberedIam(time: VirtualTime): Authoriser {
  return async (request) => {
    const key = JSON.stringify(request).replaceAll(/-[A-Z2-7]{12}(?=[":*/])/g, '');
    const decision = decisions.get(key) ?? (await time.standStill(() => simulatedIam(request)));
    decisions.set(key, decision);
    return decision;
  };
}

/** Changes what the handler works with: how bugs are put in on purpose. */
export type Mutate = (services: Services) => Services;

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
  /** Told before each call of the handler: others may use the moment. */
  meanwhile: () => void = () => undefined;

  private readonly clock: Clock;
  private person?: Promise<IoTClient>;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: () => number,
    private readonly mutate: Mutate = (services): Services => services,
  ) {
    const account = exampleAccount;
    const clock = (this.clock = time.clock);
    const iam = (this.iam = new Iam(account.accountId, rememberedIam(time), clock));
    const responses = (this.responses = new CustomResourceResponses(clock));
    this.iot = new Iot({ account, clock, iam, deletionTime: () => 3_000 });
    const lambda = (this.lambda = new Lambda({
      account,
      clock,
      iam,
      endpointUrl: () => '',
      createEnvironment: (configuration) => this.environment(configuration),
    }));
    const stepFunctions = (this.states = new StepFunctions({ account, clock, iam, lambda }));
    const types = new Map([
      ...resourceTypes({ account, clock, iam, lambda, stepFunctions, iot: this.iot, responses }),
      ...Object.entries(inertResourceTypes(account)),
    ]);
    this.cloudFormation = new CloudFormation({ account, clock, iam, resourceTypes: types });
  }

  /** Deletes a job by hand, and waits until it is gone. */
  async deleteByHand(jobId: string, namespaceId: string | undefined): Promise<void> {
    // Warmed up once: while time stands still, a call that is slow on purpose would never come back.
    this.person ??= this.warmPerson();
    const iot = await this.person;
    await iot.send(new DeleteJobCommand({ jobId, namespaceId, force: true }));
    while (this.iot.job(jobId)?.status === 'DELETION_IN_PROGRESS') {
      await this.clock.sleep(1_000);
    }
  }

  private async warmPerson(): Promise<IoTClient> {
    const iot = new IoTClient(this.configuration(this.iot, 'AKIAPERSON'));
    await this.warmUp(iot);
    return iot;
  }

  private environment(configuration: FunctionConfiguration): ExecutionEnvironment {
    const isHandler = configuration.handler === 'index.handler';
    return environment(configuration, (crash) =>
      isHandler ? this.handler(configuration, crash) : this.framework(configuration),
    );
  }

  private handler({ environment, roleArn, functionArn }: FunctionConfiguration, crash: () => Promise<never>): Handle {
    const { accessKeyId } = this.iam.roleByArn(roleArn);
    const fragile = (service: Service): Service => ({
      signingName: service.signingName,
      handle: async (request): Promise<ApiResponse> => {
        if (this.crashes()) return crash();
        this.meanwhile();
        const answer = await service.handle(request);
        return this.crashes() ? crash() : answer;
      },
    });
    const clock = Object.assign(Object.create(this.clock) as Clock, { random: this.random });
    const iot = new IoTClient(this.configuration(fragile(this.iot), accessKeyId));
    const cloudFormation = new CloudFormationClient(this.configuration(fragile(this.cloudFormation), accessKeyId));
    const durations = new Durations();
    const jobs = new Jobs(iot);
    const stacks = new Stacks(cloudFormation, clock);
    const services = this.mutate({
      jobsAt: () => jobs,
      stacks: () => stacks,
      clock,
      durations,
      orders: orderPace(clock),
      call: (action, order) => ({ action, resource: functionArn, role: roleArn, order }),
    });
    const { accountId: account, region } = exampleAccount;
    const home = { partition: 'aws', region, account };
    const surroundings = { home, patterns: environment.JOB_ID_PATTERNS!.split(','), regions: [], assumableRoles: [] };
    let warm: Promise<unknown> | undefined;
    return async (event, context) => {
      await (warm ??= Promise.all([this.warmUp(iot), this.warmUp(cloudFormation)]));
      return handle(event, context, services, surroundings);
    };
  }

  private framework({ environment, handler, roleArn }: FunctionConfiguration): Handle {
    const { accessKeyId } = this.iam.roleByArn(roleArn);
    const functions = framework(environment, {
      invokeFunction: async ({ FunctionName, Payload }: { FunctionName: string; Payload: string }) => {
        await this.iam.authorise(accessKeyId, 'lambda:InvokeFunction', FunctionName);
        const { payload, functionError } = await this.lambda.invoke(FunctionName, Payload);
        return { Payload: payload, FunctionError: functionError };
      },
      startExecution: async ({ stateMachineArn, input }: { stateMachineArn: string; input: string }) => {
        await this.iam.authorise(accessKeyId, 'states:StartExecution', stateMachineArn);
        this.states.startExecution(stateMachineArn, input);
      },
      httpRequest: ({ path }: { path: string }, body: string) => {
        const { status } = this.responses.receive(path, body);
        return status === 200 ? Promise.resolve() : Promise.reject(new Error(`Unsuccessful HTTP response: ${status}`));
      },
    });
    return functions[handler.split('.').at(-1)!]!;
  }

  /** A client reads configuration files for its first call: no time may pass meanwhile. */
  private async warmUp(client: IoTClient | CloudFormationClient): Promise<void> {
    const send = (): Promise<unknown> =>
      client instanceof IoTClient ? client.send(new ListJobsCommand({})) : client.send(new DescribeStacksCommand({}));
    await this.time.standStill(() => send().catch(() => undefined));
  }

  private configuration(service: Service, accessKeyId: string): { region: string } {
    const credentials = { accessKeyId, secretAccessKey: 'secret' };
    const warm = inProcess(service, accessKeyId);
    let cold = true;
    const requestHandler: ReturnType<typeof inProcess> = {
      handle: (request) => {
        if (cold) {
          cold = false;
          return Promise.reject(new Error('The first call only warms the client up.'));
        }
        return warm.handle(request);
      },
    };
    return { region: exampleAccount.region, maxAttempts: 1, credentials, requestHandler } as { region: string };
  }
}
