import { parseArgs } from 'node:util';
import type { Outputs } from '../show';
import { fileOption, numberOption, UsageError } from '../usage';

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
  /** Template parameters, by `Name` or `Stack:Name`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The status that a job is to be in, by job id. */
  readonly jobs: Readonly<Record<string, SeededStatus>>;
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

Rehearses the life of your CDK app's stacks on this machine, without an AWS account: synthesizes
the app, deploys every stack, makes the jobs that its JobDeletions name, and destroys everything
again. The functions that delete the jobs are the real ones; what has nothing to do with jobs is
walked through. STACK is a stack's name, in which * stands for anything; default: all.

  -a, --app COMMAND|DIR          how to synthesize, or a cloud assembly (the app of ./cdk.json)
  -c, --context KEY=VALUE        context for the app; may be repeated
  --parameter [STACK:]NAME=VALUE a template parameter; may be repeated
  --job ID=STATUS                make this job ${STATUSES.join(', ')}
                                 (IN_PROGRESS where the JobDeletion has force or cancelFirst,
                                 else COMPLETED); may be repeated
  --deletion-time SECONDS        how long AWS IoT takes to delete one job (3)
  --report FILE                  a picture of it: one HTML page
  --json                         the result as JSON on stdout, the events on stderr
  -h, --help                     this text

IAM is not simulated: every call is allowed.

With one of these, the stacks are really deployed and destroyed, with your credentials and the
CDK Toolkit Library (npm install --save-dev @aws-cdk/toolkit-lib); without --deletion-time, --report:

  --endpoint URL                 by an emulator, such as http://localhost:4566
  --aws                          by AWS: asks first, and names the account, the region and the stacks
  -y, --yes                      does not ask

Exit status: 0 if every stack came and went and every job that should be gone is gone;
1 if not; 2 if nothing was rehearsed: an option is wrong, or the app does not synthesize.
`;

/** Reads the command line; nothing for `--help`. */
export function parseOptions(args: string[]): Options | undefined {
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
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [command, ...stacks] = positionals;
    if (values.help) {
      return undefined;
    }
    if (command !== 'rehearse') {
      throw new Error(command === undefined ? 'Say what to do: rehearse.' : `There is no "${command}", only rehearse.`);
    }
    return {
      app: values.app,
      stacks,
      context: pairs('--context', values.context ?? []),
      parameters: pairs('--parameter', values.parameter ?? []),
      jobs: jobs(values.job ?? []),
      deletionSeconds: numberOption('--deletion-time', values['deletion-time'] ?? '3', 0, 600),
      report: fileOption('--report', values.report),
      json: values.json,
      deployTo: deployTo(values),
    };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function deployTo(values: {
  readonly endpoint?: string;
  readonly aws: boolean;
  readonly yes: boolean;
  readonly report?: string;
  readonly 'deletion-time'?: string;
}): DeployTo | undefined {
  const { endpoint, aws, yes } = values;
  if (endpoint !== undefined && aws) {
    throw new Error('--endpoint is an emulator, --aws is AWS itself: give one of them.');
  }
  if (endpoint === undefined && !aws) {
    if (yes) {
      throw new Error('--yes goes with --endpoint or --aws: nothing else asks.');
    }
    return undefined;
  }
  for (const option of ['report', 'deletion-time'] as const) {
    if (values[option] !== undefined) {
      throw new Error(`--${option} is for the embedded AWS, where every call and the time are known.`);
    }
  }
  if (endpoint !== undefined && !(/^https?:/.test(endpoint) && URL.canParse(endpoint))) {
    throw new Error(`--endpoint takes a URL such as http://localhost:4566, not "${endpoint}".`);
  }
  return { endpoint: endpoint === undefined ? undefined : new URL(endpoint), yes };
}

function pairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) {
        throw new Error(`${option} takes NAME=VALUE, not "${text}".`);
      }
      return [name, value!];
    }),
  );
}

function jobs(texts: readonly string[]): Record<string, SeededStatus> {
  const given = Object.entries(pairs('--job', texts));
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
