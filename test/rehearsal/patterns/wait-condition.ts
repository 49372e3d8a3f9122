// A stack that waits for a machine to call.
import { App, CfnOutput, CfnWaitCondition, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const handle = new CfnWaitConditionHandle(stack, 'Handle');
const condition = new CfnWaitCondition(stack, 'Wait', { handle: handle.ref, timeout: '300', count: 1 });
new CfnOutput(stack, 'Data', { value: condition.attrData.toString() });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
