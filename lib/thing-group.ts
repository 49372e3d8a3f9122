import { Fn, Token } from 'aws-cdk-lib';
import type { aws_iot as iot } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { printed } from './prop-types';

/** The name of a thing group, and where the group is. */
export interface ThingGroup {
  readonly name: string;
  readonly region?: string;
  readonly account?: string;
  /** The group, if it is a construct, and so may have to wait for its jobs. */
  readonly construct?: Construct;
}

/**
 * Reads a reference to a thing group. Unless the name is literal it comes from the ARN: sources disagree on what `Ref`
 * of a thing group returns.
 *
 * @param where the method that was given it
 * @throws if it is not a reference to a thing group, or if its name is empty: such a filter must never fall away
 */
export function readThingGroup(where: string, group: iot.IThingGroupRef): ThingGroup {
  const { thingGroupName, thingGroupArn } = reference(group);
  if (!Token.isUnresolved(thingGroupName) && isFilled(thingGroupName)) {
    return { name: thingGroupName, ...placeOf(group) };
  }
  if (!isFilled(thingGroupArn)) {
    throw new Error(
      `${where}: the thing group must be a CfnThingGroup or another IThingGroupRef with a name, but is ` +
        `${printed(group)}. To select by name, use JobSelection.matching({ thingGroupName }).`,
    );
  }
  // A thing group's name may have colons, but no slash.
  const name = Token.isUnresolved(thingGroupArn)
    ? Fn.select(1, Fn.split('/', thingGroupArn))
    : /^arn:[^:]+:iot:[^:]*:[^:]*:thinggroup\/(.+)$/.exec(thingGroupArn)?.[1];
  if (name === undefined) {
    throw new Error(
      `${where}: ${printed(thingGroupArn)} is not the ARN of a thing group such as ` +
        'arn:aws:iot:eu-west-1:111111111111:thinggroup/sensors.',
    );
  }
  return { name, ...placeOf(group) };
}

function reference(group: unknown): { readonly thingGroupName?: unknown; readonly thingGroupArn?: unknown } {
  const { thingGroupRef } = (group ?? {}) as Partial<iot.IThingGroupRef>;
  return thingGroupRef ?? {};
}

function placeOf(group: iot.IThingGroupRef): Omit<ThingGroup, 'name'> {
  const { region, account } = group.env ?? {};
  return { region, account, construct: Construct.isConstruct(group) ? group : undefined };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
