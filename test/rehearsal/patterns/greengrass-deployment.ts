// Greengrass components, which are jobs of AWS in a namespace of AWS.
import { App, Stack } from 'aws-cdk-lib';
import { CfnComponentVersion } from 'aws-cdk-lib/aws-greengrassv2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new CfnComponentVersion(stack, 'Component', { inlineRecipe: 'RecipeFormatVersion: 2020-01-25' });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
