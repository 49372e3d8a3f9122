import type { Clock } from '../../clock';
import type { ResourceType } from '../resource-type';
import { inventName, optionalText } from '../resource-type';
import { type JobTypeOptions, type JobService, jobType, otaUpdateType } from './iot-job';

/** What is needed of the registry of the embedded AWS IoT. */
export interface ThingRegistry {
  createThing(thingName: string): { readonly thingArn: string; readonly thingId: string };
  thing(thingName: string): unknown;
  deleteThing(thingName: string): void;
  createThingGroup(thingGroupName: string): { readonly thingGroupArn: string; readonly thingGroupId: string };
  thingGroup(thingGroupName: string): unknown;
  deleteThingGroup(thingGroupName: string): void;
}

/** The resource types of AWS IoT. The creation of things and groups, unlike the API's, minds a name that is taken. */
export function iotResourceTypes(
  registry: ThingRegistry & JobService,
  clock: Clock,
  declaredJobs?: JobTypeOptions,
): Readonly<Record<string, ResourceType>> {
  return {
    'AWS::IoT::Job': jobType(registry, clock, declaredJobs),
    'AWS::IoT::OTAUpdate': otaUpdateType(registry, clock, declaredJobs),
    'AWS::IoT::Thing': registered('AWS::IoT::Thing', 'ThingName', {
      exists: (name) => registry.thing(name) !== undefined,
      create: (name) => {
        const { thingArn, thingId } = registry.createThing(name);
        return { Arn: thingArn, Id: thingId };
      },
      delete: (name) => registry.deleteThing(name),
    }),
    'AWS::IoT::ThingGroup': registered('AWS::IoT::ThingGroup', 'ThingGroupName', {
      exists: (name) => registry.thingGroup(name) !== undefined,
      create: (name) => {
        const { thingGroupArn, thingGroupId } = registry.createThingGroup(name);
        return { Arn: thingGroupArn, Id: thingGroupId };
      },
      delete: (name) => registry.deleteThingGroup(name),
    }),
  };
}

interface Registration {
  exists(name: string): boolean;
  create(name: string): Readonly<Record<string, string>>;
  delete(name: string): void;
}

function registered(type: string, nameProperty: string, registration: Registration): ResourceType {
  return {
    requiresReplacement: [nameProperty, 'ParentGroupName'],
    // An async function, so that what the registry throws is a rejection.
    async create(context) {
      const name = optionalText(context.properties, nameProperty) ?? inventName(context, 128);
      if (registration.exists(name)) {
        throw new Error(`Resource of type '${type}' with identifier '${name}' already exists.`);
      }
      return Promise.resolve({ physicalId: name, attributes: registration.create(name) });
    },
    update: ({ physicalId, attributes }) => Promise.resolve({ physicalId, attributes }),
    async delete(context) {
      registration.delete(context.physicalId);
      return Promise.resolve();
    },
  };
}
