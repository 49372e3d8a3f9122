import type {
  CancelJobRequest,
  CreateJobRequest,
  DeleteJobRequest,
  DescribeJobRequest,
  ListJobExecutionsForJobRequest,
  ListJobsRequest,
  UpdateJobRequest,
} from '@aws-sdk/client-iot';
import type { Clock } from '../clock';
import type { Validated } from '../service-model/input';
import { invalidRequest } from './errors';
import type { JobState } from './job';
import type { Jobs } from './jobs';
import type { Operations } from './operation';
import { firstOf, keyOf, pageOf } from './page';
import { startTime } from './schedule';
import { settingsOf } from './settings';
import { tagsOf } from './tags';
import type { Things } from './things';
import { wireExecutionSummary, wireJob, wireJobSummary } from './wire';

/** The operations on jobs, and what each is asked. */
export interface JobRequests {
  readonly CreateJob: CreateJobRequest;
  readonly DescribeJob: DescribeJobRequest;
  readonly ListJobs: ListJobsRequest;
  readonly ListJobExecutionsForJob: ListJobExecutionsForJobRequest;
  readonly UpdateJob: UpdateJobRequest;
  readonly CancelJob: CancelJobRequest;
  readonly DeleteJob: DeleteJobRequest;
}

/** Jobs of AWS's own services, such as Greengrass's `aws-gg-deployment`. */
const reservedNamespace = /^aws-/;

/** The operations on jobs, as the service model has them. */
export function jobOperations(jobs: Jobs, things: Things, clock: Clock): Operations<JobRequests> {
  const theJob = ({ jobId }: { jobId: string }): string[] => [jobs.jobArn(jobId)];
  return {
    CreateJob: {
      resources: (request) => [...theJob(request), ...request.targets],
      act: (request) => acknowledge(createJob(request, jobs, clock)),
    },
    DescribeJob: {
      resources: theJob,
      act: ({ jobId }) => {
        const job = jobs.get(jobId);
        return { documentSource: job.documentSource, job: wireJob(job) };
      },
    },
    ListJobs: {
      resources: () => ['*'],
      act: (request) => {
        const after = Number(keyOf(request.nextToken) ?? 0);
        if (!Number.isSafeInteger(after)) {
          throw invalidRequest('Invalid nextToken: ListJobs has given none like it.');
        }
        const wanted = filtered(jobs.listAfter(after), selects(request, things));
        const { items, nextToken } = firstOf(wanted, ({ sequence }) => String(sequence), request);
        return { jobs: items.map((job) => wireJobSummary(job, targetGroupId(job, things))), nextToken };
      },
    },
    ListJobExecutionsForJob: {
      resources: theJob,
      act: (request) => {
        const wanted = jobs.get(request.jobId).executions.filter(({ status }) => passes(request.status, status));
        const { items, nextToken } = pageOf(wanted, ({ thingArn }) => thingArn, request);
        return { executionSummaries: items.map(wireExecutionSummary), nextToken };
      },
    },
    UpdateJob: {
      resources: theJob,
      act: (request) => {
        jobs.update(customerJob(request.jobId, jobs), settingsOf(request));
        return undefined;
      },
    },
    CancelJob: {
      resources: theJob,
      act: (request) => acknowledge(jobs.cancel(customerJob(request.jobId, jobs), request)),
    },
    DeleteJob: {
      resources: theJob,
      act: (request) => {
        jobs.delete(customerJob(request.jobId, jobs), request);
        return undefined;
      },
    },
  };
}

/** The id of a job, unless it is one that only AWS's own service may change. */
function customerJob(jobId: string, jobs: Jobs): string {
  requireCustomerNamespace(jobs.get(jobId).namespaceId);
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

function createJob(request: Validated<CreateJobRequest>, jobs: Jobs, clock: Clock): JobState {
  const { jobId, targets, targetSelection, namespaceId, document, documentSource, schedulingConfig } = request;
  if (request.jobTemplateArn !== undefined) {
    throw invalidRequest('The embedded AWS IoT has no job templates: give the document.');
  }
  if (document === undefined && documentSource === undefined) {
    throw invalidRequest('A job needs a document or a documentSource.');
  }
  requireCustomerNamespace(namespaceId);
  return jobs.create({
    jobId,
    targets,
    targetSelection,
    namespaceId,
    documentSource,
    settings: { ...settingsOf(request), schedulingConfig },
    tags: tagsOf(request.tags),
    startsAt: startTime(schedulingConfig, clock.now()),
    // Until a window starts, which here is when `startMaintenanceWindow` says so.
    ...(schedulingConfig?.maintenanceWindows?.length ? { status: 'SCHEDULED' } : {}),
  });
}

function acknowledge({ jobArn, jobId, settings }: JobState): object {
  return { jobArn, jobId, description: settings.description };
}

/**
 * Whether ListJobs is asked for a job. AWS's documentation leaves open whether a thing group's list has its SCHEDULED
 * jobs; here it has not, whatever the status that is asked for: who can live with that can live with either.
 */
function selects(request: Validated<ListJobsRequest>, things: Things): (job: JobState) => boolean {
  const { status, targetSelection, namespaceId } = request;
  const groupArn = filterGroupArn(request, things);
  return (job) =>
    passes(status, job.status) &&
    passes(targetSelection, job.targetSelection) &&
    passes(namespaceId, job.namespaceId) &&
    (groupArn === undefined || (job.status !== 'SCHEDULED' && job.targets.includes(groupArn)));
}

function passes(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}

function* filtered(jobs: Iterable<JobState>, isWanted: (job: JobState) => boolean): Generator<JobState> {
  for (const job of jobs) {
    if (isWanted(job)) {
      yield job;
    }
  }
}

function filterGroupArn(request: Validated<ListJobsRequest>, things: Things): string | undefined {
  const { thingGroupName, thingGroupId } = request;
  if (thingGroupName !== undefined) {
    return things.thingGroup(thingGroupName).thingGroupArn;
  }
  const byId = things.thingGroups().find((group) => group.thingGroupId === thingGroupId);
  return thingGroupId === undefined ? undefined : (byId?.thingGroupArn ?? 'none');
}

function targetGroupId({ targets }: JobState, things: Things): string | undefined {
  const groups = targets.map((target) => things.findThingGroup(target.slice(target.lastIndexOf('/') + 1)));
  return groups.find((group) => group && targets.includes(group.thingGroupArn))?.thingGroupId;
}
