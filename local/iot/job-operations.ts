import type { JobExecutionStatus, JobStatus, TargetSelection } from '@aws-sdk/client-iot';
import type { Clock } from '../clock';
import { invalidRequest } from './errors';
import { requireValid, type Input } from './input';
import type { JobState } from './job';
import type { Jobs } from './jobs';
import type { Operations } from './routes';
import { settingsOf } from './settings';
import type { Things } from './things';
import { wireExecutionSummary, wireJob, wireJobSummary } from './wire';

const minutes = 60_000;
/** Jobs of AWS's own services, such as Greengrass's `aws-gg-deployment`. */
const reservedNamespace = /^aws-/;
const jobStatuses: readonly JobStatus[] = ['IN_PROGRESS', 'CANCELED', 'COMPLETED', 'DELETION_IN_PROGRESS', 'SCHEDULED'];
const executionStatuses: readonly JobExecutionStatus[] = [
  'QUEUED',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'REJECTED',
  'REMOVED',
  'CANCELED',
];

/** The operations on jobs, as the service model has them. */
export function jobOperations(jobs: Jobs, things: Things, clock: Clock): Operations {
  const theJob = (input: Input): string[] => [jobs.jobArn(input.label('jobId'))];
  return {
    CreateJob: {
      route: 'PUT /jobs/{jobId}',
      resources: (input) => [...theJob(input), ...input.texts('targets')],
      act: (input) => acknowledge(createJob(input, jobs, clock)),
    },
    DescribeJob: {
      route: 'GET /jobs/{jobId}',
      resources: theJob,
      act: (input) => {
        input.queryBoolean('beforeSubstitution');
        const job = jobs.get(input.label('jobId'));
        return { documentSource: job.documentSource, job: wireJob(job) };
      },
    },
    ListJobs: {
      route: 'GET /jobs',
      resources: () => ['*'],
      act: (input) => {
        const status = choice(input, 'status', jobStatuses);
        const targetSelection = choice(input, 'targetSelection', ['CONTINUOUS', 'SNAPSHOT']);
        const namespaceId = input.query('namespaceId');
        const group = filterGroup(input, things);
        // AWS's documentation leaves open whether a thing group's list has its SCHEDULED jobs; here it has not, whatever
        // the status that is asked for: who can live with that can live with either.
        const wanted = jobs
          .list()
          .filter((job) => passes(status, job.status) && passes(targetSelection, job.targetSelection))
          .filter((job) => passes(namespaceId, job.namespaceId))
          .filter((job) => group === undefined || job.targets.includes(group.thingGroupArn))
          .filter((job) => group === undefined || job.status !== 'SCHEDULED');
        const { items, nextToken } = input.page(wanted, ({ sequence }) => String(sequence).padStart(12, '0'));
        return { jobs: items.map((job) => wireJobSummary(job, targetGroupId(job, things))), nextToken };
      },
    },
    ListJobExecutionsForJob: {
      route: 'GET /jobs/{jobId}/things',
      resources: theJob,
      act: (input) => {
        const { executions } = jobs.get(input.label('jobId'));
        const wantedStatus = choice(input, 'status', executionStatuses);
        const wanted = executions.filter(({ status }) => passes(wantedStatus, status));
        const { items, nextToken } = input.page(wanted, ({ thingArn }) => thingArn);
        return { executionSummaries: items.map(wireExecutionSummary), nextToken };
      },
    },
    CancelJob: {
      route: 'PUT /jobs/{jobId}/cancel',
      resources: theJob,
      act: (input) =>
        acknowledge(
          jobs.cancel(customerJobId(input, jobs), {
            force: input.queryBoolean('force'),
            reasonCode: input.validText('reasonCode'),
            comment: input.validText('comment'),
          }),
        ),
    },
    DeleteJob: {
      route: 'DELETE /jobs/{jobId}',
      resources: theJob,
      act: (input) => {
        const namespaceId = input.query('namespaceId');
        jobs.delete(customerJobId(input, jobs), {
          force: input.queryBoolean('force'),
          namespaceId: namespaceId === undefined ? undefined : requireValid('namespaceId', namespaceId),
        });
        return undefined;
      },
    },
  };
}

/** The job that the request is on, unless it is one that only AWS's own service may cancel and delete. */
function customerJobId(input: Input, jobs: Jobs): string {
  const { jobId, namespaceId } = jobs.get(input.label('jobId'));
  requireCustomerNamespace(namespaceId);
  return jobId;
}

/** The error's code is a guess: AWS documents none. */
function requireCustomerNamespace(namespaceId: string | undefined): void {
  if (namespaceId !== undefined && reservedNamespace.test(namespaceId)) {
    throw invalidRequest(
      `Jobs in namespace ${namespaceId} are managed by an AWS service, which alone may change them.`,
    );
  }
}

function createJob(input: Input, jobs: Jobs, clock: Clock): JobState {
  const documentSource = input.text('documentSource');
  if (input.text('jobTemplateArn') !== undefined) {
    throw invalidRequest('The embedded AWS IoT has no job templates: give the document.');
  }
  if (input.validText('document') === undefined && documentSource === undefined) {
    throw invalidRequest('A job needs a document or a documentSource.');
  }
  const targets = input.texts('targets');
  if (targets.length === 0) {
    throw invalidRequest('A job needs at least one target.');
  }
  const namespaceId = input.validText('namespaceId');
  requireCustomerNamespace(namespaceId);
  return jobs.create({
    jobId: input.label('jobId'),
    targets,
    targetSelection: (input.validText('targetSelection') ?? 'SNAPSHOT') as TargetSelection,
    namespaceId,
    documentSource,
    settings: settingsOf(input),
    tags: input.tags(),
    startsAt: startTime(input.within('schedulingConfig').text('startTime'), clock.now()),
  });
}

/** The model writes `YYYY-MM-DD HH:MM`, in UTC; with a `T`, seconds or a `Z` it is read as well. */
function startTime(text: string | undefined, now: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?Z?$/.exec(text);
  const time = match ? Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`) : NaN;
  if (Number.isNaN(time)) {
    throw invalidRequest(`Invalid startTime '${text}': it is written as YYYY-MM-DD HH:MM, in UTC.`);
  }
  if (time < now + 30 * minutes) {
    throw invalidRequest(`Invalid startTime '${text}': a job is scheduled at least 30 minutes ahead.`);
  }
  return time;
}

function acknowledge({ jobArn, jobId, settings }: JobState): object {
  return { jobArn, jobId, description: settings.description };
}

/** A filter of the request that takes only so many values. */
function choice(input: Input, filter: string, values: readonly string[]): string | undefined {
  const wanted = input.query(filter);
  if (wanted !== undefined && !values.includes(wanted)) {
    throw invalidRequest(`Value '${wanted}' at '${filter}' must be one of ${values.join(', ')}.`);
  }
  return wanted;
}

function passes(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}

function filterGroup(input: Input, things: Things): { thingGroupArn: string } | undefined {
  const name = input.query('thingGroupName');
  const id = input.query('thingGroupId');
  if (name !== undefined) {
    return things.thingGroup(requireValid('thingGroupName', name));
  }
  const byId = things.thingGroups().find(({ thingGroupId }) => thingGroupId === id);
  return id === undefined ? undefined : (byId ?? { thingGroupArn: 'none' });
}

function targetGroupId(job: JobState, things: Things): string | undefined {
  return things.thingGroups().find(({ thingGroupArn }) => job.targets.includes(thingGroupArn))?.thingGroupId;
}
