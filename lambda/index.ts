import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient } from '@aws-sdk/client-iot';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { Clock } from './clock';
import type { Services } from './delete-job';
import { handle } from './handler';
import { Jobs } from './jobs';
import { Stacks } from './stacks';

const clock: Clock = { now: Date.now, sleep: delay, random: Math.random };

// A call that hangs must end as an error, long before Lambda ends the invocation. Retries: see Patience.
const configuration = {
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true }),
};
const jobs = new Jobs(new IoTClient(configuration));
const stacks = new Stacks(new CloudFormationClient(configuration), clock);

const { JOB_ID_PATTERNS = '*', ROLE_ARN = 'of this function' } = process.env;

/** The function's entry point. */
export function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<unknown> {
  const [, partition, , region, account] = context.invokedFunctionArn.split(':');
  const resourceOf = (action: string, jobId: string, stackId: string): string => {
    switch (action) {
      case 'iot:ListJobs':
        // IAM knows no resource type for it.
        return '*';
      case 'cloudformation:DescribeStacks':
        return stackId;
      default:
        return `arn:${partition}:iot:${region}:${account}:job/${jobId}`;
    }
  };
  const call: Services['call'] = (action, order) => ({
    action,
    resource: resourceOf(action, order.jobId, order.stackId),
    role: ROLE_ARN,
    order,
  });
  return handle(event, context, { jobs, stacks, clock, call }, JOB_ID_PATTERNS.split(','));
}
