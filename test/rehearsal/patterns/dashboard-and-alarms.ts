// Alarms on what a provider counts.
import { App, Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { JobDeletion, JobDeletionProvider } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const provider = new JobDeletionProvider(stack, 'Provider');
const failed = provider.metricFailedDeletions();
failed.createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
new Dashboard(stack, 'Dashboard').addWidgets(new GraphWidget({ left: [failed] }));
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true, provider });
