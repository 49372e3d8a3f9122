// A job id and a thing group that another app exports.
import { App, Fn, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
new CfnThingGroup(stack, 'Group', { parentGroupName: Fn.importValue('Platform-Group') });
new JobDeletion(stack, 'Teardown', { jobId: Fn.importValue('Platform-Job'), force: true });
