import type { CloudFormationCustomResourceDeleteEvent } from 'aws-lambda';
import { filterQuery, LONGEST_PHYSICAL_ID } from '../../lib/filter-query';
import { isValidId } from '../../lib/job-id';
import { accountOf, type Home, homeOf, jobArn, type Place, regionOf } from '../aws/place';
import { HASH_LENGTH, hashesIn, jobHash } from '../search/job-hash';
import type { Claim, JobFilter } from '../search/selection';
import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import type { Properties } from './properties';

/** The filters that a physical id can name, besides tags. */
const FILTERS: ReadonlySet<string> = new Set<keyof JobFilter>([
  'jobIdPrefix',
  'namespaceId',
  'statuses',
  'targetSelection',
  'thingGroupName',
]);

/** What a Create that failed answers with: CloudFormation later deletes the resource by this id. It claims nothing. */
const NOT_CREATED = 'not-created:';

/** The physical id of a resource whose Create failed. */
export function notCreatedId(requestId: string): string {
  return `${NOT_CREATED}${requestId}`;
}

/**
 * The physical id of a resource says which jobs are its own. Another id is another resource to CloudFormation, which
 * then deletes the old one in clean-up; and what the rest of a stack holds on to can be read from its physical ids.
 *
 * A job's is its id; in another region or account, its ARN. A list's has a hash of each job id, because 100 ids would not
 * fit. They are part of the contract: a change of one deletes jobs.
 *
 * @throws Failure where it would be too long for CloudFormation
 */
export function physicalId({ selection, place }: Pick<Properties, 'selection' | 'place'>, home: Home): string {
  if ('job' in selection) {
    const arn = jobArn(selection.job, place, home);
    return arn === jobArn(selection.job, {}, home) ? selection.job : arn;
  }
  const query =
    'jobs' in selection
      ? new URLSearchParams({ jobs: selection.jobs.map(jobHash).sort().join('') })
      : filterQuery(selection.filter);
  query.sort();
  const id = `${sweepsAt(place, home)}?${query.toString()}`;
  if (id.length > LONGEST_PHYSICAL_ID) {
    throw new Failure(messages.selectionTooLong(id.length, LONGEST_PHYSICAL_ID));
  }
  return id;
}

/** A name may be cut to that, where CloudFormation invents an id of it. A guess. */
const SHORTEST_CUT = 20;

/**
 * Whether Create has answered, so that the properties are to be taken seriously. CloudFormation invents an id for a Create
 * that it did not wait for: of the stack's name, the logical id and something random.
 *
 * The id may be that of other properties: of a resource that `continue-update-rollback` has skipped.
 */
export function isCreated(
  id: string,
  {
    ResourceProperties: { JobId },
    LogicalResourceId,
  }: Pick<CloudFormationCustomResourceDeleteEvent, 'ResourceProperties' | 'LogicalResourceId'>,
): boolean {
  if (id === JobId || id.startsWith('arn:') || id.startsWith('jobs:')) {
    return true;
  }
  const [, logicalId = ''] = /-([^-]+)-[^-]+$/.exec(id) ?? [];
  const isInvented =
    logicalId === LogicalResourceId || (logicalId.length >= SHORTEST_CUT && LogicalResourceId.startsWith(logicalId));
  return isValidId(id) && !isInvented;
}

/** In which region and account the jobs of the resource with this physical id are. */
export function homeOfJobs(id: string, home: Home): Home {
  const [, region, account] = /^jobs:([^:]+):(\d{12})\?/.exec(id) ?? [];
  return region && account ? { ...home, region, account } : (homeOf(id) ?? home);
}

/**
 * What the resource with this physical id, one of ours, holds on to in a place; nothing where it has none there.
 *
 * @returns `unreadable` where a newer release may have made it: then nobody here knows what is held on to
 */
export function claimOf(id: string, place: Place, home: Home): Claim | 'unreadable' | undefined {
  const arn = jobArn('', place, home);
  if (isValidId(id)) {
    return arn === jobArn('', {}, home) ? { job: id } : undefined;
  }
  if (id.startsWith(arn)) {
    return { job: id.slice(arn.length) };
  }
  const [, where, text = ''] = /^(jobs:[^:?]+:\d{12})\?(.*)$/.exec(id) ?? [];
  if (where === undefined) {
    // Without a colon CloudFormation has invented it, for a Create that it did not wait for.
    return id.includes(':') && !id.startsWith('arn:') && !id.startsWith(NOT_CREATED) ? 'unreadable' : undefined;
  }
  return where === sweepsAt(place, home) ? claimIn(new URLSearchParams(text)) : undefined;
}

function claimIn(query: URLSearchParams): Claim | 'unreadable' {
  const names = [...query.keys()];
  const hashes = query.get('jobs');
  if (hashes !== null) {
    const isList = names.length === 1 && hashes !== '' && hashes.length % HASH_LENGTH === 0;
    return isList ? { hashes: hashesIn(hashes) } : 'unreadable';
  }
  const isFilter = names.length > 0 && names.every((name) => FILTERS.has(name) || name.startsWith('tag:'));
  return isFilter ? { filter: filterOf(query) } : 'unreadable';
}

function filterOf(query: URLSearchParams): JobFilter {
  const tags = [...query].filter(([name]) => name.startsWith('tag:'));
  return {
    jobIdPrefix: query.get('jobIdPrefix') ?? undefined,
    thingGroupName: query.get('thingGroupName') ?? undefined,
    targetSelection: query.get('targetSelection') ?? undefined,
    statuses: query.get('statuses')?.split(','),
    namespaceId: query.get('namespaceId') ?? undefined,
    tags:
      tags.length > 0 ? Object.fromEntries(tags.map(([name, value]) => [name.slice('tag:'.length), value])) : undefined,
  };
}

/** No job id has a colon, so no job's physical id begins like this. */
function sweepsAt(place: Place, home: Home): string {
  return `jobs:${regionOf(place, home)}:${accountOf(place, home)}`;
}
