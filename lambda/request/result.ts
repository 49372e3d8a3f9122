import type { LeftJobs } from '../deletion/left';
import { log } from '../words/log';
import type { Event } from './event';

/** What came of an event that asked for a deletion. */
export interface Result {
  readonly isFailed: boolean;
  readonly found: number;
  readonly kept: readonly LeftJobs[];
  /** From CloudFormation's request to the answer, in milliseconds. */
  readonly deletionTime: number;
  /** How long jobs have waited while others held slots, in milliseconds. */
  readonly waitForSlot: number;
}

/** The namespace of our metrics. */
const NAMESPACE = 'IoTJobDeletion';

/**
 * Logs what came of a deletion: a deleted resource has no attributes to read it from. In CloudWatch's embedded metric
 * format, so that the line is also metrics, without a call: of the function, and for a sweep of the resource.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function logResult(event: Event, functionName: string, result: Result): void {
  const { isFailed, found, kept, deletionTime, waitForSlot } = result;
  const keptCount = kept.reduce((sum, { count }) => sum + count, 0);
  const ofDeletion = {
    FailedDeletions: isFailed ? 1 : 0,
    JobsFound: found,
    JobsKept: keptCount,
    ...(isFailed ? {} : { JobsDeleted: Math.max(0, found - keptCount) }),
    DeletionTime: deletionTime,
    WaitForSlot: waitForSlot,
  };
  const isSweep = event.ResourceType === 'Custom::IoTJobSweep';
  log({
    message: isFailed ? 'not everything was deleted' : 'done',
    level: isFailed ? 'ERROR' : 'INFO',
    Function: functionName,
    StackName: event.StackId.split('/')[1],
    LogicalId: event.LogicalResourceId,
    ...ofDeletion,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['Function'], ...(isSweep ? [['StackName', 'LogicalId']] : [])],
          Metrics: Object.keys(ofDeletion).map((Name) => ({
            Name,
            Unit: Name === 'DeletionTime' || Name === 'WaitForSlot' ? 'Milliseconds' : 'Count',
          })),
        },
      ],
    },
  });
}
