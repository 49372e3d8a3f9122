import type { LocalAws } from '../../../local/aws';
import { deleting, effects, startAws } from '../world';

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
afterEach(() => aws.close());

/** Every new AWS account is such a one. An event that Lambda has no room for waits in its queue. */
test('an account with a Lambda concurrency of 10, 30 jobs: deployed and destroyed at the first attempt', async () => {
  aws.lambda.accountConcurrency = 10;
  const jobs = Array.from({ length: 30 }, (_, index) => ({ jobId: `fleet-${index}`, force: true }));
  jobs.forEach(({ jobId }) => aws.iot.createJob({ jobId, status: 'IN_PROGRESS' }));
  await aws.cloudFormation.createStack(deleting(...jobs));

  const { status, reason } = await aws.cloudFormation.deleteStack({ stackName: 'S' });

  expect({ status, reason }).toEqual({ status: 'DELETE_COMPLETE', reason: undefined });
  expect(aws.iot.jobs()).toEqual([]);
  expect(effects(aws).filter((effect) => effect.endsWith(': ok'))).toHaveLength(30);
});
