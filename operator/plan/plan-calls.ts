import type { Clock } from '../../lambda/aws/clock';
import { Calls } from '../../lambda/deletion/calls';
import { Paces } from '../../lambda/deletion/pace';
import { Patience } from '../../lambda/deletion/patience';

/** A service may be throttled or silent for so long, in milliseconds. */
const PATIENCE = 120_000;

/** Everything that a plan calls, besides sts:GetCallerIdentity, which needs no permission. */
export const PLAN_ACTIONS = [
  'cloudformation:DescribeStacks',
  'cloudformation:DescribeStackEvents',
  'cloudformation:GetTemplate',
  'cloudformation:ListStackResources',
  'iot:DescribeJob',
  'iot:ListJobs',
  'iot:ListTagsForResource',
] as const;

/** The calls of a plan, paced and retried as the handler does it. */
export function planCalls(identityArn: string, stackName: string, clock: Clock): Calls {
  return new Calls({
    clock,
    paces: new Paces(clock),
    // Denied once is denied: nobody has changed the operator's permissions a moment ago.
    patience: new Patience({ since: [], settled: PLAN_ACTIONS }),
    call: (action, jobId) => ({
      action,
      role: identityArn,
      resource: action.startsWith('iot:') ? (jobId ?? '*') : stackName,
    }),
    advice: 'Then plan again.',
    until: clock.now() + PATIENCE,
    isPatient: true,
  });
}
