import type { Stubs } from './stubs';

/**
 * What the account around a person's own app has, and the app does not.
 *
 * With it, whatever can't run here is stubbed, and what only the account knows is a hole. Without it, both are refused.
 */
export interface Surroundings {
  readonly stubs: Stubs;
  /** Makes a role that may do everything, in whichever account it is, unless there is one of that ARN. */
  makeRole(arn: string): void;
  /** Whether there is a function of this ARN. */
  hasFunction(arn: string): boolean;
  /** The function of this package's own provider, which stands in for another app's. */
  standInProvider(): Promise<string>;
}

/**
 * The custom resources of this library: theirs are the functions that run. The whole name counts, because whoever makes
 * jobs by a custom resource may well call it `Custom::IoTJob`.
 */
export function isOurs(type: string): boolean {
  return type === 'Custom::IoTJobDeletion' || type === 'Custom::IoTJobSweep';
}

/** Whether a type is that of a custom resource, whoever's. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Whether a resource that can't be made fails its stack, as at AWS: one that is about jobs. */
export function isAboutJobs(type: string): boolean {
  return isOurs(type) || type.startsWith('AWS::IoT::');
}
