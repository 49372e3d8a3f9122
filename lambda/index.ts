import { setTimeout as delay } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type * as AwsModule from './aws';
import type { Services } from './calls';
import type { Clock } from './clock';
import type { Surroundings } from './decide';
import { Durations } from './durations';
import { handle } from './handler';
import { jobArn } from './identity';
import { orderPace } from './pace';

const clock: Clock = { now: Date.now, sleep: delay, random: Math.random };

// What lasts while the function stays warm.
const durations = new Durations();
const orders = orderPace(clock);

/** A file of its own (see build.ts): the SDK takes longer to load than all else, and most events need none of it. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const aws = (): typeof AwsModule => require('./aws') as typeof AwsModule;

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
  const services: Services = {
    jobsAt: (place) => aws().jobsAt(place),
    stacks: () => aws().stacksSeenBy(clock),
    clock,
    durations,
    orders,
    call,
  };
  return handle(event, context, services, surroundings);
}

function list(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').filter((each) => each !== '');
}
