import { parseArgs } from 'node:util';
import type { Outputs } from '../show';
import { fileOption, type Information, numberOption, parsing, requireUrl } from '../usage';

/** The statuses that a job can be made in. */
const STATUSES = ['IN_PROGRESS', 'SCHEDULED', 'COMPLETED', 'CANCELED'] as const;

/** One of the statuses that a job can be made in. */
export type SeededStatus = (typeof STATUSES)[number];

/** What the command is asked to do. */
export interface Options extends Outputs {
  /** The command that synthesizes, or a cloud assembly's folder; the default is cdk.json's. */
  readonly app?: string;
  /** Names of stacks, in which `*` stands for anything; none means all. */
  readonly stacks: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  /** Template parameters, by `Name` or `Stack:Name`; a stack of a stage is `Stage/Stack`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The status that a job is to be in, by `ID` or `STACK:ID`. */
  readonly jobs: Readonly<Record<string, SeededStatus>>;
  /** How many jobs are made for a sweep that selects by what jobs are. */
  readonly sweepJobs: number;
  /** Thing groups that are there without the app. */
  readonly thingGroups: readonly string[];
  /** How long AWS IoT takes to delete one job. */
  readonly deletionSeconds: number;
  /** Left out: on the embedded AWS. */
  readonly deployTo?: DeployTo;
}

/** Where the stacks are really deployed. */
export interface DeployTo {
  /** An emulator's; left out: AWS itself. */
  readonly endpoint?: URL;
  /** Do not ask. */
  readonly yes: boolean;
}

/** What `--help` prints. */
export const USAGE = `Usage: cdk-iot-job-deletion rehearse [options] [STACK...]

Rehearses the teardown of your CDK app on this machine, without an AWS account: synthesizes the app,
deploys every stack, creates the jobs that its JobDeletions and JobSweeps delete, and destroys the
stacks. The function that deletes the jobs is the real one; other resources are stubbed.
STACK is a stack's name or path, with * as a wildcard. Default: all stacks.

For deployed stacks and real jobs: cdk-iot-job-deletion plan, delete-job or sweep, with --help

  -a, --app COMMAND|DIR          how to synthesize, or a cloud assembly (the app of cdk.json)
  -c, --context KEY=VALUE        context for the app; may be repeated
  --parameter [STACK:]NAME=VALUE a template parameter; may be repeated
  --job [STACK:]ID=STATUS        create this job ${STATUSES.join(', ')}
                                 (IN_PROGRESS if the JobDeletion has force or cancelFirst,
                                 else COMPLETED); may be repeated
  --jobs N                       jobs for each sweep that selects by prefix, group or tags (12)
  --thing-group NAME             a thing group that exists outside the app; may be repeated
  --deletion-time SECONDS        how long AWS IoT takes to delete one job (3)
  --report FILE                  write a report: one HTML page
  --json                         the result as JSON on stdout, the events on stderr
  --version                      print the version of this package
  -h, --help                     show this help

IAM is not simulated: every call is allowed.

With one of these, the stacks are really deployed and destroyed, with your credentials and the
CDK Toolkit Library (npm install --save-dev @aws-cdk/toolkit-lib); without --deletion-time, --jobs,
--thing-group, --report:

  --endpoint URL                 deploy at an emulator, such as http://localhost:4566
  --aws                          deploy at AWS: names the account, region and stacks, and asks first
  -y, --yes                      do not ask

Exit status:
  0    PASS         every deployed deletion deleted its jobs, or kept them as expected
  1    FAIL         a stack operation failed, or a job was not deleted, or one that should be kept was
  2    NOT_TESTED   there is no deletion, or one that could not be tested
  2    ERROR        a wrong option, or the app does not synthesize
  130  INTERRUPTED  by Ctrl-C; 143 by SIGTERM
`;

/** Reads the command line. */
export function parseOptions(args: string[]): Options | Information {
  const options = {
    app: { type: 'string', short: 'a' },
    context: { type: 'string', short: 'c', multiple: true },
    parameter: { type: 'string', multiple: true },
    job: { type: 'string', multiple: true },
    'deletion-time': { type: 'string' },
    report: { type: 'string' },
    endpoint: { type: 'string' },
    aws: { type: 'boolean', default: false },
    yes: { type: 'boolean', short: 'y', default: false },
    jobs: { type: 'string' },
    'thing-group': { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    version: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  return parsing(() => {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [command, ...stacks] = positionals;
    if (values.help || values.version) {
      return values.help ? 'help' : 'version';
    }
    if (command !== 'rehearse') {
      throw new Error(
        command === undefined
          ? 'Missing command: rehearse, plan, delete-job or sweep.'
          : `There is no "${command}", only rehearse, plan, delete-job and sweep.`,
      );
    }
    return {
      app: values.app,
      stacks,
      context: pairs('--context', 'KEY=VALUE', values.context ?? []),
      parameters: pairs('--parameter', '[STACK:]NAME=VALUE', values.parameter ?? []),
      jobs: jobs(values.job ?? []),
      sweepJobs: numberOption('--jobs', values.jobs ?? '12', 1, 400, Number.isInteger),
      thingGroups: values['thing-group'] ?? [],
      deletionSeconds: numberOption('--deletion-time', values['deletion-time'] ?? '3', 0, 600),
      report: fileOption('--report', values.report),
      json: values.json,
      deployTo: deployTo(values),
    };
  });
}

function deployTo(values: {
  readonly endpoint?: string;
  readonly aws: boolean;
  readonly yes: boolean;
  readonly report?: string;
  readonly jobs?: string;
  readonly 'deletion-time'?: string;
  readonly 'thing-group'?: readonly string[];
}): DeployTo | undefined {
  const { endpoint, aws, yes } = values;
  if (endpoint !== undefined && aws) {
    throw new Error('--endpoint is an emulator, --aws is AWS itself: give one of them.');
  }
  if (endpoint === undefined && !aws) {
    if (yes) {
      throw new Error('--yes needs --endpoint or --aws: nothing else asks.');
    }
    return undefined;
  }
  for (const option of ['report', 'deletion-time', 'jobs', 'thing-group'] as const) {
    if (values[option] !== undefined) {
      throw new Error(`--${option} is for the embedded AWS alone: leave it out with --endpoint and --aws.`);
    }
  }
  requireUrl('--endpoint', endpoint, 'http://localhost:4566');
  return { endpoint: endpoint === undefined ? undefined : new URL(endpoint), yes };
}

function pairs(option: string, form: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) {
        throw new Error(`${option} takes ${form}, not "${text}".`);
      }
      return [name, value!];
    }),
  );
}

function jobs(texts: readonly string[]): Record<string, SeededStatus> {
  const given = Object.entries(pairs('--job', '[STACK:]ID=STATUS', texts));
  const [twice] =
    given.find(([jobId, last]) => texts.some((t) => t.startsWith(`${jobId}=`) && t !== `${jobId}=${last}`)) ?? [];
  if (twice !== undefined) {
    throw new Error(`--job ${twice}: a job can be in one status only.`);
  }
  return Object.fromEntries(
    given.map(([jobId, text]) => {
      const status = STATUSES.find((each) => each === text);
      if (!status) {
        throw new Error(`--job ${jobId}: a job can be ${STATUSES.join(', ')}, not "${text}".`);
      }
      return [jobId, status];
    }),
  );
}
