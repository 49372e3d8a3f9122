import type { CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceEvent } from 'aws-lambda';
import { isCovered, isPrefixCovered } from '../lib/job-id';
import { Calls, type Services } from './calls';
import type { Claim, Decision, Deletion, Occasion, Order, Target } from './decision';
import { claimOf, type Home, physicalId } from './identity';
import { JobFinder } from './job-finder';
import type { Job } from './jobs';
import { messages } from './messages';
import { parseProperties, type Place, type Properties } from './properties';
import { isRollingBack, isUpdating } from './stacks';
import { UserError } from './user-error';

/** Where the function is, and what the provider may use and touch. */
export interface Surroundings {
  readonly home: Home;
  readonly patterns: readonly string[];
  readonly regions: readonly string[];
  readonly assumableRoles: readonly string[];
}

/** What an event means: the resource's physical id, and whether jobs are to be deleted. */
interface Answer {
  readonly physicalId: string;
  readonly decision: Decision;
  /** The jobs that are to be deleted, as they were just seen. */
  readonly seen?: readonly Job[];
}

/** Jobs to be deleted as they are now, when the decision is made. */
interface Found {
  readonly target: Target;
  readonly seen: readonly Job[];
  readonly alreadyGone: number;
}

/**
 * CloudFormation's order is the thing that nobody can read from the code. It creates and updates first. Only when all
 * of that has succeeded does it delete, in clean-up, what was replaced or removed; so another selection of jobs needs no
 * more than another physical id here, and Delete comes for the old one if and only if the update succeeds. When
 * something fails, it goes back: with an Update from new to old, and with Delete for what it had just created.
 */
export async function decide(
  event: CloudFormationCustomResourceEvent,
  services: Services,
  surroundings: Surroundings,
  giveUpAt: number,
): Promise<Answer> {
  const { home } = surroundings;
  const parsed = (): Properties => parseProperties(event.ResourceType, event.ResourceProperties);
  switch (event.RequestType) {
    case 'Create': {
      const properties = allowed(parsed(), surroundings);
      return { physicalId: physicalId(properties, home), decision: { nothing: 'created' } };
    }

    case 'Update': {
      const properties = parsed();
      const id = physicalId(properties, home);
      if (id !== event.PhysicalResourceId) {
        allowed(properties, surroundings);
        return { physicalId: id, decision: { nothing: 'other jobs from now on; the old ones are for the clean-up' } };
      }
      const { revision } = properties;
      if (!revision || revision === event.OldResourceProperties.Revision) {
        return { physicalId: id, decision: { nothing: 'settings changed' } };
      }
      const order = orderFor(properties);
      const statuses = await statusesNow({ ...order, force: undefined, namespaceId: undefined });
      if (isRollingBack(statuses)) {
        return { physicalId: id, decision: { nothing: 'the change of revision is being rolled back' } };
      }
      if (!isUpdating(statuses)) {
        throw new UserError(messages.rolledBackMeanwhile(order, statuses));
      }
      return { physicalId: id, ...(await deletionOf(properties, 'revision', [])) };
    }

    case 'Delete': {
      const id = event.PhysicalResourceId;
      if (!isOfThisHandler(event)) {
        // CloudFormation invents an id for a Create that it did not wait for.
        return { physicalId: id, decision: { nothing: 'the resource was never created' } };
      }
      const properties = parsed();
      const order: Order = { ...orderFor(properties), occasion: 'undecided' };
      const stacks = services.stacks();
      const statuses = await callsFor(order).read('cloudformation:DescribeStacks', () =>
        stacks.statusesOnDelete(event.StackId),
      );
      if (isRollingBack(statuses) && !properties.deleteOnRollback) {
        return { physicalId: id, decision: { nothing: `kept, because the stack is ${statuses.join(' in ')}` } };
      }
      // While the stack itself is deleted, nobody in it holds on to anything.
      const claimed = statuses[0] === 'DELETE_IN_PROGRESS' ? [] : await claims(id, properties.place, order);
      if (typeof claimed === 'string') {
        return { physicalId: id, decision: { nothing: claimed } };
      }
      const occasion = statuses.some((status) => status.includes('CLEANUP')) ? 'clean-up' : 'stack deletion';
      return { physicalId: id, ...(await deletionOf(properties, occasion, claimed)) };
    }
  }

  function callsFor(order: Order): Calls {
    return new Calls(services, order, giveUpAt);
  }

  function orderFor({ selection, place, force, namespaceId }: Properties): Order {
    return {
      jobId: 'job' in selection ? selection.job : undefined,
      stackId: event.StackId,
      place,
      force,
      namespaceId,
    };
  }

  function statusesNow(order: Order): Promise<readonly string[]> {
    const stacks = services.stacks();
    return callsFor(order).read('cloudformation:DescribeStacks', () => stacks.statuses(event.StackId));
  }

  /**
   * What the rest of the stack holds on to, or why that is all. A construct that was renamed or moved is a new resource
   * with the same jobs: its predecessor goes in clean-up, and must leave them alone (aws-cdk #21036).
   */
  async function claims(id: string, place: Place, order: Order): Promise<readonly Claim[] | string> {
    const stacks = services.stacks();
    const live = await callsFor(order).read('cloudformation:ListStackResources', () =>
      stacks.liveResources(event.StackId),
    );
    const others = live.filter((one) => one.logicalId !== event.LogicalResourceId || one.physicalId !== id);
    const same = others.find((one) => one.physicalId === id);
    if (same) {
      return `kept, because the stack still has it as ${same.logicalId}`;
    }
    const claimed = others.map((one) => claimOf(one.physicalId, place, home));
    return claimed.includes('unknown')
      ? 'kept, because the stack has another list of jobs, too long to compare'
      : claimed.filter((claim) => typeof claim === 'object');
  }

  async function deletionOf(
    properties: Properties,
    occasion: Occasion,
    claimed: readonly Claim[],
  ): Promise<Omit<Answer, 'physicalId'>> {
    const { place, force, namespaceId, cancelFirst, timeoutSeconds, maxJobs } = properties;
    const order: Order = { ...orderFor(properties), occasion };
    const finder = new JobFinder(services.jobsAt(place), callsFor(order), surroundings.patterns);
    const { target, seen, alreadyGone } = await find(finder, properties, claimed);
    const found = seen.length;
    if (found === 0 && 'job' in target) {
      const nothing = 'AWS IoT does not know the job, or it is kept for another resource of the stack';
      return { decision: { nothing } };
    }
    const toDelete = seen.filter(({ status }) => status !== 'DELETION_IN_PROGRESS').length;
    if (toDelete > maxJobs) {
      throw new UserError(messages.tooMany(order, toDelete, maxJobs));
    }
    const deletion: Deletion = {
      target,
      place,
      force,
      namespaceId,
      cancelFirst,
      timeoutSeconds,
      occasion,
      stackId: event.StackId,
      logicalId: event.LogicalResourceId,
      startedAt: services.clock.now(),
      found,
      alreadyGone,
      claimed,
    };
    return { decision: { deletion }, seen };
  }
}

/** Looks at the jobs once: what is there now is what is to be deleted, where the jobs are named. */
async function find(finder: JobFinder, { selection }: Properties, claimed: readonly Claim[]): Promise<Found> {
  if ('filter' in selection) {
    const jobs = await finder.find(selection, claimed);
    return { target: selection, seen: jobs, alreadyGone: 0 };
  }
  const named = 'job' in selection ? [await finder.describe(selection.job)] : await finder.named(selection.jobs);
  const own: Job[] = [];
  for (const job of named) {
    if (job && !(await finder.isClaimed(job, claimed))) {
      own.push(job);
    }
  }
  if ('job' in selection) {
    return { target: { job: selection.job, createdAt: own[0]?.createdAt ?? 0 }, seen: own, alreadyGone: 0 };
  }
  return {
    target: { jobs: Object.fromEntries(own.map(({ jobId, createdAt }) => [jobId, createdAt])) },
    seen: own,
    alreadyGone: selection.jobs.length - named.length,
  };
}

/** Whether the physical id is one that Create has answered with, so that the properties are to be taken seriously. */
function isOfThisHandler({
  PhysicalResourceId: id,
  ResourceProperties,
}: CloudFormationCustomResourceDeleteEvent): boolean {
  return id === ResourceProperties.JobId || id.startsWith('arn:') || id.startsWith('jobs:');
}

/** IAM would refuse it anyway, but only when jobs are to be deleted: too late to learn of it. */
function allowed(properties: Properties, { patterns, regions, assumableRoles }: Surroundings): Properties {
  const { selection, place } = properties;
  const ids = 'job' in selection ? [selection.job] : 'jobs' in selection ? selection.jobs : [];
  const outside = ids.find((jobId) => !isCovered(jobId, patterns));
  if (outside !== undefined) {
    throw new UserError(messages.outsidePatterns(outside, patterns));
  }
  if ('filter' in selection && selection.filter.jobIdPrefix !== undefined) {
    const { jobIdPrefix } = selection.filter;
    if (!isPrefixCovered(jobIdPrefix, patterns)) {
      throw new UserError(messages.outsidePatterns(`${jobIdPrefix}*`, patterns));
    }
  }
  if (place.region !== undefined && !regions.includes(place.region)) {
    throw new UserError(messages.outsidePlaces('Region', place.region, regions));
  }
  const { roleArn } = place.assumeRole ?? {};
  if (roleArn !== undefined && !assumableRoles.includes(roleArn)) {
    throw new UserError(messages.outsidePlaces('Role', roleArn, assumableRoles));
  }
  return properties;
}
