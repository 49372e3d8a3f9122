import { jobArn } from '../lambda/aws/place';
import { Calls, type OnJob } from '../lambda/deletion/calls';
import type { Obstacle } from '../lambda/deletion/obstacle';
import { Paces } from '../lambda/deletion/pace';
import { Patience } from '../lambda/deletion/patience';
import type { Account } from './account';
import type { Console } from './console';
import type { Progress } from './progress';

/** Everything that a command calls, besides sts:GetCallerIdentity, which needs no permission. */
export const ACTIONS = {
  plan: [
    'cloudformation:DescribeStackEvents',
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'cloudformation:ListImports',
    'cloudformation:ListStackResources',
    'iot:DescribeJob',
    'iot:ListJobs',
    'iot:ListTagsForResource',
  ],
  'delete-job': ['iot:CancelJob', 'iot:DeleteJob', 'iot:DescribeJob', 'iot:ListJobs'],
  sweep: ['iot:CancelJob', 'iot:DeleteJob', 'iot:DescribeJob', 'iot:ListJobs', 'iot:ListTagsForResource'],
} as const;

/** Denied once is denied: nobody has changed the operator's permissions a moment ago. */
const SETTLED = Object.values(ACTIONS).flat();

/** What the calls of a command are made with. */
export interface OperatorCallsOptions {
  readonly account: Account;
  readonly console: Console;
  readonly progress: Progress;
  /** When it is too late to send a call, in milliseconds. */
  readonly until: number;
  /** The stack that CloudFormation is asked about. */
  readonly stackName?: string;
}

/** The calls of a command: paced, and sent again when they fail; who waits is told why. */
export class OperatorCalls extends Calls {
  private readonly progress: Progress;

  constructor({ account, console: { clock }, progress, until, stackName = '*' }: OperatorCallsOptions) {
    super({
      clock,
      paces: new Paces(clock),
      patience: new Patience({ since: [], settled: SETTLED }),
      call: (action, jobId) => ({
        action,
        resource: action.startsWith('cloudformation:') ? stackName : resourceOf(action, jobId, account),
        role: account.arn,
      }),
      advice: '',
      until,
      isPatient: true,
    });
    this.progress = progress;
  }

  override async once<Answer>(
    action: string,
    send: () => Promise<Answer>,
    on?: OnJob,
  ): Promise<{ readonly answer: Answer } | { readonly obstacle: Obstacle }> {
    const outcome = await super.once(action, send, on);
    if ('obstacle' in outcome) {
      this.progress.hindered(outcome.obstacle);
    } else {
      this.progress.called(action);
    }
    return outcome;
  }
}

/** IAM knows no resource type for ListJobs. */
function resourceOf(action: string, jobId: string | undefined, { home }: Account): string {
  return jobId === undefined || action === 'iot:ListJobs' ? '*' : jobArn(jobId, {}, home);
}
