import type { ApiResponse } from '../../../local/api';
import type { LocalAws } from '../../../local/aws';
import type { SynthesizedStack } from '../../../local/assembly';
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

/** Deletes the stack, and once more where CloudFormation asks for it. */
async function destroy(): Promise<{ readonly statuses: string[]; readonly reasons: string[] }> {
  const first = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  const reasons = failures(first.events);
  if (first.status !== 'DELETE_FAILED') {
    return { statuses: [first.status], reasons };
  }
  const second = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  return { statuses: [first.status, second.status], reasons: [...reasons, ...failures(second.events)] };
}

describe.each<When>(['before', 'after'])('the handler is killed %s the nth of its calls', (when) => {
  test('wherever that is, the job is gone when the stack says so, at the latest when it is deleted again', async () => {
    const stack = deleting({ jobId: 'a', force: true });
    let kills = 0;
    for (let nth = 1, killed = true; killed; nth++) {
      aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
      await aws.cloudFormation.createStack(stack);
      const attempt = killAtCall(nth, when);
      const { statuses } = await destroy();
      killed = attempt.killed();
      kills += killed ? 1 : 0;
      expect({ nth, statuses, jobs: aws.iot.jobs() }).toEqual({
        nth,
        statuses: killed ? ['DELETE_FAILED', 'DELETE_COMPLETE'] : ['DELETE_COMPLETE'],
        jobs: [],
      });
    }
    // DescribeStacks and DescribeJob to decide; DeleteJob, at least one ListJobs, and DescribeJob, to delete.
    expect(kills).toBeGreaterThanOrEqual(5);
  });
});

test('the handler runs into its time-out in the middle of a call: the stack says so, and goes on when deleted again', async () => {
  const stack = deleting({ jobId: 'a', force: true });
  shortenTimeout(stack);
  aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
  await aws.cloudFormation.createStack(stack);
  let hangs = true;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  aws.iot.intercept = async (operation, _jobId, next) => {
    if (operation === 'DeleteJob' && hangs) {
      hangs = false;
      const answer = await next();
      await released;
      return answer;
    }
    return next();
  };
  const { statuses, reasons } = await destroy();
  release();
  expect(statuses).toEqual(['DELETE_FAILED', 'DELETE_COMPLETE']);
  expect(reasons).toEqual([expect.stringContaining('Task timed out after 2.00 seconds')]);
  expect(aws.iot.jobs()).toEqual([]);
});

/** Nobody wants to wait for the handler's two minutes. */
function shortenTimeout({ template }: SynthesizedStack): void {
  const resources = Object.values(template.Resources as Record<string, { Properties: Record<string, unknown> }>);
  const handler = resources.find(
    ({ Properties }) => Properties.Description === 'Deletes AWS IoT jobs for CloudFormation',
  );
  handler!.Properties.Timeout = 2;
}
