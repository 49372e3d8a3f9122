import { ServiceError } from '../../api';
import type { Clock } from '../../clock';
import type { Iot } from '../../iot/iot';
import { model } from '../../iot/operation';
import type { ExistingResourceContext, ResourceType } from '../resource-type';
import { requiredText } from '../resource-type';
import type { Properties } from '../stack';
import { requestOf, tagChanges } from './iot-properties';

/** What is needed of the embedded AWS IoT: its operations, by their names. */
export interface JobService {
  /** @internal */
  readonly call: Iot['call'];
}

/** What AWS does not document of AWS::IoT::Job. */
export interface DeclaredJobOptions {
  /** Its deletion sends `force`, too. Default: it does not, as the plain reading of the type's permissions is. */
  readonly forceDelete?: boolean;
  /** The region does not have the type yet. */
  readonly typeMissing?: boolean;
}

/** What the types of jobs are made with. */
export interface JobTypeOptions extends DeclaredJobOptions {
  /** Makes the things and thing groups that a job targets and that are not there: of a person's app, they are elsewhere. */
  readonly makeTarget?: (kind: 'thing' | 'thinggroup', name: string) => void;
}

function makeTargets({ Targets }: Properties, { makeTarget }: JobTypeOptions): void {
  for (const target of [Targets].flat()) {
    const [, kind, name] = /:(thing|thinggroup)\/([^/]+)$/.exec(String(target)) ?? [];
    if (makeTarget && name !== undefined) {
      makeTarget(kind as 'thing' | 'thinggroup', name);
    }
  }
}

/** A job template of a person's app, or of AWS, is elsewhere too: what the job's document says does not matter here. */
function withDocument(properties: Properties, { makeTarget }: JobTypeOptions): Properties {
  const { DocumentParameters: _, JobTemplateArn: template, ...rest } = properties;
  return makeTarget && template !== undefined ? { Document: '{}', ...rest } : properties;
}

/** Without interruption. */
const updatable = [
  'AbortConfig',
  'Description',
  'JobExecutionsRolloutConfig',
  'PresignedUrlConfig',
  'TimeoutConfig',
] as const;

const createOnly = [
  'DestinationPackageVersions',
  'Document',
  'DocumentParameters',
  'DocumentSource',
  'JobExecutionsRetryConfig',
  'JobId',
  'JobTemplateArn',
  'SchedulingConfig',
  'TargetSelection',
  'Targets',
] as const;

/** How long the handler waits before it looks again. */
const pause = 1_000;

/**
 * AWS::IoT::Job as its registry schema has it: the primary identifier, and so `Ref`, is the ARN.
 *
 * A replacement with the same JobId fails, since the new job is made before the old one goes. Deletion is DeleteJob once,
 * and then to wait until the job is gone.
 */
export function jobType(iot: JobService, clock: Clock, options: JobTypeOptions = {}): ResourceType {
  return {
    requiresReplacement: createOnly,
    create: handler(async ({ properties }) => {
      if (options.typeMissing === true) {
        throw new Error('Template format error: Unrecognized resource types: [AWS::IoT::Job]');
      }
      const known = [...createOnly, ...updatable, 'Tags'];
      makeTargets(properties, options);
      iot.call('CreateJob', requestOf(model, 'CreateJobRequest', withDocument(properties, options), known));
      return Promise.resolve(provisioned(iot, requiredText(properties, 'JobId')));
    }),
    update: handler(async ({ physicalId, attributes, properties }, previous: Properties) => {
      const settings = Object.fromEntries(Object.entries(properties).filter(([name]) => isUpdatable(name)));
      iot.call('UpdateJob', requestOf(model, 'UpdateJobRequest', { ...settings, JobId: idOf(physicalId) }));
      const { set, removed } = tagChanges(properties, previous);
      if (set.length > 0) {
        iot.call('TagResource', { resourceArn: physicalId, tags: set });
      }
      if (removed.length > 0) {
        iot.call('UntagResource', { resourceArn: physicalId, tagKeys: removed });
      }
      return Promise.resolve({ physicalId, attributes });
    }),
    delete: handler((context) => deleteJob(iot, clock, idOf(context.physicalId), context, options)),
  };
}

/**
 * AWS::IoT::OTAUpdate, as far as jobs are concerned: it makes the job `AFR_OTA-` and its own id, and its deletion deletes
 * that job as DeleteOTAUpdate does, which without `forceDeleteAWSJob` minds one that is not in a terminal state.
 */
export function otaUpdateType(iot: JobService, clock: Clock, options: JobTypeOptions = {}): ResourceType {
  return {
    requiresReplacement: ['AdditionalParameters', 'Description', 'Files', 'OtaUpdateId', 'Protocols', 'RoleArn'].concat(
      ['TargetSelection', 'Targets', 'AwsJobAbortConfig', 'AwsJobExecutionsRolloutConfig'],
      ['AwsJobPresignedUrlConfig', 'AwsJobTimeoutConfig'],
    ),
    create: handler(async ({ properties }) => {
      const otaUpdateId = requiredText(properties, 'OtaUpdateId');
      const { Targets, TargetSelection, Description } = properties;
      const job = { JobId: `AFR_OTA-${otaUpdateId}`, Document: '{}', Targets, TargetSelection, Description };
      makeTargets(properties, options);
      iot.call('CreateJob', requestOf(model, 'CreateJobRequest', job));
      const { physicalId: jobArn, attributes } = provisioned(iot, job.JobId);
      const otaUpdateArn = jobArn.replace(/job\/.*$/, `otaupdate/${otaUpdateId}`);
      const { CreatedAt: date } = attributes;
      return Promise.resolve({
        physicalId: otaUpdateArn,
        attributes: {
          OtaUpdateArn: otaUpdateArn,
          OtaUpdateStatus: 'CREATE_COMPLETE',
          CreationDate: date,
          LastModifiedDate: date,
        },
      });
    }),
    update: ({ physicalId, attributes }) => Promise.resolve({ physicalId, attributes }),
    delete: handler((context) => deleteJob(iot, clock, `AFR_OTA-${idOf(context.physicalId)}`, context, options)),
  };
}

function isUpdatable(name: string): boolean {
  return (updatable as readonly string[]).includes(name);
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function provisioned(iot: JobService, jobId: string): { physicalId: string; attributes: Record<string, string> } {
  const { jobArn, createdAt } = describe(iot, jobId)!;
  return { physicalId: jobArn, attributes: { Arn: jobArn, CreatedAt: new Date(createdAt * 1000).toISOString() } };
}

function describe(iot: JobService, jobId: string): { jobArn: string; createdAt: number } | undefined {
  try {
    return (iot.call('DescribeJob', { jobId }) as { job: { jobArn: string; createdAt: number } }).job;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') {
      return undefined;
    }
    throw error;
  }
}

async function deleteJob(
  iot: JobService,
  clock: Clock,
  jobId: string,
  { signal }: ExistingResourceContext,
  { forceDelete = false }: DeclaredJobOptions,
): Promise<void> {
  const job = describe(iot, jobId);
  if (!job) {
    return;
  }
  iot.call('DeleteJob', { jobId, force: forceDelete });
  while (describe(iot, jobId)?.createdAt === job.createdAt) {
    await clock.sleep(pause, signal);
  }
}

/** What the registry calls the errors of a resource's handler. */
const handlerErrorCodes: Readonly<Record<string, string>> = {
  InvalidRequestException: 'InvalidRequest',
  InvalidStateTransitionException: 'ResourceConflict',
  LimitExceededException: 'ServiceLimitExceeded',
  ResourceAlreadyExistsException: 'AlreadyExists',
  ResourceNotFoundException: 'NotFound',
};

/** A handler whose failures read as CloudFormation tells them. */
function handler<Parameters extends unknown[], Result>(
  handle: (...parameters: Parameters) => Promise<Result>,
): (...parameters: Parameters) => Promise<Result> {
  return async (...parameters) => {
    try {
      return await handle(...parameters);
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      const { code, message, status } = error;
      const cause = `${message} (Service: Iot, Status Code: ${status})`;
      throw new Error(
        `Resource handler returned message: "${cause}" (HandlerErrorCode: ${handlerErrorCodes[code] ?? 'GeneralServiceException'})`,
        { cause: error },
      );
    }
  };
}
