import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../api';
import { invalidRequest, notFound } from './errors';
import { requireValid, type Input } from './input';
import type { Jobs } from './jobs';
import type { Operations } from './routes';
import type { Thing, ThingGroup, Things } from './things';
import { epochSeconds } from './wire';

/** The operations on things, as the service model has them. */
export function thingOperations(things: Things): Operations {
  const theThing = (input: Input): string[] => [things.thingArn(input.label('thingName'))];
  return {
    CreateThing: {
      route: 'POST /things/{thingName}',
      resources: theThing,
      act: (input) => {
        const { thingName, thingArn, thingId } = createThing(input, things);
        return { thingName, thingArn, thingId };
      },
    },
    DescribeThing: {
      route: 'GET /things/{thingName}',
      resources: theThing,
      act: (input) => {
        const thing = things.thing(input.label('thingName'));
        return { defaultClientId: thing.thingName, ...thing, version: 1 };
      },
    },
    ListThings: {
      route: 'GET /things',
      resources: () => ['*'],
      act: (input) => {
        const { items, nextToken } = input.page(things.things(), ({ thingName }) => thingName);
        const summary = ({ thingName, thingArn, attributes }: Thing): object => ({
          thingName,
          thingArn,
          attributes,
          version: 1,
        });
        return { things: items.map(summary), nextToken };
      },
    },
    DeleteThing: {
      route: 'DELETE /things/{thingName}',
      resources: theThing,
      act: (input) => {
        requireVersion(input);
        things.deleteThing(input.label('thingName'));
        return {};
      },
    },
  };
}

/** The operations on thing groups, as the service model has them. */
export function thingGroupOperations(things: Things, jobs: Jobs): Operations {
  const theGroup = (input: Input): string[] => [things.thingGroupArn(input.label('thingGroupName'))];
  return {
    CreateThingGroup: {
      route: 'POST /thing-groups/{thingGroupName}',
      resources: theGroup,
      act: (input) => {
        const { thingGroupName, thingGroupArn, thingGroupId } = createThingGroup(input, things);
        return { thingGroupName, thingGroupArn, thingGroupId };
      },
    },
    DescribeThingGroup: {
      route: 'GET /thing-groups/{thingGroupName}',
      resources: theGroup,
      act: (input) => describeThingGroup(things.thingGroup(input.label('thingGroupName')), things),
    },
    ListThingGroups: {
      route: 'GET /thing-groups',
      resources: () => ['*'],
      act: (input) => {
        const prefix = input.query('namePrefixFilter') ?? '';
        const groups = listThingGroups(input, things).filter(({ thingGroupName }) => thingGroupName.startsWith(prefix));
        const { items, nextToken } = input.page(groups, ({ thingGroupName }) => thingGroupName);
        return { thingGroups: items.map(nameAndArn), nextToken };
      },
    },
    DeleteThingGroup: {
      route: 'DELETE /thing-groups/{thingGroupName}',
      resources: theGroup,
      act: (input) => {
        requireVersion(input);
        things.deleteThingGroup(input.label('thingGroupName'));
        return {};
      },
    },
    AddThingToThingGroup: {
      route: 'PUT /thing-groups/addThingToThingGroup',
      resources: (input) => [things.thingGroupArn(groupToAddTo(input)), things.thingArn(thingToAdd(input))],
      act: (input) => {
        things.addThingToThingGroup(thingToAdd(input), groupToAddTo(input));
        jobs.thingJoined();
        return {};
      },
    },
    ListThingsInThingGroup: {
      route: 'GET /thing-groups/{thingGroupName}/things',
      resources: theGroup,
      act: (input) => {
        const group = things.thingGroup(input.label('thingGroupName'));
        const names = things.thingNames(group, input.queryBoolean('recursive') ?? false);
        const { items, nextToken } = input.page(names, (name) => name);
        return { things: items, nextToken };
      },
    },
  };
}

/** As the model says, the same thing again is no error; a different one of that name is. */
function createThing(input: Input, things: Things): Thing {
  for (const member of ['thingTypeName', 'billingGroupName']) {
    const name = input.text(member);
    if (name !== undefined) {
      throw notFound(`The embedded AWS IoT has no thing types and no billing groups, so no ${member} ${name}.`);
    }
  }
  const attributes = attributesOf(input.structure('attributePayload'));
  const existing = things.findThing(input.label('thingName'));
  return existing && isDeepStrictEqual(existing.attributes, attributes)
    ? existing
    : things.createThing(input.label('thingName'), attributes);
}

function createThingGroup(input: Input, things: Things): ThingGroup {
  const properties = input.structure('thingGroupProperties') ?? {};
  const { thingGroupDescription, attributePayload } = properties as Record<string, never>;
  const settings = {
    parentGroupName: input.text('parentGroupName'),
    thingGroupDescription,
    attributes: attributesOf(attributePayload),
  };
  const existing = things.findThingGroup(input.label('thingGroupName'));
  const same =
    existing?.parentGroupName === settings.parentGroupName &&
    existing?.thingGroupDescription === settings.thingGroupDescription &&
    isDeepStrictEqual(existing?.attributes, settings.attributes);
  return existing && same
    ? existing
    : things.createThingGroup(input.label('thingGroupName'), { ...settings, tags: input.tags() });
}

function describeThingGroup(group: ThingGroup, things: Things): object {
  const { thingGroupName, thingGroupId, thingGroupArn, thingGroupDescription, attributes, parentGroupName } = group;
  return {
    thingGroupName,
    thingGroupId,
    thingGroupArn,
    version: 1,
    thingGroupProperties: { thingGroupDescription, attributePayload: { attributes } },
    thingGroupMetadata: {
      parentGroupName,
      rootToParentThingGroups: things.ancestors(group).map(nameAndArn),
      creationDate: epochSeconds(group.creationDate),
    },
  };
}

/** Every group; or the children of one, or with `recursive=false` those at the root, as the service does. */
function listThingGroups(input: Input, things: Things): ThingGroup[] {
  const parentGroup = input.query('parentGroup');
  const recursive = input.queryBoolean('recursive') ?? true;
  if (parentGroup !== undefined) {
    things.thingGroup(requireValid('thingGroupName', parentGroup, 'parentGroup'));
  }
  if (!recursive) {
    return things.childGroups(parentGroup);
  }
  return things
    .thingGroups()
    .filter(
      (group) =>
        parentGroup === undefined ||
        things.ancestors(group).some(({ thingGroupName }) => thingGroupName === parentGroup),
    );
}

function nameAndArn({ thingGroupName, thingGroupArn }: ThingGroup): { groupName: string; groupArn: string } {
  return { groupName: thingGroupName, groupArn: thingGroupArn };
}

function thingToAdd(input: Input): string {
  return nameOrArn(input, 'thingName', 'thingArn');
}

function groupToAddTo(input: Input): string {
  return nameOrArn(input, 'thingGroupName', 'thingGroupArn');
}

function nameOrArn(input: Input, nameMember: 'thingName' | 'thingGroupName', arnMember: string): string {
  const name = input.text(nameMember) ?? input.text(arnMember)?.split('/').at(-1);
  if (name === undefined) {
    throw invalidRequest(`Give ${nameMember} or ${arnMember}.`);
  }
  return requireValid(nameMember, name);
}

function attributesOf(attributePayload: unknown): Record<string, string> {
  const { attributes } = (attributePayload ?? {}) as { attributes?: Record<string, string> };
  return attributes ?? {};
}

/** Nothing here is ever updated, so every version is the first. */
function requireVersion(input: Input): void {
  const expected = input.query('expectedVersion');
  if (expected !== undefined && expected !== '1') {
    throw new ServiceError('VersionConflictException', 409, `The version is 1, not ${expected}.`);
  }
}
