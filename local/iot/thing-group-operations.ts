import { isDeepStrictEqual } from 'node:util';
import type {
  AddThingToThingGroupRequest,
  CreateThingGroupRequest,
  DeleteThingGroupRequest,
  DescribeThingGroupRequest,
  ListThingGroupsRequest,
  ListThingsInThingGroupRequest,
} from '@aws-sdk/client-iot';
import type { Validated } from '../service-model/input';
import { invalidRequest, requireVersion } from './errors';
import type { Jobs } from './jobs';
import { requireName, type Operations } from './operation';
import { pageOf } from './page';
import { tagsOf } from './tags';
import type { ThingGroup, Things } from './things';
import { epochSeconds } from './wire';

/** The operations on thing groups, and what each is asked. */
export interface ThingGroupRequests {
  readonly CreateThingGroup: CreateThingGroupRequest;
  readonly DescribeThingGroup: DescribeThingGroupRequest;
  readonly ListThingGroups: ListThingGroupsRequest;
  readonly DeleteThingGroup: DeleteThingGroupRequest;
  readonly AddThingToThingGroup: AddThingToThingGroupRequest;
  readonly ListThingsInThingGroup: ListThingsInThingGroupRequest;
}

/** The operations on thing groups, as the service model has them. */
export function thingGroupOperations(things: Things, jobs: Jobs): Operations<ThingGroupRequests> {
  const theGroup = ({ thingGroupName }: { thingGroupName: string }): string[] => [things.thingGroupArn(thingGroupName)];
  return {
    CreateThingGroup: {
      resources: theGroup,
      act: (request) => {
        const { thingGroupName, thingGroupArn, thingGroupId } = createThingGroup(request, things);
        return { thingGroupName, thingGroupArn, thingGroupId };
      },
    },
    DescribeThingGroup: {
      resources: theGroup,
      act: ({ thingGroupName }) => describeThingGroup(things.thingGroup(thingGroupName), things),
    },
    ListThingGroups: {
      resources: () => ['*'],
      act: (request) => {
        const { namePrefixFilter = '' } = request;
        const wanted = listThingGroups(request, things).filter(({ thingGroupName }) =>
          thingGroupName.startsWith(namePrefixFilter),
        );
        const { items, nextToken } = pageOf(wanted, ({ thingGroupName }) => thingGroupName, request);
        return { thingGroups: items.map(nameAndArn), nextToken };
      },
    },
    DeleteThingGroup: {
      resources: theGroup,
      act: ({ thingGroupName, expectedVersion }) => {
        requireVersion(expectedVersion);
        things.deleteThingGroup(thingGroupName);
        return {};
      },
    },
    AddThingToThingGroup: {
      resources: (request) => [things.thingGroupArn(groupToAddTo(request)), things.thingArn(thingToAdd(request))],
      act: (request) => {
        things.addThingToThingGroup(thingToAdd(request), groupToAddTo(request));
        jobs.thingJoined();
        return {};
      },
    },
    ListThingsInThingGroup: {
      resources: theGroup,
      act: (request) => {
        const names = things.thingNames(things.thingGroup(request.thingGroupName), request.recursive ?? false);
        const { items, nextToken } = pageOf(names, (name) => name, request);
        return { things: items, nextToken };
      },
    },
  };
}

function createThingGroup(request: Validated<CreateThingGroupRequest>, things: Things): ThingGroup {
  const { thingGroupName, parentGroupName, thingGroupProperties = {}, tags } = request;
  const { thingGroupDescription, attributePayload } = thingGroupProperties;
  const settings = { parentGroupName, thingGroupDescription, attributes: attributePayload?.attributes ?? {} };
  const existing = things.findThingGroup(thingGroupName);
  const same =
    existing?.parentGroupName === settings.parentGroupName &&
    existing?.thingGroupDescription === settings.thingGroupDescription &&
    isDeepStrictEqual(existing?.attributes, settings.attributes);
  return existing && same ? existing : things.createThingGroup(thingGroupName, { ...settings, tags: groupTags(tags) });
}

/** CreateThingGroup's model has no LimitExceededException. */
function groupTags(tags: CreateThingGroupRequest['tags']): Map<string, string> {
  try {
    return tagsOf(tags);
  } catch (error) {
    throw invalidRequest((error as Error).message);
  }
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
function listThingGroups(request: Validated<ListThingGroupsRequest>, things: Things): ThingGroup[] {
  const { parentGroup, recursive = true } = request;
  if (parentGroup !== undefined) {
    things.thingGroup(parentGroup);
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

function thingToAdd({ thingName, thingArn }: AddThingToThingGroupRequest): string {
  return requireName('ThingName', nameIn('thing', thingName, thingArn));
}

function groupToAddTo({ thingGroupName, thingGroupArn }: AddThingToThingGroupRequest): string {
  return requireName('ThingGroupName', nameIn('thingGroup', thingGroupName, thingGroupArn));
}

function nameIn(what: string, name: string | undefined, arn: string | undefined): string {
  const found = name ?? arn?.slice(arn.lastIndexOf('/') + 1);
  if (found === undefined) {
    throw invalidRequest(`Give ${what}Name or ${what}Arn.`);
  }
  return found;
}
