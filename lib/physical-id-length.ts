import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { filterQuery, LONGEST_PHYSICAL_ID } from './filter-query';
import { isLiteral } from './literal';
import type { Given } from './resolved-values';

/** The shortest name of a region: a stack whose region is not known yet is in one that is no shorter. */
const SHORTEST_REGION = 'us-east-1';

/**
 * The handler writes a filter into the physical id of its resource. One that does not fit would only fail a deployment.
 */
export function tooLongForPhysicalId(scope: Construct, selection: Given, region: string | undefined): string[] {
  const stack = Stack.of(scope);
  const { JobIds, JobIdPrefix, ThingGroupName, TargetSelection, Statuses, NamespaceId, Tags } = stack.resolve(
    selection,
  ) as Given;
  if (JobIds !== undefined) {
    return [];
  }
  // What is not known at synth counts for nothing.
  const known = (value: unknown): string => (typeof value === 'string' && isLiteral(value) ? value : '');
  const ifGiven = (value: unknown): string | undefined => (value === undefined ? undefined : known(value));
  const query = filterQuery({
    jobIdPrefix: ifGiven(JobIdPrefix),
    thingGroupName: ifGiven(ThingGroupName),
    targetSelection: ifGiven(TargetSelection),
    namespaceId: ifGiven(NamespaceId),
    statuses: Statuses === undefined ? undefined : [Statuses].flat().map(known),
    tags: Object.fromEntries(Object.entries(Tags ?? {}).map(([key, value]) => [key, known(value)])),
  });
  const where = [region, stack.region].find((each) => each !== undefined && isLiteral(each)) ?? SHORTEST_REGION;
  const { length } = `jobs:${where}:111111111111?${query.toString()}`;
  return length > LONGEST_PHYSICAL_ID
    ? [
        `the selection has ${length} characters as a physical id, and CloudFormation allows ${LONGEST_PHYSICAL_ID}: select by fewer or ` +
          'shorter tags.',
      ]
    : [];
}
