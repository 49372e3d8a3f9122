import { AwsCustomResource, AwsCustomResourcePolicy } from 'aws-cdk-lib/custom-resources';
import { stackContender } from '../contender';

/** One `AwsCustomResource` for each job, as most people write it. */
export const awsCustomResources = stackContender(
  'N × AwsCustomResource',
  (stack, jobIds) => {
    for (const jobId of jobIds) {
      new AwsCustomResource(stack, jobId, {
        onDelete: { service: 'iot', action: 'deleteJob', parameters: { jobId, force: true } },
        policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
        installLatestAwsSdk: false,
      });
    }
  },
  // It doesn't wait for the jobs.
  ({ jobs }) => jobs / 8,
);
