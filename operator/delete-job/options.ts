import { parseArgs } from 'node:util';
import { DeleteJobInput } from '../../lib/delete-job-input';
import { ID_RULE, isValidId } from '../../lib/job-id';
import { type Information, numberOption, parsing } from '../../rehearsal/usage';
import type { AccountOptions } from '../account';
import type { DeletionOptions } from '../delete-jobs';
import { accountOptions, COMMON, COMMON_USAGE, forceOption, LONGEST } from '../options';
import { readInputDocument } from './input-document';

/** What `delete-job` is asked to do. */
export interface DeleteJobOptions extends AccountOptions, DeletionOptions {
  readonly jobId: string;
  readonly ignoreNotFound: boolean;
  readonly json: boolean;
}

/** What `--help` prints. */
export const DELETE_JOB_USAGE = `Usage: cdk-iot-job-deletion delete-job --job-id ID [options]

Deletes an AWS IoT job and waits until it is gone. Takes the options of aws iot delete-job, and does
not ask. Waits for a deletion slot, retries throttled calls, and waits for a deletion that has begun.

  --job-id ID                 the job
  --force | --no-force        delete the job even while it is active (IN_PROGRESS or SCHEDULED): a
                              device that is executing it can then neither read nor report on it
  --namespace-id ID           the job's namespace
  --cli-input-json TEXT       DeleteJob's input: JSON, or a file as file://delete-job.json
  --cli-input-yaml TEXT       the same in YAML; options override both
  --generate-cli-skeleton [input|yaml-input|output]
                              print an empty document and delete nothing
  --cancel-first              cancel an active job, wait until its devices are told, then delete it
  --ignore-not-found          a missing job counts as deleted
${COMMON_USAGE}
Prints nothing on stdout, and a line for each change on stderr.

Exit status:
  0    the job is gone
  1    it is missing, was refused, or was not deleted in time
  2    wrong option, no credentials, no response
  130  Ctrl-C; 143 SIGTERM. AWS IoT finishes the deletions that have begun
`;

const SKELETONS = ['input', 'yaml-input', 'output'];

/** Reads the command line. @param given without the verb */
export function parseDeleteJobOptions(given: string[]): DeleteJobOptions | Information | { readonly print: string } {
  return parsing(() => {
    const { values } = parseArgs({
      args: withSkeleton(given),
      options: {
        ...COMMON,
        'job-id': { type: 'string' },
        'cli-input-json': { type: 'string' },
        'cli-input-yaml': { type: 'string' },
        'generate-cli-skeleton': { type: 'string' },
        'ignore-not-found': { type: 'boolean', default: false },
      },
    });
    if (values.help || values.version) {
      return values.help ? 'help' : 'version';
    }
    const skeleton = values['generate-cli-skeleton'];
    if (skeleton === 'input' || skeleton === 'yaml-input') {
      return { print: skeleton === 'input' ? `${DeleteJobInput.skeleton()}\n` : YAML };
    }
    const { 'cli-input-json': json, 'cli-input-yaml': yaml } = values;
    if (json !== undefined && yaml !== undefined) {
      throw new Error('--cli-input-json and --cli-input-yaml exclude each other.');
    }
    const document = {
      ...(json === undefined ? {} : readInputDocument('--cli-input-json', json, 'json')),
      ...(yaml === undefined ? {} : readInputDocument('--cli-input-yaml', yaml, 'yaml')),
    };
    const jobId = values['job-id'] ?? document.jobId;
    const namespaceId = values['namespace-id'] ?? document.namespaceId;
    if (jobId === undefined) {
      throw new Error('Missing option: --job-id ID.');
    }
    for (const [option, id] of Object.entries({ '--job-id': jobId, '--namespace-id': namespaceId })) {
      if (id !== undefined && !isValidId(id)) {
        throw new Error(`${option} takes ${ID_RULE}, not ${JSON.stringify(id)}.`);
      }
    }
    const options = {
      ...accountOptions(values),
      jobId,
      namespaceId,
      force: forceOption(values) ?? document.force ?? false,
      cancelFirst: values['cancel-first'],
      timeoutSeconds: numberOption('--timeout', values.timeout ?? '3600', 1, LONGEST),
      ignoreNotFound: values['ignore-not-found'],
      json: values.json,
    };
    // DeleteJob answers nothing, so a sample of its output is nothing: what was given is checked all the same.
    return skeleton === 'output' ? { print: '' } : options;
  });
}

const YAML = `jobId: ''  # [REQUIRED] The ID of the job to be deleted.
force: true # Delete the job even while it is IN_PROGRESS.
namespaceId: '' # The namespace used to indicate that a job is a customer-managed job.
`;

/** The value of `--generate-cli-skeleton` may be left out. */
function withSkeleton(args: readonly string[]): string[] {
  const name = '--generate-cli-skeleton';
  return args.flatMap((arg, index) => {
    const next = args[index + 1];
    const isBare = arg === name && (next === undefined || next.startsWith('-'));
    const value = arg === name ? next : arg.startsWith(`${name}=`) ? arg.slice(name.length + 1) : 'input';
    if (!isBare && !SKELETONS.includes(value ?? '')) {
      throw new Error(`${name} takes ${SKELETONS.join(', ')}, not "${value}".`);
    }
    return isBare ? [arg, 'input'] : [arg];
  });
}
