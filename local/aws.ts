import type { NestedStackTemplate } from './assembly';
import { type Account, exampleAccount } from './account';
import { type CreateIot, type LocalAccount, LocalAccounts } from './accounts';
import { ClosableClock, type Clock, systemClock } from './clock';
import type { CloudFormation } from './cloudformation/cloudformation';
import type { DeclaredJobOptions } from './cloudformation/resource-types/iot-job';
import { CustomResourceResponses } from './cloudformation/responses';
import type { StackEvent } from './cloudformation/stack';
import { type Stub, Stubs, type UncertainCondition } from './cloudformation/stubs';
import { Endpoint } from './endpoint';
import { LocalEnvironment } from './environment';
import { Everywhere } from './everywhere';
import { type Authoriser, Iam } from './iam/iam';
import { Iot, type IotOptions } from './iot/iot';
import type { Lambda } from './lambda/lambda';
import type { StepFunctions } from './states/step-functions';
import { Sts } from './sts/sts';
import { VirtualClock } from './virtual-clock';

/** How the embedded AWS is to be. */
export interface LocalAwsOptions extends Pick<
  IotOptions,
  | 'deletionTime'
  | 'deletionSlots'
  | 'executionTime'
  | 'rolloutTime'
  | 'cancellationTime'
  | 'listLag'
  | 'callRate'
  | 'onCall'
> {
  /** Where the endpoint listens on 127.0.0.1. Default: any port that is free. */
  readonly port?: number;
  /** The home account and region. The default is the account of AWS's documentation, in us-east-1. */
  readonly account?: Account;
  /** Regions besides the account's own. Default: none. */
  readonly regions?: readonly string[];
  /**
   * The default is the machine's own time. With another, functions run in this very process, and have that time too: not
   * for functions that compute without end or end their process.
   */
  readonly clock?: Clock;
  /** Skip the time in which nothing happens: in place of a {@link clock}, and with functions as for one. */
  readonly virtualTime?: boolean;
  /** Decides whether a role's policies allow a call. Without one, everything is allowed. */
  readonly authoriser?: Authoriser;
  /** Told of each stack event as it happens, in every account and region. */
  readonly onEvent?: (event: StackEvent) => void;
  /** Receives each line that a function writes. */
  readonly log?: (functionName: string, line: string) => void;
  /** The template at a nested stack's TemplateURL. */
  readonly nestedTemplate?: NestedStackTemplate;
  /** How many calls of each operation CloudFormation takes in a second. Default: as many as come; AWS takes about 10. */
  readonly cloudFormationCallRate?: number;
  /** How AWS::IoT::Job behaves where AWS does not say it. */
  readonly declaredJobs?: DeclaredJobOptions;
  /**
   * Refuse a template with what is not known here, and run every custom resource's function. By default whatever can't
   * run here is stubbed, and {@link LocalAws.stubs} names it.
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
    try {
      await aws.endpoint.listen(options.port);
      await aws.responses.listen();
      return aws;
    } catch (error) {
      await aws.close();
      throw error;
    }
  }

  /** The home account's. */
  readonly iam: Iam;
  /** The home account's in its own region, as are the others. */
  readonly iot: Iot;
  readonly lambda: Lambda;
  readonly states: StepFunctions;
  readonly cloudFormation: CloudFormation;
  /** Where custom resources answer. */
  readonly responses: CustomResourceResponses;
  readonly endpoint: Endpoint;

  private readonly accounts: LocalAccounts;
  /** Its time. */
  readonly clock: ClosableClock;
  private readonly virtualClock?: VirtualClock;
  private readonly recorded = new Stubs();
  private readonly environments = new Map<string, LocalEnvironment>();
  private readonly open: (place: Account) => LocalEnvironment;

  private constructor(options: LocalAwsOptions) {
    const {
      account = exampleAccount,
      regions = [],
      authoriser,
      onEvent,
      log,
      nestedTemplate,
      cloudFormationCallRate,
      declaredJobs,
      strict = false,
      virtualTime = false,
      clock: given = systemClock,
      ...rules
    } = options;
    this.virtualClock = virtualTime ? new VirtualClock() : undefined;
    const clock = (this.clock = new ClosableClock(this.virtualClock ?? given));
    this.responses = new CustomResourceResponses(clock);
    this.iam = new Iam(account.accountId, authoriser, clock);
    const createIot: CreateIot = (place, iam) => new Iot({ account: place, clock, iam, ...rules });
    const accounts = (this.accounts = new LocalAccounts(this.iam, account.region, regions, createIot));
    this.open = (place) =>
      new LocalEnvironment(place, {
        clock,
        accounts,
        responses: this.responses,
        endpointUrl: () => this.endpoint.url,
        stubs: this.recorded,
        strict,
        nestedTemplate,
        // Functions live in the same time as everything else.
        functionsInProcess: virtualTime || given !== systemClock,
        log,
        onEvent,
        cloudFormationCallRate,
        declaredJobs,
        find: (other) => this.environments.get(keyOf(other)),
      });
    const home = this.environment(account);
    this.iot = home.iot;
    this.lambda = home.lambda;
    this.states = home.states;
    this.cloudFormation = home.cloudFormation;
    const everywhere = (signingName: string, of: (environment: LocalEnvironment) => Everywhere['handle']): Everywhere =>
      new Everywhere(signingName, accounts, (place) => ({ handle: of(this.environment(place)) }));
    this.endpoint = new Endpoint(
      [
        new Everywhere('iot', accounts, ({ accountId, region }) => accounts.open(accountId).iotIn(region)),
        new Sts(accounts),
        everywhere(
          'lambda',
          ({ lambda }) =>
            (request) =>
              lambda.handle(request),
        ),
        everywhere(
          'states',
          ({ states }) =>
            (request) =>
              states.handle(request),
        ),
        everywhere(
          'cloudformation',
          ({ cloudFormation }) =>
            (request) =>
              cloudFormation.handle(request),
        ),
      ],
      { region: account.region },
    );
  }

  /** The services of an account in a region; both come to be when they are first asked for. */
  environment(place: Account): LocalEnvironment {
    const key = keyOf(place);
    const environment = this.environments.get(key) ?? this.open(place);
    this.environments.set(key, environment);
    return environment;
  }

  /** AWS IoT of the home account in another region, with jobs and deletion slots of its own. */
  iotIn(region: string): Iot {
    return this.accounts.home.iotIn(region);
  }

  /** Opens another account, with AWS IoT in the same regions, for roles that are assumed from the home account. */
  addAccount(accountId: string): LocalAccount {
    return this.accounts.add(accountId);
  }

  /** An account, which comes to be when it is first asked for. */
  account(accountId: string): LocalAccount {
    return this.accounts.open(accountId);
  }

  /** The resources that were stubbed, of every stack in every account and region, in the order of creation. */
  get stubs(): readonly Stub[] {
    return this.recorded.resources;
  }

  /** The conditions that compare a value which only an account knows. */
  get conditions(): readonly UncertainCondition[] {
    return this.recorded.conditions;
  }

  /** Ends every execution, process and connection; a stack operation that is still open fails. */
  async close(): Promise<void> {
    const closed = [...this.environments.values()].map((environment) => environment.close());
    // Once everybody knows that it is over, whoever still sleeps is woken up.
    this.clock.close();
    await Promise.all(closed);
    await Promise.all([this.endpoint.close(), this.responses.close()]);
    this.virtualClock?.close();
  }
}

function keyOf({ accountId, region }: Account): string {
  return `${accountId}/${region}`;
}
