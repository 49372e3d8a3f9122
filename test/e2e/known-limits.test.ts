import { DeleteJobCommand, IoTClient } from '@aws-sdk/client-iot';
import { JobDeletion } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { deleting, effects, failAfter, failures, functionName, startAws, synthesize, TAKEN } from './world';

// What the README's "Limits" admit, with the reason why it is so. A test that fails here may be good news: then the
// README has become untrue.

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws();
  aws.iot.createThing(TAKEN);
});
afterEach(() => aws.close());

const lives = (jobId: string): boolean => aws.iot.job(jobId) !== undefined;
const destroy = (): ReturnType<LocalAws['cloudFormation']['deleteStack']> =>
  aws.cloudFormation.deleteStack({ stackName: 'S' });

/** Each attempt starts from what it finds: nothing outlives a failed one that could tell the two jobs apart. */
test('an id that is used again between a failed deletion and its repetition: the new job is the one that goes', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', deletionTime: 0 });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a' }));
  expect((await destroy()).status).toBe('DELETE_FAILED');
  await replace('a');

  expect((await destroy()).status).toBe('DELETE_COMPLETE');
  expect(lives('a')).toBe(false);
});

/** Lambda delivers an event at least once, and the event does not say which incarnation of the job it was meant for. */
test('a Delete event that is delivered again after the id was used again: the new job goes', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a' }, { jobId: 'b' }));
  const onEvent = functionName(aws);
  let event = '';
  aws.lambda.intercept = (name, payload, next) => {
    event = name === onEvent ? payload : event;
    return next();
  };
  await aws.cloudFormation.updateStack(deleting({ jobId: 'b' }));
  expect(lives('a')).toBe(false);

  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  await aws.lambda.invoke(onEvent, event);
  await Promise.all(aws.states.executions.map(({ finished }) => finished));
  expect(effects(aws)).toEqual(['DeleteJob a: ok', 'DeleteJob a: ok']);
});

/** CloudFormation shows DELETE_IN_PROGRESS, as for any stack that a person deletes. */
test('a create that fails with OnFailure=DELETE: the job goes', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  const stack = synthesize((stack) => failAfter(stack, new JobDeletion(stack, 'Teardown', { jobId: 'a' })));
  const { status } = await aws.cloudFormation.createStack({ ...stack, onFailure: 'DELETE' });
  expect(status).toBe('DELETE_COMPLETE');
  expect(lives('a')).toBe(false);
});

/** The same: what the rollback did not come to is deleted with the stack. */
test('a stack that is deleted after ROLLBACK_FAILED: the job that the rollback did not come to goes', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
  aws.iot.createJob({ jobId: 'b', status: 'IN_PROGRESS', deletionTime: 0 });
  const stack = synthesize((stack) => {
    const a = new JobDeletion(stack, 'A', { jobId: 'a' });
    // Goes first in the rollback, and fails there: active, without force.
    const b = new JobDeletion(stack, 'B', { jobId: 'b', deleteOnRollback: true, deleteBefore: [a] });
    failAfter(stack, b);
  });
  expect((await aws.cloudFormation.createStack(stack)).status).toBe('ROLLBACK_FAILED');
  expect([lives('a'), lives('b')]).toEqual([true, true]);

  await replace('b');
  expect((await destroy()).status).toBe('DELETE_COMPLETE');
  expect([lives('a'), lives('b')]).toEqual([false, false]);
});

/** CloudFormation lets no clean-up fail an update. */
test("three failures in an update's clean-up: the update completes, the job stays, and the reason has the command", async () => {
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a' }, { jobId: 'b' }));
  const { status, events } = await aws.cloudFormation.updateStack(deleting({ jobId: 'b' }));

  expect(status).toBe('UPDATE_COMPLETE');
  expect(failures(events)).toHaveLength(3);
  for (const reason of failures(events)) {
    expect(reason).toContain('aws iot delete-job --job-id a --force --region us-east-1');
    expect(reason).toContain('then forgets the job');
  }
  expect(aws.cloudFormation.stack('S').resources.map(({ physicalId }) => physicalId)).not.toContain('a');
  expect(lives('a')).toBe(true);
  expect((await destroy()).status).toBe('DELETE_COMPLETE');
  expect(lives('a')).toBe(true);
});

/** Somebody deletes the job by hand and uses its id for another one. */
async function replace(jobId: string): Promise<void> {
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const iot = new IoTClient({ endpoint: aws.endpoint.url, region: 'us-east-1', credentials });
  await iot.send(new DeleteJobCommand({ jobId, force: true }));
  iot.destroy();
  aws.iot.createJob({ jobId, status: 'COMPLETED' });
}
