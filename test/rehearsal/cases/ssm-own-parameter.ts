// Got: CREATE_FAILED: JobId "/fleet/job" is not …; with the dynamic reference (second deletion) JobId "{resolve:ssm:/fleet/job}}".
// Expected: job ota-from-ssm in both: the embedded AWS has the parameter (docs/local.md: "SSM parameters are real").
// Why: lenientTemplate() turns every AWS::SSM::Parameter::Value<…> into a String whose value is the parameter's name.
import { App, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { JobDeletion } from 'cdk-iot-job-deletion';
const app = new App();
const settings = new Stack(app, 'Settings');
new StringParameter(settings, 'Job', { parameterName: '/fleet/job', stringValue: 'ota-from-ssm' });
const fleet = new Stack(app, 'Fleet');
fleet.addDependency(settings);
const dynamic = process.env.DYNAMIC === '1';
const jobId = dynamic
  ? StringParameter.fromStringParameterAttributes(fleet, 'P', {
      parameterName: '/fleet/job',
      forceDynamicReference: true,
    }).stringValue
  : StringParameter.valueForStringParameter(fleet, '/fleet/job');
new JobDeletion(fleet, 'Teardown', { jobId, force: true });
