import type { CreateJobRequest } from '@aws-sdk/client-iot';
import type { Input } from './input';

/** What CreateJob says and DescribeJob repeats; only `schedulingConfig.startTime` has an effect here. */
export type JobSettings = Pick<
  CreateJobRequest,
  | 'abortConfig'
  | 'description'
  | 'documentParameters'
  | 'jobExecutionsRetryConfig'
  | 'jobExecutionsRolloutConfig'
  | 'presignedUrlConfig'
  | 'schedulingConfig'
  | 'timeoutConfig'
>;

/** Those of a CreateJob request. */
export function settingsOf(input: Input): JobSettings {
  const structure = <Key extends keyof JobSettings>(key: Key): CreateJobRequest[Key] =>
    input.structure(key) as CreateJobRequest[Key];
  return {
    description: input.validText('description'),
    abortConfig: structure('abortConfig'),
    documentParameters: structure('documentParameters'),
    jobExecutionsRetryConfig: structure('jobExecutionsRetryConfig'),
    jobExecutionsRolloutConfig: structure('jobExecutionsRolloutConfig'),
    presignedUrlConfig: structure('presignedUrlConfig'),
    schedulingConfig: structure('schedulingConfig'),
    timeoutConfig: structure('timeoutConfig'),
  };
}
