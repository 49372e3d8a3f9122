import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { assertTypes } from './prop-types';

/** Where the handler's metrics are. It writes them into its log, in CloudWatch's embedded metric format. */
const NAMESPACE = 'IoTJobDeletion';

/** What the handler says of each deletion, and how that is best read. */
const STATISTICS = {
  FailedDeletions: Stats.SUM,
  JobsDeleted: Stats.SUM,
  JobsFound: Stats.SUM,
  JobsKept: Stats.SUM,
  DeletionTime: Stats.AVERAGE,
  WaitForSlot: Stats.MAXIMUM,
} as const;

/** A metric of the handler, for a provider or for a sweep. */
export function deletionMetric(
  metricName: keyof typeof STATISTICS,
  dimensionsMap: Readonly<Record<string, string>>,
  props: MetricOptions = {},
): Metric {
  const where = `metric${metricName}`;
  assertTypes(where, { props }, { props: 'an object' });
  assertTypes(where, props, { period: 'a Duration?', statistic: 'a string?', label: 'a string?' });
  const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic: STATISTICS[metricName], ...given });
}
