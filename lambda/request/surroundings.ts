import { isCovered, isPrefixCovered } from '../../lib/job-id';
import type { Home, Place } from '../aws/place';
import { namesIn } from '../search/selection';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import type { Properties } from './properties';

/** Where the function is, and what the provider may use and touch. */
export interface Surroundings {
  readonly home: Home;
  readonly patterns: readonly string[];
  readonly regions: readonly string[];
  readonly assumableRoles: readonly string[];
}

/**
 * The place without what is the function's own anyway: a region that is, and nothing else.
 *
 * @throws Failure unless the provider may use the region and the role. It is asked of every event and every step, because
 * no policy of ours binds what is done as a role of another account.
 */
export function placeIn({ place }: Properties, { home, regions, assumableRoles }: Surroundings): Place {
  const { assumeRole } = place;
  const region = place.region === home.region ? undefined : place.region;
  if (region !== undefined && !regions.includes(region)) {
    throw new Failure(messages.outsidePlaces('Region', region, regions));
  }
  if (assumeRole && !assumableRoles.includes(assumeRole.roleArn)) {
    throw new Failure(messages.outsidePlaces('Role', assumeRole.roleArn, assumableRoles));
  }
  return { region, assumeRole };
}

/**
 * Fails unless the provider's patterns cover what is selected, and the stack is where the provider is. IAM would refuse
 * it anyway, but only when jobs are to be deleted: too late to learn of it.
 */
export function assertMayServe(stackId: string, { selection }: Properties, { home, patterns }: Surroundings): void {
  const [, partition, , region, account] = stackId.split(':');
  if (partition !== home.partition || region !== home.region || account !== home.account) {
    throw new Failure(messages.foreignStack(stackId, home.region, home.account));
  }
  const outside = namesIn(selection)?.find((jobId) => !isCovered(jobId, patterns));
  if (outside !== undefined) {
    throw new Failure(messages.outsidePatterns(outside, patterns));
  }
  const prefix = 'filter' in selection ? selection.filter.jobIdPrefix : undefined;
  if (prefix !== undefined && !isPrefixCovered(prefix, patterns)) {
    throw new Failure(messages.outsidePatterns(`${prefix}*`, patterns));
  }
}
