import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { isLiteral } from './literal';
import type { Given } from './resolved-values';

/** A physical id may have so many characters. */
const LONGEST = 1024;

/** The shortest name of a region: a stack whose region is not known yet is in one that is no shorter. */
const SHORTEST_REGION = 'us-east-1';

/**
 * The handler writes a filter into the physical id of its resource. One that does not fit would only fail a deployment.
 * What is not known at synth counts for nothing.
 */
export function tooLongForPhysicalId(scope: Construct, selection: Given, region: string | undefined): string[] {
  const stack = Stack.of(scope);
  const { JobIds, JobIdPrefix, ThingGroupName, TargetSelection, Statuses, NamespaceId, Tags } = stack.resolve(
    selection,
  ) as Given;
  if (JobIds !== undefined) {
    return [];
  }
  const query = new URLSearchParams();
  const add = (name: string, value: unknown): void => {
    if (value !== undefined) {
      query.set(name, typeof value === 'string' && isLiteral(value) ? value : '');
    }
  };
  add('jobIdPrefix', JobIdPrefix);
  add('thingGroupName', ThingGroupName);
  add('targetSelection', TargetSelection);
  add('namespaceId', NamespaceId);
  add('statuses', Array.isArray(Statuses) ? Statuses.join(',') : Statuses);
  Object.entries(Tags ?? {}).forEach(([key, value]) => add(`tag:${key}`, value));
  const where = [region, stack.region].find((each) => each !== undefined && isLiteral(each)) ?? SHORTEST_REGION;
  const { length } = `jobs:${where}:111111111111?${query.toString()}`;
  return length > LONGEST
    ? [
        `the selection has ${length} characters as a physical id, and CloudFormation allows ${LONGEST}: select by fewer or ` +
          'shorter tags.',
      ]
    : [];
}
