import type { NestedStackTemplate } from './assembly';
import { type Account, exampleAccount } from './account';
import { type CreateIot, type LocalAccount, LocalAccounts } from './accounts';
import { ClosableClock, type Clock, systemClock } from './clock';
import { type Bystander, Bystanders } from './cloudformation/bystanders';
import { CloudFormation } from './cloudformation/cloudformation';
import { resourceTypes } from './cloudformation/resource-types/all';
import { CustomResourceResponses } from './cloudformation/responses';
import type { Stub, UncertainCondition } from './cloudformation/stubs';
import type { StackEvent } from './cloudformation/stack';
import { Endpoint } from './endpoint';
import { type Authoriser, Iam } from './iam/iam';
import { IotEverywhere } from './iot/everywhere';
import { Iot, type IotOptions } from './iot/iot';
import { Lambda } from './lambda/lambda';
import { StepFunctions } from './states/step-functions';
import { Sts } from './sts/sts';

/** How the embedded AWS is to be. */
export interface LocalAwsOptions extends Pick<
  IotOptions,
  'deletionTime' | 'deletionSlots' | 'executionTime' | 'callRate'
> {
  /** The default is the account of AWS's documentation, in us-east-1. */
  readonly account?: Account;
  /** Regions that have AWS IoT besides the account's own, which alone has the other services. Default: none. */
  readonly regions?: readonly string[];
  /** The default is the machine's own time. */
  readonly clock?: Clock;
  /** Decides whether a role's policies allow a call. Without one, everything is allowed. */
  readonly authoriser?: Authoriser;
  /** Told of each stack event as it happens. */
  readonly onEvent?: (event: StackEvent) => void;
  /** Receives each line that a function writes. */
  readonly log?: (functionName: string, line: string) => void;
  /** The template at a nested stack's TemplateURL. */
  readonly nestedTemplate?: NestedStackTemplate;
  /**
   * Refuse a template with what is not known here, and run every custom resource's function. By default whatever has
   * nothing to do with jobs is walked through as inert, and {@link LocalAws.bystanders} names it.
   */
  readonly strict?: boolean;
}

/**
 * The embedded AWS: the services that a stack with our constructs needs, behind one endpoint on 127.0.0.1.
 *
 * What CDK synthesized runs on it unchanged: the template, the functions' code from their assets in processes of their
 * own, the state machine, and the SDK over HTTP.
 */
export class LocalAws {
  /** Starts every service. Call {@link close} in the end: functions are processes. */
  static async start(options: LocalAwsOptions = {}): Promise<LocalAws> {
    const aws = new LocalAws(options);
    await Promise.all([aws.endpoint.listen(), aws.responses.listen()]);
    return aws;
  }

  /** The home account's. */
  readonly iam: Iam;
  /** The home account's in its own region. */
  readonly iot: Iot;
  readonly lambda: Lambda;
  readonly states: StepFunctions;
  readonly cloudFormation: CloudFormation;
  /** Where custom resources answer. */
  readonly responses: CustomResourceResponses;
  readonly endpoint: Endpoint;

  private readonly accounts: LocalAccounts;
  private readonly clock: ClosableClock;
  private readonly walkedThrough?: Bystanders;

  private constructor(options: LocalAwsOptions) {
    const {
      account = exampleAccount,
      regions = [],
      authoriser,
      onEvent,
      log,
      nestedTemplate,
      strict = false,
      clock: given = systemClock,
      ...rules
    } = options;
    const clock = (this.clock = new ClosableClock(given));
    const iam = (this.iam = new Iam(account.accountId, authoriser, clock));
    const responses = (this.responses = new CustomResourceResponses(account));
    const createIot: CreateIot = (place, placeIam) => new Iot({ account: place, clock, iam: placeIam, ...rules });
    const accounts = (this.accounts = new LocalAccounts(iam, account.region, regions, createIot));
    const iot = (this.iot = accounts.home.iot);
    const lambda = (this.lambda = new Lambda({
      account,
      clock,
      iam,
      endpointUrl: () => this.endpoint.url,
      responsesUrl: () => responses.url,
      log,
    }));
    const stepFunctions = (this.states = new StepFunctions({ account, clock, iam, lambda }));
    this.walkedThrough = strict ? undefined : new Bystanders(account, iam);
    const services = { account, clock, iam, lambda, stepFunctions, iot, responses };
    this.cloudFormation = new CloudFormation({
      account,
      clock,
      iam,
      resourceTypes: resourceTypes({ ...services, unknownPolicy: strict ? undefined : { Statement: [] } }),
      nestedTemplate,
      bystanders: this.walkedThrough,
    });
    if (onEvent) {
      this.cloudFormation.onEvent(onEvent);
    }
    this.endpoint = new Endpoint(
      [new IotEverywhere(accounts), new Sts(accounts), lambda, stepFunctions, this.cloudFormation],
      { region: account.region },
    );
  }

  /** AWS IoT of the home account in another region, with jobs and deletion slots of its own. */
  iotIn(region: string): Iot {
    return this.accounts.home.iotIn(region);
  }

  /** Opens another account, with AWS IoT in the same regions, for roles that are assumed from the home account. */
  addAccount(accountId: string): LocalAccount {
    return this.accounts.add(accountId);
  }

  /** The resources that were only walked through so far, because they have nothing to do with jobs or can't run here. */
  get bystanders(): readonly Bystander[] {
    return this.walkedThrough?.all ?? [];
  }

  /** The resources that were stubbed, of every stack in every account and region, in the order of creation. */
  get stubs(): readonly Stub[] {
    return this.bystanders.map((bystander) => {
      const { id } = this.cloudFormation.stack(bystander.stackName);
      const [, , , region, account] = id.split(':') as [string, string, string, string, string];
      return { ...bystander, stackId: id, account, region };
    });
  }

  /** The conditions that a value decided which only an account knows. */
  get conditions(): readonly UncertainCondition[] {
    return [];
  }

  /** Ends every execution, process and connection; a stack operation that is still open fails. */
  async close(): Promise<void> {
    this.clock.close();
    await this.states.close();
    await this.lambda.close();
    await Promise.all([this.endpoint.close(), this.responses.close()]);
  }
}
