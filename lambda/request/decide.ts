import type { StackResource } from '../aws/stacks';
import { isLasting, type Occasion } from '../deletion/deletion';
import type { Claim } from '../search/selection';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import { claimOfResource, isLive, TYPES_OF_DECLARED_JOBS } from './claims';
import type { Event } from './event';
import { isCreated, physicalId } from './identity';
import { parseProperties, type Properties } from './properties';
import { type StackInChain, type StackReader, statusesOf } from './stack-reader';
import { isRollingBack, isUpdating, phaseOf } from './statuses';
import { assertMayServe, placeIn, type Surroundings } from './surroundings';
import { undecided } from './undecided';

/**
 * An event that is so much older than the status of its stack was sent in an earlier operation, in milliseconds. A guess:
 * a stack's events and the signature of a response URL have the time of the same clock, to within that.
 */
const CLOCKS_DIFFER = 10_000;

/** What an event means. */
export type Decision =
  /**
   * There is nothing to delete. `kept` is said to the user: no job is kept in silence. `properties` are those of a
   * resource that stays.
   */
  | { readonly nothing: string; readonly kept?: string; readonly properties?: Properties }
  /** The resource gets these jobs: nothing is deleted, but everything that a deletion will need is tried. */
  | { readonly check: Properties }
  | DecisionToDelete;

/** These jobs are to be deleted, except what other resources of the stack hold on to. */
export interface DecisionToDelete {
  readonly delete: Properties;
  readonly occasion: Occasion;
  readonly claims: readonly Claim[];
}

/** What CloudFormation shows makes no sense yet: it must be read again. */
export class Unclear extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** What a decision is made with. */
export interface DecideOptions {
  readonly surroundings: Surroundings;
  readonly stacks: StackReader;
  /** When CloudFormation asked, in milliseconds. */
  readonly requestedAt: number;
}

/**
 * CloudFormation's order is the thing that nobody can read from the code. It creates and updates first. Only when all
 * of that has succeeded does it delete, in clean-up, what was replaced or removed; so another selection of jobs needs no
 * more than another physical id here, and Delete comes for the old one if and only if the update succeeds. When
 * something fails, it goes back: with an Update from new to old, and with Delete for what it had just created.
 *
 * @throws Failure for what can't be served, Unclear for what must be read again, OutOfTime where a service was silent
 */
export async function decide(event: Event, options: DecideOptions): Promise<Decision> {
  switch (event.RequestType) {
    case 'Create':
      return { check: served(event, options) };
    case 'Update':
      return decideUpdate(event, options);
    case 'Delete':
      return decideDelete(event, options);
  }
}

/** The properties of an event, with the place as it is meant. */
export function propertiesOf(
  { ResourceType, ResourceProperties }: Event,
  { surroundings }: Pick<DecideOptions, 'surroundings'>,
): Properties {
  const properties = parseProperties(ResourceType, ResourceProperties);
  return { ...properties, place: placeIn(properties, surroundings) };
}

/** The properties of a resource that is to have these jobs from now on. */
function served(event: Event, options: DecideOptions): Properties {
  const properties = propertiesOf(event, options);
  assertMayServe(event.StackId, properties, options.surroundings);
  return properties;
}

async function decideUpdate(
  event: Event & { readonly RequestType: 'Update' },
  options: DecideOptions,
): Promise<Decision> {
  const { surroundings, stacks } = options;
  const properties = propertiesOf(event, options);
  if (physicalId(properties, surroundings.home) !== event.PhysicalResourceId) {
    if (isRollingBack(statusesOf(await stacks.chain(event.StackId)))) {
      // A check that failed would leave the stack in UPDATE_ROLLBACK_FAILED, and what it had before was served before.
      return { nothing: 'the change of selection is being rolled back', properties };
    }
    // The old jobs are for the clean-up.
    return { check: served(event, options) };
  }
  const { revision } = properties;
  if (!revision || revision === event.OldResourceProperties.Revision) {
    return { nothing: 'settings changed', properties };
  }
  const chain = await stacks.chain(event.StackId);
  const statuses = statusesOf(chain);
  if (isRollingBack(statuses)) {
    return { nothing: 'the change of revision is being rolled back', properties };
  }
  const { home } = surroundings;
  if (!isUpdating(statuses)) {
    throw new Failure(messages.rolledBackMeanwhile(subjectOf(properties, home), told(statuses)));
  }
  // What the stack declares itself is not made anew by an order of ours.
  const resources = await stacks.resources(chain, { since: Infinity, isEnough: () => false });
  const claims = claimsOf(
    resources.filter((resource) => TYPES_OF_DECLARED_JOBS.has(resource.type) && isLive(resource)),
    properties,
    'revision',
    event.StackId,
    home,
  );
  return { delete: properties, occasion: 'revision', claims: claims.map(([claim]) => claim) };
}

async function decideDelete(
  event: Event & { readonly RequestType: 'Delete' },
  options: DecideOptions,
): Promise<Decision> {
  const { stacks, surroundings } = options;
  if (!isCreated(event.PhysicalResourceId, event)) {
    return { nothing: 'the resource was never created' };
  }
  const chain = await stacks.chainOnDelete(event.StackId);
  const statuses = statusesOf(chain);
  const phase = phaseOf(statuses);
  const unclear = (): Unclear =>
    new Unclear(new Failure(messages.unclear(undecided(event, surroundings.home), told(statuses))));
  if (phase === 'unclear') {
    throw unclear();
  }
  const isRolledBack = phase === 'rollback' || !(await wasDeployed(chain, stacks));
  if (isRolledBack && !mayDeleteOnRollback(event)) {
    const why = phase === 'rollback' ? `the stack is ${told(statuses).join(' in ')}` : 'the stack was never deployed';
    return { nothing: `kept: ${why}`, kept: messages.keptOnRollback(jobIdOf(event), why) };
  }
  const properties = propertiesOf(event, options);
  const occasion = isRolledBack ? 'rollback' : phase;
  const since = phase === 'rollback' ? undefined : await stacks.statusSince(chain[0]!);
  if (since === 'changed') {
    throw unclear();
  }
  if (since !== undefined && since > options.requestedAt + CLOCKS_DIFFER) {
    throw new Failure(messages.before({ ...subjectOf(properties, surroundings.home), occasion }, statuses[0]!));
  }
  if (statuses.every((status) => status === undefined || status.startsWith('DELETE_')) || isLasting(occasion)) {
    // While everything is deleted, nobody holds on to anything.
    return { delete: properties, occasion, claims: [] };
  }
  return decideRemoval(event, properties, occasion, chain, options);
}

/** The stack stays, or what it had before does: other resources of it may have the same jobs. */
async function decideRemoval(
  event: Event & { readonly RequestType: 'Delete' },
  properties: Properties,
  occasion: Occasion,
  chain: readonly StackInChain[],
  { requestedAt, stacks, surroundings }: DecideOptions,
): Promise<Decision> {
  const { home } = surroundings;
  const isOwn = ({ stackId, logicalId, physicalId: id }: StackResource): boolean =>
    stackId === event.StackId && logicalId === event.LogicalResourceId && id === event.PhysicalResourceId;
  const claimants = (resources: readonly StackResource[]): readonly (readonly [Claim, StackResource])[] =>
    claimsOf(
      resources.filter((resource) => !isOwn(resource) && isLive(resource)),
      properties,
      occasion,
      event.StackId,
      home,
    );
  const staleStatus = (resources: readonly StackResource[]): string | undefined =>
    resources.find((resource) => isOwn(resource) && resource.status !== 'DELETE_IN_PROGRESS')?.status;
  const resources = await stacks.resources(chain, {
    since: requestedAt,
    isEnough: (older) => claimants(older).length === 0 && staleStatus(older) === undefined,
  });
  const status = staleStatus(resources);
  if (status !== undefined) {
    // The list may lag, or the event is one of long ago.
    throw new Unclear(new Failure(messages.stale({ ...subjectOf(properties, home), occasion }, status)));
  }
  const claimed = claimants(resources);
  const same = claimed.find(([, { physicalId: id }]) => id === event.PhysicalResourceId);
  if (same) {
    const [, { logicalId }] = same;
    return {
      nothing: `kept: the stack still has it as ${logicalId}`,
      kept: messages.keptForOther(jobIdOf(event), logicalId),
    };
  }
  return { delete: properties, occasion, claims: claimed.map(([claim]) => claim) };
}

/** What resources of the stack hold on to. The job's own resource is no claim against its companion. */
function claimsOf(
  resources: readonly StackResource[],
  properties: Properties,
  occasion: Occasion,
  stackId: string,
  home: Surroundings['home'],
): readonly (readonly [Claim, StackResource])[] {
  const { declaredJob, place } = properties;
  return resources.flatMap((resource) => {
    const isDeclaredJob =
      TYPES_OF_DECLARED_JOBS.has(resource.type) &&
      resource.logicalId === declaredJob?.logicalId &&
      resource.stackId === stackId;
    const claim = isDeclaredJob ? undefined : claimOfResource(resource, place, home);
    if (claim === 'unreadable') {
      throw new Failure(messages.unreadableClaim({ ...subjectOf(properties, home), occasion }, resource.logicalId));
    }
    return claim ? [[claim, resource] as const] : [];
  });
}

/** A stack that was never completed owns no jobs; neither does one in a stack that was not. */
async function wasDeployed(chain: readonly StackInChain[], stacks: StackReader): Promise<boolean> {
  for (const { stackId, state } of chain) {
    if (state?.status === 'DELETE_IN_PROGRESS' && !(await stacks.wasDeployed(stackId))) {
      return false;
    }
  }
  return true;
}

/** A library upgrade that is rolled back meets older code, which may not know the format: then the jobs are kept. */
function mayDeleteOnRollback({ ResourceType, ResourceProperties }: Event): boolean {
  try {
    return parseProperties(ResourceType, ResourceProperties).deleteOnRollback;
  } catch {
    return false;
  }
}

function subjectOf(
  { selection, place, force, namespaceId }: Properties,
  home: Surroundings['home'],
): {
  readonly jobId?: string;
  readonly place: Properties['place'];
  readonly home: Surroundings['home'];
  readonly force: boolean;
  readonly namespaceId?: string;
} {
  return { jobId: 'job' in selection ? selection.job : undefined, place, home, force, namespaceId };
}

function jobIdOf({ ResourceProperties: { JobId } }: Event): string | undefined {
  return typeof JobId === 'string' ? JobId : undefined;
}

function told(statuses: readonly (string | undefined)[]): readonly string[] {
  return statuses.map((status) => status ?? 'unknown');
}
