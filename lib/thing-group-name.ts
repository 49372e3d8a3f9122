/**
 * AWS IoT's rule for the name of a thing group.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThingGroup.html
 */
export const THING_GROUP_RULE = '1 to 128 characters of a-z, A-Z, 0-9, ":", "_" and "-"';

/** Whether AWS IoT accepts this as the name of a thing group. */
export function isValidThingGroup(name: string): boolean {
  return /^[a-zA-Z0-9:_-]{1,128}$/.test(name);
}
