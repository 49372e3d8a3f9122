import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock';
import { isRecord } from './intrinsic-call';
import type { ExistingResourceContext, Provisioned, ResourceContext, ResourceType } from './resource-type';
import { inventName, optionalText, requiredText, ResourceFailure } from './resource-type';
import type { CustomResourceAnswer, CustomResourceResponses } from './responses';
import type { Properties } from './stack';

/** What CloudFormation sends to the function of a custom resource. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  /** Missing in a Create. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  /** In an Update alone. */
  readonly OldResourceProperties?: Properties;
}

/** Sends an event on its way; resolves when it was accepted, not when it was handled. */
export type Deliver = (functionArn: string, event: CustomResourceEvent) => Promise<void>;

/** What custom resources need around them. */
export interface CustomResourceOptions {
  readonly clock: Clock;
  readonly responses: CustomResourceResponses;
  readonly deliver: Deliver;
}

/** How long CloudFormation waits unless ServiceTimeout says otherwise: an hour, in seconds. */
const defaultServiceTimeout = 3600;

/** AWS::CloudFormation::CustomResource and every `Custom::*`. */
export function customResource(options: CustomResourceOptions): ResourceType {
  return {
    async create(context) {
      // The id that the resource goes by until it is answered for: a rollback deletes it by this one.
      const invented = inventName(context);
      const { answer, requestId } = await ask(options, context, { RequestType: 'Create' }, invented);
      const physicalId = answer.PhysicalResourceId || invented;
      rejectFailure(answer, requestId, physicalId);
      if (!answer.PhysicalResourceId) {
        throw new ResourceFailure('Invalid PhysicalResourceId', { physicalId });
      }
      return provisioned(answer, physicalId);
    },
    async update(context, previous) {
      if (context.properties.ServiceToken !== previous.ServiceToken) {
        throw new ResourceFailure('Modifying service token is not allowed.', { untouched: true });
      }
      const { answer, requestId } = await ask(options, context, {
        RequestType: 'Update',
        PhysicalResourceId: context.physicalId,
        OldResourceProperties: stringified(previous) as Properties,
      });
      rejectFailure(answer, requestId);
      if (!answer.PhysicalResourceId) {
        throw new Error('Invalid PhysicalResourceId');
      }
      return provisioned(answer, answer.PhysicalResourceId);
    },
    async delete(context: ExistingResourceContext) {
      const { answer, requestId } = await ask(options, context, {
        RequestType: 'Delete',
        PhysicalResourceId: context.physicalId,
      });
      rejectFailure(answer, requestId);
    },
  };
}

async function ask(
  { clock, responses, deliver }: CustomResourceOptions,
  { properties, signal, ...context }: ResourceContext,
  request: Pick<CustomResourceEvent, 'RequestType' | 'PhysicalResourceId' | 'OldResourceProperties'>,
  inventedId?: string,
): Promise<{ readonly answer: CustomResourceAnswer; readonly requestId: string }> {
  const identity = { StackId: context.stackId, RequestId: randomUUID(), LogicalResourceId: context.logicalId };
  const serviceToken = requiredText(properties, 'ServiceToken');
  const timeout = Number(optionalText(properties, 'ServiceTimeout') ?? defaultServiceTimeout);
  const awaited = responses.expect(identity);
  const over = new AbortController();
  const fail = (message: string): ResourceFailure => new ResourceFailure(message, { physicalId: inventedId });
  try {
    const givenUp = new Promise<never>((_, reject) => {
      const giveUp = (): void => reject(fail('Cancelled'));
      // One operation's signal is listened to by all its custom resources at once.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', giveUp, { once: true, signal: over.signal });
      if (signal.aborted) {
        giveUp();
      }
    });
    const timedOut = clock.sleep(timeout * 1000, over.signal).then(() => {
      throw fail(
        `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${identity.RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`,
      );
    });
    const delivered = deliver(serviceToken, {
      ...identity,
      ...request,
      ServiceToken: serviceToken,
      ResponseURL: awaited.responseUrl,
      ResourceType: context.type,
      ResourceProperties: stringified(properties) as Properties,
    }).catch((error: unknown) => {
      throw fail(error instanceof Error ? error.message : String(error));
    });
    const answer = await Promise.race([delivered.then(() => awaited.answer), awaited.answer, timedOut, givenUp]);
    return { answer, requestId: identity.RequestId };
  } finally {
    awaited.stopWaiting();
    over.abort();
  }
}

function rejectFailure(answer: CustomResourceAnswer, requestId: string, physicalId?: string): void {
  if (answer.Status === 'FAILED') {
    throw new ResourceFailure(
      `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? ''} (RequestId: ${requestId})`,
      { physicalId },
    );
  }
}

function provisioned(answer: CustomResourceAnswer, physicalId: string): Provisioned {
  return { physicalId, attributes: answer.Data ?? {} };
}

/** CloudFormation turns every scalar of the properties into a string: `true` into `"true"`. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(stringified);
  }
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, stringified(item)]));
  }
  return String(value);
}
