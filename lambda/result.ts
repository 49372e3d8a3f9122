import type { Deletion } from './decision';
import type { Left } from './left';
import { log } from './log';

/**
 * Logs what came of a deletion: a deleted resource has no attributes to read it from.
 *
 * For a sweep in CloudWatch's embedded metric format, so that the line is also three metrics, without a call.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function logResult(deletion: Deletion, left: ReadonlyMap<string, Left>): void {
  const { target, logicalId, stackId, found, alreadyGone } = deletion;
  if ('job' in target) {
    log({ message: 'done: AWS IoT no longer knows the job', jobId: target.job, resource: logicalId });
    return;
  }
  const metrics = { JobsFound: found, JobsDeleted: Math.max(0, found - left.size), JobsAlreadyGone: alreadyGone };
  log({
    message: left.size > 0 ? `done, but for jobs that are AWS's own: ${[...left.keys()].join(', ')}` : 'done',
    resource: logicalId,
    StackName: stackId.split('/')[1],
    ...metrics,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: 'IoTJobDeletion',
          Dimensions: [['StackName']],
          Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
  });
}
