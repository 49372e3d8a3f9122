// Got: CREATE_FAILED: JobId "/fleet/job" is not 1 to 64 characters …
// Expected: "made-up texts" (docs/local.md) that are valid where a job id is asked for, or an exit 2 that says:
// give it with --parameter Fleet:SsmParameterValuefleetjob…=VALUE.
import { App, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { JobDeletion } from 'cdk-iot-job-deletion';
const stack = new Stack(new App(), 'Fleet');
new JobDeletion(stack, 'Teardown', {
  jobId: StringParameter.valueForStringParameter(stack, '/fleet/job'),
  force: true,
});
