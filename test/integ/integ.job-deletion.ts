import { Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from '../../lib';
import { integApp, integTest } from './integ-test';

/** One job in progress, and the thing that may go only after it. On AWS: it is there, then goes with the stack. */
const app = integApp();
const stack = new Stack(app, 'IntegJobDeletion');
const thing = new CfnThing(stack, 'Thing');
const { jobId } = new JobDeletion(stack, 'Teardown', {
  jobId: 'integ-job-deletion',
  force: true,
  deleteBefore: [thing],
});

integTest(app, 'JobDeletion', { stacks: [stack], target: thing.attrArn, jobIds: [jobId] });
