import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseTemplate, type TemplateBody } from '../../local/cloudformation/template-body';
import type { Information } from '../../rehearsal/usage';
import type { AccountOptions } from '../account';
import { accountOptions, EVERYWHERE, parsing } from '../options';

/** What the command is asked to do. */
export interface PlanCommandOptions extends AccountOptions {
  readonly stackName: string;
  /** Left out: the stack is deleted. */
  readonly template?: TemplateBody;
  readonly json: boolean;
}

/** What `--help` prints. */
export const PLAN_USAGE = `Usage: cdk-iot-job-deletion plan --stack NAME [options]

Tells what deleting a deployed stack would do to your AWS IoT jobs, as they are now: which would be
deleted, cancelled first, kept or refused. It only reads, and does not invoke the function.

  --stack NAME          the stack's name or ARN
  --template FILE       plan the update to this template instead: JSON or YAML, such as
                        cdk.out/MyStack.template.json
  --region REGION       the stack's region
  --profile NAME        a profile of the AWS CLI
  --endpoint-url URL    another endpoint than AWS, such as http://localhost:4600
  --json                the plan as one JSON document on stdout
  --version             the version of this package
  -h, --help            this text

Exit status:
  0    OK       nothing is in the way
  1    FAIL     something would fail: the plan says what to change in the app
  2    UNKNOWN  plan can't tell: a value is unknown, or the jobs are in another account
  2    ERROR    no such stack, access denied, no credentials, or a wrong option
`;

/** Reads the command line. @param args without the verb */
export function parsePlanOptions(args: string[]): PlanCommandOptions | Information {
  return parsing(() => {
    const options = { ...EVERYWHERE, stack: { type: 'string' }, template: { type: 'string' } } as const;
    const { values } = parseArgs({ args, options });
    if (values.help || values.version) {
      return values.help ? 'help' : 'version';
    }
    const { stack: stackName, json } = values;
    if (!stackName) {
      throw new Error('Missing option: --stack NAME.');
    }
    const account = accountOptions(values);
    const template = values.template === undefined ? undefined : readTemplateFile(values.template);
    return { ...account, stackName, template, json };
  });
}

function readTemplateFile(file: string): TemplateBody {
  try {
    return parseTemplate(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--template ${file}: ${(error as Error).message}`, { cause: error });
  }
}
