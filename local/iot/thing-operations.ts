import { isDeepStrictEqual } from 'node:util';
import type {
  CreateThingRequest,
  DeleteThingRequest,
  DescribeThingRequest,
  ListThingsRequest,
} from '@aws-sdk/client-iot';
import type { Validated } from '../service-model/input';
import { notFound, requireVersion } from './errors';
import type { Jobs } from './jobs';
import type { Operations } from './operation';
import { pageOf } from './page';
import type { Thing, Things } from './things';

/** The operations on things, and what each is asked. */
export interface ThingRequests {
  readonly CreateThing: CreateThingRequest;
  readonly DescribeThing: DescribeThingRequest;
  readonly ListThings: ListThingsRequest;
  readonly DeleteThing: DeleteThingRequest;
}

/** The operations on things, as the service model has them. */
export function thingOperations(things: Things, jobs: Jobs): Operations<ThingRequests> {
  const theThing = ({ thingName }: { thingName: string }): string[] => [things.thingArn(thingName)];
  return {
    CreateThing: {
      resources: theThing,
      act: (request) => {
        const { thingName, thingArn, thingId } = createThing(request, things);
        return { thingName, thingArn, thingId };
      },
    },
    DescribeThing: {
      resources: theThing,
      act: ({ thingName }) => ({ defaultClientId: thingName, ...things.thing(thingName), version: 1 }),
    },
    ListThings: {
      resources: () => ['*'],
      act: (request) => {
        const wanted = things.things().filter(selects(request));
        const { items, nextToken } = pageOf(wanted, ({ thingName }) => thingName, request);
        const summaries = items.map(({ thingName, thingArn, attributes }) => ({
          thingName,
          thingArn,
          attributes,
          version: 1,
        }));
        return { things: summaries, nextToken };
      },
    },
    DeleteThing: {
      resources: theThing,
      act: ({ thingName, expectedVersion }) => {
        requireVersion(expectedVersion);
        things.deleteThing(thingName);
        jobs.thingGone(things.thingArn(thingName));
        return {};
      },
    },
  };
}

/** As the model says, the same thing again is no error; a different one of that name is. */
function createThing(request: Validated<CreateThingRequest>, things: Things): Thing {
  const { thingName, attributePayload, thingTypeName, billingGroupName } = request;
  const unknown = thingTypeName ?? billingGroupName;
  if (unknown !== undefined) {
    throw notFound(`The embedded AWS IoT has no thing types and no billing groups, so no ${unknown}.`);
  }
  const attributes = attributePayload?.attributes ?? {};
  const existing = things.findThing(thingName);
  return existing && isDeepStrictEqual(existing.attributes, attributes)
    ? existing
    : things.createThing(thingName, attributes);
}

/** Whether ListThings is asked for a thing. There are no thing types here, so none is of one. */
function selects(request: Validated<ListThingsRequest>): (thing: Thing) => boolean {
  const { attributeName, attributeValue, usePrefixAttributeValue = false, thingTypeName } = request;
  const matches = (value: string): boolean =>
    attributeValue === undefined ||
    (usePrefixAttributeValue ? value.startsWith(attributeValue) : value === attributeValue);
  return ({ attributes }) =>
    thingTypeName === undefined &&
    ((attributeName === undefined && attributeValue === undefined) ||
      Object.entries(attributes).some(
        ([name, value]) => (attributeName === undefined || name === attributeName) && matches(value),
      ));
}
