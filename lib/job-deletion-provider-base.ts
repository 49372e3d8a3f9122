import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IJobDeletionProvider } from './job-deletion-provider-props';
import { deletionMetric } from './metrics';

/** The metrics of every provider, also of an imported one. */
export abstract class JobDeletionProviderBase extends Construct implements IJobDeletionProvider {
  public abstract readonly serviceToken: string;
  public abstract readonly jobIdPatterns: string[];
  public abstract readonly regions: string[];
  public abstract readonly assumableRoles: string[];

  /**
   * The name of the handler, which is a dimension of its metrics.
   *
   * @internal
   */
  protected abstract readonly _functionName: string;

  /**
   * How many deletions failed. CloudFormation has the reason of each in the events of its stack.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  public metricFailedDeletions(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('FailedDeletions', { Function: this._functionName }, props);
  }

  /**
   * How many jobs were deleted.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  public metricJobsDeleted(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('JobsDeleted', { Function: this._functionName }, props);
  }

  /**
   * How many jobs were found and kept, because another resource of the stack or AWS itself manages them.
   *
   * @param props how the metric is shown; the sum of five minutes by default
   */
  public metricJobsKept(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('JobsKept', { Function: this._functionName }, props);
  }

  /**
   * How long deletions took, from CloudFormation's request to the answer, in milliseconds.
   *
   * @param props how the metric is shown; the average of five minutes by default
   */
  public metricDeletionTime(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('DeletionTime', { Function: this._functionName }, props);
  }

  /**
   * How long jobs waited for one of the account's 10 deletion slots, in milliseconds.
   *
   * @param props how the metric is shown; the maximum of five minutes by default
   */
  public metricWaitForSlot(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return deletionMetric('WaitForSlot', { Function: this._functionName }, props);
  }
}
