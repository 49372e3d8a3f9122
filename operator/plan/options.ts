import { parseArgs } from 'node:util';
import { type Home, homeOf } from '../../lambda/aws/place';
import type { TemplateBody } from '../../local/cloudformation/template-body';
import { type Information, parsing } from '../../rehearsal/usage';
import type { AccountOptions } from '../account';
import { accountOptions, EVERYWHERE } from '../options';
import { readTemplate } from './next-template';

/** What `plan` is asked to do. */
export interface PlanOptions extends AccountOptions {
  readonly stackName: string;
  /** The template of an update, in the account and region of the stack. Left out: the stack is deleted. */
  readonly templateFor?: (home: Home) => TemplateBody;
  readonly json: boolean;
}

/** What `--help` prints. */
export const PLAN_USAGE = `Usage: cdk-iot-job-deletion plan --stack NAME [options]

Shows what deleting a deployed stack would do to your AWS IoT jobs now: which it would delete, cancel
first, keep or fail to delete. It only reads, and does not invoke the function.

  --stack NAME          the stack's name or ARN
  --template FILE       plan the update to this template instead: JSON or YAML, or the folder of a
                        cloud assembly, such as cdk.out
  --region REGION       the stack's region (the ARN's, AWS_REGION, AWS_DEFAULT_REGION, the profile's)
  --profile NAME        a profile of the AWS CLI (AWS_DEFAULT_PROFILE, AWS_PROFILE)
  --endpoint-url URL    an endpoint other than AWS's, such as http://localhost:4600
  --json                the plan as one JSON document on stdout
  --version             print the version of this package
  -h, --help            show this help

Exit status:
  0    OK       nothing would fail
  1    FAIL     something would fail: the plan says what to change in the app
  2    UNKNOWN  plan can't decide: a value is unknown, or the jobs are in another account
  2    ERROR    no such stack, access denied, no credentials, or a wrong option
  130  Ctrl-C; 143 SIGTERM
`;

/** Reads the command line. @param args without the verb */
export function parsePlanOptions(args: string[]): PlanOptions | Information {
  return parsing(() => {
    const options = { ...EVERYWHERE, stack: { type: 'string' }, template: { type: 'string' } } as const;
    const { values } = parseArgs({ args, options });
    if (values.help || values.version) {
      return values.help ? 'help' : 'version';
    }
    const { stack: stackName, json, template } = values;
    if (!stackName) {
      throw new Error('Missing option: --stack NAME.');
    }
    const account = accountOptions(values);
    const { region = account.region } = homeOf(stackName) ?? {};
    if (account.region !== undefined && region !== account.region) {
      throw new Error(`--stack is in ${region}, and --region is ${account.region}: leave --region out.`);
    }
    const templateFor = template === undefined ? undefined : readTemplate(template, stackName);
    return { ...account, region, stackName, templateFor, json };
  });
}
