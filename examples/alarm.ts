import { type App, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

/** An alarm on failed deletions: in an update's cleanup a failure does not fail the stack. */
export function alarm(app: App): void {
  const stack = new Stack(app, 'Alarm');
  const provider = new JobDeletionProvider(stack, 'Provider');
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-2026-11', force: true, provider });
  provider.metricFailedDeletions().createAlarm(stack, 'FailedDeletions', {
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
