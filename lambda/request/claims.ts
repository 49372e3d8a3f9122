import type { Home, Place } from '../aws/place';
import type { StackResource } from '../aws/stacks';
import type { Claim } from '../search/selection';
import { claimOf } from './identity';

const OURS: ReadonlySet<string> = new Set(['Custom::IoTJobDeletion', 'Custom::IoTJobSweep']);
const DECLARED_JOB = 'AWS::IoT::Job';
const OTA_UPDATE = 'AWS::IoT::OTAUpdate';

/** Whether a resource of this type is one of ours, which deletes jobs. */
export function isDeletion(resourceType: string | undefined): boolean {
  return OURS.has(resourceType ?? '');
}

/** The types of resources that have jobs. */
export const TYPES_WITH_JOBS: ReadonlySet<string> = new Set([...OURS, DECLARED_JOB, OTA_UPDATE]);

/** The type of a resource that is a stack: its physical id is that stack's. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** The type of declared jobs, and of what makes them. */
export const TYPES_OF_DECLARED_JOBS: ReadonlySet<string> = new Set([DECLARED_JOB, OTA_UPDATE]);

/** Whether the resource is there to stay: neither on its way out, nor gone. */
export function isLive({ status }: Pick<StackResource, 'status'>): boolean {
  return !status.startsWith('DELETE_');
}

/**
 * What a resource of the stack holds on to in a place. A construct that was renamed or moved is a new resource with the
 * same jobs: its predecessor goes in clean-up, and must leave them alone (aws-cdk #21036).
 *
 * A guess: that the physical id of an AWS::IoT::Job is the job's id or its ARN, and that of an OTA update the update's.
 */
export function claimOfResource(
  { type, physicalId }: Pick<StackResource, 'type' | 'physicalId'>,
  place: Place,
  home: Home,
): Claim | 'unreadable' | undefined {
  if (isDeletion(type)) {
    return claimOf(physicalId, place, home);
  }
  const id = physicalId.slice(physicalId.lastIndexOf('/') + 1);
  switch (type) {
    case DECLARED_JOB:
      return claimOf(id, place, home);
    case OTA_UPDATE:
      return claimOf(`AFR_OTA-${id}`, place, home);
    default:
      return undefined;
  }
}
