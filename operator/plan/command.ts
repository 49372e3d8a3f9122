import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient } from '@aws-sdk/client-iot';
import { homeOf } from '../../lambda/aws/place';
import { OperatorCalls } from '../calls';
import type { OperatorCommand } from '../command';
import { NoSuchStack } from './deployed-stack';
import { makePlan } from './make-plan';
import { parsePlanOptions, PLAN_USAGE, type PlanOptions } from './options';
import { verdictOf } from './plan';
import { RememberedJobs } from './remembered-jobs';
import { conclusion, planText } from './text';

/** A service may be throttled or silent for so long, in milliseconds. */
const PATIENCE = 120_000;

/** `plan`: tells what deleting a stack, or updating it, would do to jobs. */
export const plan: OperatorCommand<PlanOptions> = {
  name: 'plan',
  usage: PLAN_USAGE,
  parse: parsePlanOptions,
  async run({ stackName, templateFor }, { account, console, progress }) {
    const { clientOf, home } = account;
    const { clock } = console;
    const where = `${home.region} of account ${home.account}`;
    const ofStack = homeOf(stackName) ?? home;
    if (ofStack.account !== home.account) {
      const reason = `The stack is in account ${ofStack.account}, and the credentials are of account ${home.account}.`;
      return { verdict: 'ERROR', reason };
    }
    const template = templateFor?.(home);
    const calls = new OperatorCalls({ account, console, progress, stackName, until: clock.now() + PATIENCE });
    const cloudFormation = new CloudFormationClient(clientOf('cloudformation'));
    const jobs = new Map<string, RememberedJobs>();
    const jobsIn = (region = home.region): RememberedJobs => {
      const known = jobs.get(region) ?? new RememberedJobs(new IoTClient(clientOf('iot', region)));
      jobs.set(region, known);
      return known;
    };
    try {
      const made = await makePlan({ stackName, template, cloudFormation, jobsIn, calls, clock });
      progress.end();
      return {
        verdict: verdictOf(made),
        reason: conclusion(made),
        text: planText(made, console),
        body: { ...made },
      };
    } catch (error) {
      if (error instanceof NoSuchStack) {
        const reason = `There is no stack "${stackName}" in ${where}. Is it the right account and region?`;
        return { verdict: 'ERROR', reason };
      }
      throw error;
    }
  },
};
