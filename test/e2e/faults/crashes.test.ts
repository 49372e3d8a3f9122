import type { ApiResponse } from '../../../local/api';
import type { LocalAws } from '../../../local/aws';
import { deleting, failures, functionName, startAws } from '../world';

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
afterEach(() => aws.close());

type When = 'before' | 'after';

/** Kills the handler before or after the nth of its calls takes place; tells afterwards whether it came so far. */
function killAtCall(nth: number, when: When): { readonly killed: () => boolean } {
  const handler = functionName(aws);
  let calls = 0;
  const stand = async (next: () => Promise<ApiResponse>): Promise<ApiResponse> => {
    calls += 1;
    if (calls !== nth) {
      return next();
    }
    if (when === 'after') {
      await next();
    }
    aws.lambda.crash(handler);
    return { status: 0, disconnect: true };
  };
  aws.iot.intercept = (_operation, _jobId, next) => stand(next);
  aws.cloudFormation.intercept = (_operation, next) => stand(next);
  return { killed: () => calls >= nth };
}

describe.each<When>(['before', 'after'])('the handler is killed %s the nth of its calls', (when) => {
  test('wherever that is, Lambda or the waiter goes on, and the job is gone when the stack says so', async () => {
    const stack = deleting({ jobId: 'a', force: true });
    let kills = 0;
    for (let nth = 1, killed = true; killed; nth++) {
      aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
      await aws.cloudFormation.createStack(stack);
      const attempt = killAtCall(nth, when);
      const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
      killed = attempt.killed();
      kills += killed ? 1 : 0;
      expect({ nth, status, failures: failures(events), jobs: aws.iot.jobs() }).toEqual({
        nth,
        status: 'DELETE_COMPLETE',
        failures: [],
        jobs: [],
      });
    }
    // DescribeStacks, DescribeStackEvents and DescribeJob to decide; DescribeJob, DeleteJob and DescribeJob to delete.
    expect(kills).toBeGreaterThanOrEqual(5);
  });
});

test('a call that hangs after it took effect ends as an error, and the deletion goes on', async () => {
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
  await aws.cloudFormation.createStack(deleting({ jobId: 'a', force: true }));
  let hangs = 0;
  aws.iot.intercept = async (operation, _jobId, next) => {
    const answer = await next();
    if (operation === 'DeleteJob' && hangs++ === 0) {
      await aws.clock.sleep(60_000);
    }
    return answer;
  };
  const { status } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  expect({ status, hangs, jobs: aws.iot.jobs() }).toEqual({ status: 'DELETE_COMPLETE', hangs: 1, jobs: [] });
});
