import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../lambda/aws/clock';
import { Calls } from '../../lambda/deletion/calls';
import { Paces } from '../../lambda/deletion/pace';
import { Patience } from '../../lambda/deletion/patience';
import { logTo } from '../../lambda/words/log';
import { UsageError } from '../../rehearsal/usage';
import { version } from '../../rehearsal/version';
import { makePlan } from './make-plan';
import { type PlanVerdict, verdictOf } from './plan';
import { openAccount } from './plan-account';
import { planDocument, planErrorDocument } from './plan-document';
import { planFailure } from './plan-failure';
import { parsePlanOptions, PLAN_USAGE, type PlanCommandOptions } from './plan-options';
import { planText } from './plan-text';

/** A service may be throttled or silent for so long, in milliseconds. */
const PATIENCE = 120_000;

/** Denied once is denied: nobody has changed the operator's permissions a moment ago. */
const SETTLED = [
  'cloudformation:DescribeStacks',
  'cloudformation:DescribeStackEvents',
  'cloudformation:GetTemplate',
  'cloudformation:ListStackResources',
  'iot:DescribeJob',
  'iot:ListJobs',
  'iot:ListTagsForResource',
];

/** The whole command, to its exit status. @param args without the verb */
export async function runPlan(args: string[]): Promise<void> {
  const isJson = args.includes('--json');
  const fail = (message: string, hint = ''): void => {
    process.stderr.write(`ERROR: ${message}\n${hint}`);
    process.stdout.write(isJson ? planErrorDocument(message) : '');
    process.exitCode = 2;
  };
  let options: ReturnType<typeof parsePlanOptions>;
  try {
    options = parsePlanOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    fail(error.message, '--help shows the options.\n');
    return;
  }
  if (options === 'help' || options === 'version') {
    process.stdout.write(options === 'help' ? PLAN_USAGE : `${version()}\n`);
    return;
  }
  try {
    process.exitCode = exitCodeOf(await plan(options));
  } catch (error) {
    fail((error as { readonly sentence?: string }).sentence ?? (error as Error).stack ?? String(error));
  }
}

async function plan(options: PlanCommandOptions): Promise<PlanVerdict> {
  let where = options.region ?? 'this region';
  try {
    const { cloudFormation, identity, jobsIn, region } = await openAccount(options);
    where = `${region} of account ${identity.account}`;
    process.stderr.write(`Account ${identity.account}, region ${region}, as ${identity.arn}\n`);
    const clock: Clock = { now: Date.now, sleep: delay, random: Math.random };
    logTo(() => undefined);
    const calls = new Calls({
      clock,
      paces: new Paces(clock),
      patience: new Patience({ since: [], settled: SETTLED }),
      call: (action, jobId) => ({
        action,
        role: identity.arn,
        resource: action.startsWith('iot:') ? (jobId ?? '*') : options.stackName,
      }),
      advice: 'Then plan again.',
      until: clock.now() + PATIENCE,
      isPatient: true,
    });
    const { stackName, template } = options;
    const made = await makePlan({ stackName, template, cloudFormation, jobsIn, calls, clock });
    process.stdout.write(options.json ? planDocument(made, identity) : planText(made));
    return verdictOf(made);
  } catch (error) {
    const sentence = planFailure(error, options, where);
    throw sentence === undefined ? error : Object.assign(new Error(sentence, { cause: error }), { sentence });
  }
}

function exitCodeOf(verdict: PlanVerdict): number {
  switch (verdict) {
    case 'OK':
      return 0;
    case 'FAIL':
      return 1;
    case 'UNKNOWN':
      return 2;
    default:
      return verdict satisfies never;
  }
}
