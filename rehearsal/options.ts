import { parseArgs } from 'node:util';
import { type DeleteJobRequest, DeleteJobInput } from '../lib';
import type { Outputs } from './show';
import { fileOption, type Information, numberOption, parsing } from './usage';

/** What the rehearsal is asked to do. */
export interface Options extends Outputs {
  /** The job of the example. */
  readonly job: DeleteJobRequest;
  /** How many jobs a sweep deletes when the stack is destroyed. */
  readonly jobs: number;
  /** How long AWS IoT takes to delete one job. */
  readonly deletionSeconds: number;
}

/** What `--help` prints. */
export const USAGE = `Usage: npm start -- [options]

Rehearses the life of a stack with AWS IoT jobs on this machine, without an AWS account:
deploy, update to another job id, update with another revision, a failed update and its
rollback, destroy. Everything that CDK synthesized runs unchanged.

  --input FILE             the job: a JSON or YAML document as of aws iot delete-job
                           --cli-input-json / --cli-input-yaml (example-job-04, force)
  --jobs N                 jobs that a sweep deletes in the end, 10 at a time (25)
  --deletion-time SECONDS  how long AWS IoT takes to delete one job (3)
  --report FILE            write a report: one HTML page
  --json                   the result as JSON on stdout, the events on stderr
  --version                print the version of this package
  --help                   show this help

Exit status: 0 PASS: the jobs are deleted or kept, and every stack operation ended, as expected;
1 FAIL; 2 ERROR: a wrong option, or a crash; 130 or 143 when interrupted.
`;

/** Reads the command line. */
export function parseOptions(args: string[]): Options | Information {
  const options = {
    input: { type: 'string' },
    jobs: { type: 'string', default: '25' },
    'deletion-time': { type: 'string', default: '3' },
    report: { type: 'string' },
    json: { type: 'boolean', default: false },
    version: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  return parsing(() => {
    const { values } = parseArgs({ args, options });
    if (values.help || values.version) {
      return values.help ? 'help' : 'version';
    }
    return {
      job:
        values.input === undefined ? { jobId: 'example-job-04', force: true } : DeleteJobInput.fromFile(values.input),
      jobs: numberOption('--jobs', values.jobs, 1, 400, Number.isInteger),
      deletionSeconds: numberOption('--deletion-time', values['deletion-time'], 0, 600),
      report: fileOption('--report', values.report),
      json: values.json,
    };
  });
}
