import { setTimeout as delay } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { Services } from './calls';
import type { Clock } from './clock';
import type { Surroundings } from './decide';
import { handle } from './handler';
import { jobArn } from './identity';
import { jobsAt } from './places';
import { Stacks } from './stacks';

const clock: Clock = { now: Date.now, sleep: delay, random: Math.random };

// A call that hangs must end as an error, long before Lambda ends the invocation. Retries: see Patience.
const configuration = {
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true }),
};
const stacks = new Stacks(new CloudFormationClient(configuration), clock);

const { JOB_ID_PATTERNS, REGIONS, ASSUMABLE_ROLES, ROLE_ARN = 'of this function' } = process.env;

/** The function's entry point. */
export function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<unknown> {
  const [, partition, , region, account] = context.invokedFunctionArn.split(':') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const surroundings: Surroundings = {
    home: { partition, region, account },
    patterns: list(JOB_ID_PATTERNS) ?? ['*'],
    regions: list(REGIONS) ?? [],
    assumableRoles: list(ASSUMABLE_ROLES) ?? [],
  };
  const call: Services['call'] = (action, order) => {
    const { jobId, stackId, place } = order;
    // IAM knows no resource type for ListJobs.
    const iot = action === 'iot:ListJobs' || jobId === undefined ? '*' : jobArn(jobId, place, surroundings.home);
    return {
      action,
      resource: action.startsWith('iot:') ? iot : stackId,
      role: (action.startsWith('iot:') ? place.assumeRole?.roleArn : undefined) ?? ROLE_ARN,
      order,
    };
  };
  return handle(event, context, { jobsAt: (place) => jobsAt(place, configuration), stacks, clock, call }, surroundings);
}

function list(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').filter((each) => each !== '');
}
