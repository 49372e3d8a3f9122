import { Construct } from 'constructs';
import type { Stack } from 'aws-cdk-lib';
import { JobDeletion } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { effects, startAws, synthesize } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  ['a', 'b'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
  await aws.cloudFormation.createStack(
    synthesize((stack) => {
      new JobDeletion(stack, 'First', { jobId: 'a', force: true });
      new JobDeletion(stack, 'Second', { jobId: 'b' });
    }),
  );
});
afterEach(() => aws.close());

// Only metadata changes, and with it nothing that CloudFormation acts on: but an output makes it an update.
test.each<[string, (stack: Stack) => void]>([
  [
    'renaming a construct',
    (stack) => {
      new JobDeletion(stack, 'Renamed', { jobId: 'a', force: true });
      new JobDeletion(stack, 'Second', { jobId: 'b' });
    },
  ],
  [
    'moving one under another construct',
    (stack) => {
      new JobDeletion(new Construct(stack, 'Parent'), 'First', { jobId: 'a', force: true });
      new JobDeletion(stack, 'Second', { jobId: 'b' });
    },
  ],
  [
    'swapping the job ids of two',
    (stack) => {
      new JobDeletion(stack, 'First', { jobId: 'b' });
      new JobDeletion(stack, 'Second', { jobId: 'a', force: true });
    },
  ],
  [
    'swapping the job ids of two, but not their settings',
    (stack) => {
      new JobDeletion(stack, 'First', { jobId: 'b', force: true });
      new JobDeletion(stack, 'Second', { jobId: 'a' });
    },
  ],
])('%s deletes nothing', async (_what, build) => {
  const { status } = await aws.cloudFormation.updateStack(
    synthesize((stack) => {
      build(stack);
      stack.exportValue('something else', { name: 'Changed' });
    }),
  );
  expect(status).toBe('UPDATE_COMPLETE');
  expect(effects(aws)).toEqual([]);
  expect(aws.iot.jobs()).toHaveLength(2);
});
