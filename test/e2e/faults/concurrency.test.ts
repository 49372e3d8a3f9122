import type { LocalAws } from '../../../local/aws';
import { deleting, effects, failures, startAws } from '../world';

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
afterEach(() => aws.close());

/**
 * A known limit: CDK's framework invokes the handler from another function and reports a refusal as a failure. An
 * account may have as few as 10 concurrent executions, and each deletion holds two of them.
 */
test('an account with a Lambda concurrency of 10, 30 jobs: some fail and say so, none is lost, and it converges', async () => {
  const jobs = Array.from({ length: 30 }, (_, index) => ({ jobId: `fleet-${index}`, force: true }));
  jobs.forEach(({ jobId }) => aws.iot.createJob({ jobId, status: 'IN_PROGRESS' }));
  await aws.cloudFormation.createStack(deleting(...jobs));
  aws.lambda.accountConcurrency = 10;

  const attempts: { readonly status: string; readonly left: number; readonly reasons: readonly string[] }[] = [];
  do {
    const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
    attempts.push({ status, left: aws.iot.jobs().length, reasons: failures(events) });
  } while (attempts.at(-1)!.status === 'DELETE_FAILED' && attempts.length < 10);

  expect(attempts.at(-1)).toEqual({ status: 'DELETE_COMPLETE', left: 0, reasons: [] });
  for (const reason of attempts.flatMap(({ reasons }) => reasons)) {
    expect(reason).toContain('TooManyRequestsException');
  }
  expect(effects(aws).filter((effect) => effect.endsWith(': ok'))).toHaveLength(30);
});
