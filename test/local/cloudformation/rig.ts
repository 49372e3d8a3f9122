import { request } from 'node:http';
import { exampleAccount } from '../../../local/account';
import type { Clock } from '../../../local/clock';
import { systemClock } from '../../../local/clock';
import type { CloudFormationOptions } from '../../../local/cloudformation/cloudformation';
import { CloudFormation } from '../../../local/cloudformation/cloudformation';
import type { CustomResourceEvent } from '../../../local/cloudformation/custom-resource';
import { resourceTypes } from '../../../local/cloudformation/resource-types/all';
import { inertResourceTypes } from '../../../local/cloudformation/resource-types/inert';
import type { FunctionDefinition } from '../../../local/cloudformation/resource-types/lambda';
import type { CustomResourceAnswer } from '../../../local/cloudformation/responses';
import type { StackOperation } from '../../../local/cloudformation/stack-request';
import { CREATION_INITIATED } from '../../../local/cloudformation/statuses';
import { CustomResourceResponses } from '../../../local/cloudformation/responses';
import { InlineCode } from '../../../local/lambda/inline-code';
import type { Authoriser } from '../../../local/iam/iam';
import { Iam } from '../../../local/iam/iam';

/** What the fake function does with an event; undefined means that it never answers. */
export type Behaviour = (event: CustomResourceEvent) => Partial<CustomResourceAnswer> | undefined;

/** A CloudFormation whose custom resources are answered by a function of the test's. */
export class Rig {
  readonly iam: Iam;
  readonly responses: CustomResourceResponses;
  private readonly inlineCode = new InlineCode();
  readonly requests: CustomResourceEvent[] = [];
  readonly functions = new Map<string, FunctionDefinition>();
  readonly machines = new Map<string, string>();
  readonly things = new Set<string>();
  readonly cloudFormation: CloudFormation;
  behave: Behaviour = () => ({});
  /** Called once an event that is not answered has arrived. */
  onSilence: (event: CustomResourceEvent) => void = () => undefined;

  constructor({
    clock = systemClock,
    authoriser,
    ...options
  }: Partial<CloudFormationOptions> & { clock?: Clock; authoriser?: Authoriser } = {}) {
    this.iam = new Iam(exampleAccount.accountId, authoriser);
    this.responses = new CustomResourceResponses(clock);
    const ssmParameters = new Map<string, string>();
    this.cloudFormation = new CloudFormation({
      account: exampleAccount,
      clock,
      iam: this.iam,
      ssmParameters,
      resourceTypes: new Map([
        ...Object.entries(inertResourceTypes(exampleAccount)),
        ...resourceTypes({
          account: exampleAccount,
          clock,
          iam: this.iam,
          ssmParameters,
          responses: this.responses,
          deliver: (_, event) => this.deliver(event),
          lambda: {
            createFunction: (definition) => {
              this.functions.set(definition.functionName, definition);
              return { arn: definition.functionName };
            },
            updateFunction: (definition) => this.functions.set(definition.functionName, definition),
            deleteFunction: (name) => {
              this.inlineCode.remove(name);
              this.functions.delete(name);
            },
            invoke: () => Promise.resolve(),
            inlineCode: this.inlineCode,
          },
          stepFunctions: {
            createStateMachine: ({ name, definition }) => {
              const arn = `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
              this.machines.set(arn, definition);
              return arn;
            },
            updateStateMachine: (arn, { definition }) => this.machines.set(arn, definition),
            deleteStateMachine: (arn) => this.machines.delete(arn),
          },
          iot: {
            createThing: (name) => {
              this.things.add(name);
              return { thingArn: `thing/${name}`, thingId: name };
            },
            thing: (name) => (this.things.has(name) ? name : undefined),
            deleteThing: (name) => void this.things.delete(name),
            createThingGroup: (name) => {
              this.things.add(name);
              return { thingGroupArn: `thinggroup/${name}`, thingGroupId: name };
            },
            thingGroup: (name) => (this.things.has(name) ? name : undefined),
            deleteThingGroup: (name) => void this.things.delete(name),
            call: () => undefined,
          },
        }),
      ]),
      ...options,
    });
  }

  create(resources: object, more: object = {}, onFailure?: 'DO_NOTHING' | 'DELETE'): Promise<StackOperation> {
    const template = { Resources: resources, ...more };
    return this.cloudFormation.createStack({ stackName: 'S', template, assetDirectory: assetOf, onFailure });
  }

  update(resources: object, more: object = {}): Promise<StackOperation> {
    const template = { Resources: resources, ...more };
    return this.cloudFormation.updateStack({ stackName: 'S', template, assetDirectory: assetOf });
  }

  delete(): Promise<StackOperation> {
    return this.cloudFormation.deleteStack({ stackName: 'S' });
  }

  /** The events sent so far, such as `Update A a-1`; forgets them. */
  sent(): string[] {
    return this.requests
      .splice(0)
      .map(({ RequestType, LogicalResourceId, PhysicalResourceId }) =>
        [RequestType, LogicalResourceId, PhysicalResourceId].filter(Boolean).join(' '),
      );
  }

  /** Answers through the response server, as the function does. */
  async answer(event: CustomResourceEvent, answer: Partial<CustomResourceAnswer>, padding = ''): Promise<number> {
    const { StackId, RequestId, LogicalResourceId } = event;
    const PhysicalResourceId = event.PhysicalResourceId ?? `${LogicalResourceId}-id`;
    const body = { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId, ...answer };
    const { pathname, search } = new URL(event.ResponseURL);
    return new Promise((resolve, reject) => {
      const put = request(`${this.responses.url}${pathname}${search}`, { method: 'PUT' }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      put.on('error', reject);
      put.end(JSON.stringify(body) + padding);
    });
  }

  private deliver(event: CustomResourceEvent): Promise<void> {
    this.requests.push(event);
    const answer = this.behave(event);
    if (answer) {
      void this.answer(event, answer);
    } else {
      this.onSilence(event);
    }
    return Promise.resolve();
  }
}

/** A custom resource in a template. */
export function custom(properties: object = {}, more: object = {}): object {
  return { Type: 'Custom::Test', Properties: { ServiceToken: 'arn:f', ...properties }, ...more };
}

/** A thing in a template: it fails where one of that name exists. */
export function thing(name: unknown, more: object = {}): object {
  return { Type: 'AWS::IoT::Thing', Properties: { ThingName: name }, ...more };
}

/** `LogicalId STATUS` of each event, without those that only add a new resource's physical id. */
export function lines({ events }: Pick<StackOperation, 'events'>): string[] {
  return events
    .filter(({ reason }) => reason !== CREATION_INITIATED)
    .map(({ logicalId, status }) => `${logicalId} ${status}`);
}

/** The reason of the first event of a resource in a status. */
export function reasonOf({ events }: StackOperation, logicalId: string, status: string): string | undefined {
  return events.find((event) => event.logicalId === logicalId && event.status === status)?.reason;
}

function assetOf(hash: string): string {
  return `/assets/${hash}`;
}
