// Somebody else's state machine, which starts jobs.
import { App, Duration, Stack } from 'aws-cdk-lib';
import { DefinitionBody, Pass, StateMachine, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const definition = new Pass(stack, 'Begin').next(
  new Wait(stack, 'Later', { time: WaitTime.duration(Duration.hours(1)) }),
);
new StateMachine(stack, 'Rollout', { definitionBody: DefinitionBody.fromChainable(definition) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
