import type { Account } from './account';
import type { LocalAccounts } from './accounts';
import type { NestedStackTemplate } from './assembly';
import type { Clock } from './clock';
import { CloudFormation } from './cloudformation/cloudformation';
import { resourceTypes } from './cloudformation/resource-types/all';
import type { DeclaredJobOptions } from './cloudformation/resource-types/iot-job';
import { inertResourceTypes } from './cloudformation/resource-types/inert';
import type { CustomResourceResponses } from './cloudformation/responses';
import type { StackEvent } from './cloudformation/stack';
import type { Stubs } from './cloudformation/stubs';
import type { Iam } from './iam/iam';
import type { Iot } from './iot/iot';
import { Lambda } from './lambda/lambda';
import { StandInProvider } from './stand-in-provider';
import { StepFunctions } from './states/step-functions';

/** What every account and region shares. */
export interface Shared {
  readonly clock: Clock;
  readonly accounts: LocalAccounts;
  readonly responses: CustomResourceResponses;
  readonly endpointUrl: () => string;
  readonly stubs: Stubs;
  readonly strict: boolean;
  readonly nestedTemplate?: NestedStackTemplate;
  /** Whether functions run in this very process. */
  readonly functionsInProcess: boolean;
  readonly log?: (functionName: string, line: string) => void;
  readonly onEvent?: (event: StackEvent) => void;
  readonly cloudFormationCallRate?: number;
  readonly declaredJobs?: DeclaredJobOptions;
  /** Another account or region, if it has been used yet. */
  readonly find: (place: Account) => LocalEnvironment | undefined;
}

/** The services of an account in a region: where a CDK app's environment is. */
export class LocalEnvironment {
  readonly iam: Iam;
  readonly iot: Iot;
  readonly lambda: Lambda;
  readonly states: StepFunctions;
  readonly cloudFormation: CloudFormation;
  private readonly standIn?: StandInProvider;

  constructor(
    readonly account: Account,
    shared: Shared,
  ) {
    const { clock, accounts, responses, stubs, strict } = shared;
    const { accountId, region } = account;
    const { iam } = accounts.open(accountId);
    const iot = (this.iot = accounts.open(accountId).iotIn(region));
    this.iam = iam;
    const lambda = (this.lambda = new Lambda({
      account,
      clock,
      iam,
      endpointUrl: shared.endpointUrl,
      responsesUrl: () => responses.url,
      inThisProcess: shared.functionsInProcess,
      log: shared.log,
    }));
    const stepFunctions = (this.states = new StepFunctions({ account, clock, iam, lambda }));
    const ssmParameters = new Map<string, string>();
    const types = resourceTypes({
      account,
      clock,
      iam,
      lambda,
      stepFunctions,
      iot,
      declaredJobs: {
        ...shared.declaredJobs,
        makeTarget: strict
          ? undefined
          : (kind, name) => {
              if (kind === 'thing' && !iot.thing(name)) {
                iot.createThing(name);
              } else if (kind === 'thinggroup' && !iot.thingGroup(name)) {
                iot.createThingGroup(name);
              }
            },
      },
      responses,
      ssmParameters,
      unknownPolicy: strict ? undefined : { Statement: [] },
    });
    const standIn = strict ? undefined : new StandInProvider(account, () => this.cloudFormation);
    this.standIn = standIn;
    this.cloudFormation = new CloudFormation({
      account,
      clock,
      iam,
      ssmParameters,
      resourceTypes: strict ? new Map([...types, ...Object.entries(inertResourceTypes(account))]) : types,
      nestedTemplate: shared.nestedTemplate,
      callRate: shared.cloudFormationCallRate,
      elsewhere: (place) => shared.find({ ...account, ...definedIn(place) })?.cloudFormation,
      surroundings: standIn && {
        stubs,
        makeRole: (arn) => accounts.makeRole(arn),
        hasFunction: (arn) => lambda.has(arn),
        standInProvider: () => standIn.serviceToken(),
      },
    });
    if (shared.onEvent) {
      this.cloudFormation.onEvent(shared.onEvent);
    }
  }

  /** Ends every execution and process. */
  async close(): Promise<void> {
    await Promise.all([this.states.close(), this.lambda.close()]);
    this.standIn?.close();
  }
}

function definedIn({ accountId, region }: Partial<Account>): Partial<Account> {
  return { ...(accountId !== undefined && { accountId }), ...(region !== undefined && { region }) };
}
