import { DeleteJobCommand, IoTClient } from '@aws-sdk/client-iot';
import type { LocalAws } from '../../local/aws';
import { deleting, failures, startAws } from './world';

// What docs/limits.md admits, with the reason why it is so. A test that fails here may be good news: then that page
// has become untrue.

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
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
