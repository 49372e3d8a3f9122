import { createHash } from 'node:crypto';
import { isValidId } from '../lib/job-id';
import type { Claim } from './decision';
import type { JobFilter, Place, Properties } from './properties';

/** Where the function itself is: what is not said of a place. */
export interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** A physical id may have up to 1 KB. */
const LONGEST = 1000;

/**
 * The physical id of a resource says which jobs are its own. Another id is another resource to CloudFormation, which
 * then deletes the old one in clean-up; and what the rest of a stack holds on to can be read from its physical ids.
 *
 * A job's is its id; in another region or account, its ARN. They are part of the contract: a change of one deletes jobs.
 */
export function physicalId({ selection, place }: Properties, home: Home): string {
  if ('job' in selection) {
    const elsewhere = place.region !== undefined || place.assumeRole !== undefined;
    return elsewhere ? jobArn(selection.job, place, home) : selection.job;
  }
  const query = new URLSearchParams();
  if ('jobs' in selection) {
    query.set('jobIds', selection.jobs.join(','));
  } else {
    const { tags = {}, statuses, ...scalars } = selection.filter;
    const entries = Object.entries({ ...scalars, statuses: statuses?.join(',') });
    entries.forEach(([name, value]) => value !== undefined && query.set(name, value));
    Object.entries(tags).forEach(([key, value]) => query.set(`tag:${key}`, value));
  }
  query.sort();
  const whole = `${sweepsAt(place, home)}?${query.toString()}`;
  const hash = createHash('sha256').update(query.toString()).digest('hex');
  return whole.length <= LONGEST ? whole : `${sweepsAt(place, home)}?sha256=${hash}`;
}

/** The ARN of a job, wherever it is. */
export function jobArn(jobId: string, place: Place, home: Home): string {
  return `arn:${home.partition}:iot:${regionOf(place, home)}:${accountOf(place, home)}:job/${jobId}`;
}

/** What the resource with this physical id holds on to in a place; `unknown` where the id can't tell. */
export function claimOf(id: string, place: Place, home: Home): Claim | 'unknown' | undefined {
  const arn = jobArn('', place, home);
  if (isValidId(id)) {
    return arn === jobArn('', {}, home) ? { jobs: [id] } : undefined;
  }
  if (id.startsWith(arn)) {
    return { jobs: [id.slice(arn.length)] };
  }
  const prefix = `${sweepsAt(place, home)}?`;
  if (!id.startsWith(prefix)) {
    return undefined;
  }
  const query = new URLSearchParams(id.slice(prefix.length));
  if (query.has('sha256')) {
    return 'unknown';
  }
  const jobIds = query.get('jobIds');
  return jobIds === null ? { filter: filterOf(query) } : { jobs: jobIds.split(',') };
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

function regionOf(place: Place, home: Home): string {
  return place.region ?? home.region;
}

/** `arn:aws:iam::ACCOUNT:role/NAME` */
function accountOf({ assumeRole }: Place, home: Home): string {
  return assumeRole?.roleArn.split(':')[4] ?? home.account;
}
