import { logTo } from '../../lambda/words/log';
import { UsageError } from '../../rehearsal/usage';
import { version } from '../../rehearsal/version';
import { processConsole } from '../console';
import { makePlan } from './make-plan';
import { type PlanVerdict, verdictOf } from './plan';
import { openAccount } from './plan-account';
import { planCalls } from './plan-calls';
import { planDocument, planErrorDocument } from './plan-document';
import { planFailure } from './plan-failure';
import { parsePlanOptions, PLAN_USAGE, type PlanCommandOptions } from './plan-options';
import { planText } from './plan-text';

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
    const { clock } = processConsole;
    logTo(() => undefined);
    const { stackName, template } = options;
    const calls = planCalls(identity.arn, stackName, clock);
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
