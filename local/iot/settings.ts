import type { CreateJobRequest, UpdateJobRequest } from '@aws-sdk/client-iot';

/** What CreateJob says and DescribeJob repeats; only `schedulingConfig` has an effect here. */
export type JobSettings = Pick<CreateJobRequest, (typeof settingNames)[number]>;

const settingNames = [
  'abortConfig',
  'description',
  'destinationPackageVersions',
  'documentParameters',
  'jobExecutionsRetryConfig',
  'jobExecutionsRolloutConfig',
  'presignedUrlConfig',
  'schedulingConfig',
  'timeoutConfig',
] as const;

/** Those that a CreateJob or UpdateJob request has. */
export function settingsOf(request: Partial<CreateJobRequest & UpdateJobRequest>): JobSettings {
  const given = settingNames.filter((name) => request[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, request[name]]));
}
