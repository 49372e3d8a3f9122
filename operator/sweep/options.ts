import { parseArgs } from 'node:util';
import { type Selection, TARGET_SELECTIONS } from '../../lambda/search/selection';
import { ID_RULE, isValidId } from '../../lib/job-id';
import { type Information, numberOption, parsing } from '../../rehearsal/usage';
import type { AccountOptions } from '../account';
import type { DeletionOptions } from '../delete-jobs';
import { accountOptions, COMMON, COMMON_USAGE, forceOption, LONGEST } from '../options';

const STATUSES = ['IN_PROGRESS', 'SCHEDULED', 'CANCELED', 'COMPLETED'];

/** What `sweep` is asked to do. */
export interface SweepOptions extends AccountOptions, DeletionOptions {
  readonly selection: Exclude<Selection, { readonly job: string }>;
  readonly maxJobs: number;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What `--help` prints. */
export const SWEEP_USAGE = `Usage: cdk-iot-job-deletion sweep FILTER... [options]

Lists the AWS IoT jobs that match, asks once, deletes exactly those and waits until they are gone.
Give at least one filter. A job must match all of them:

  --job-id-prefix PREFIX      jobs whose id begins with this
  --thing-group-name NAME     jobs that target this thing group
  --tag KEY=VALUE             jobs with this tag; may be repeated
  --status STATUS             ${STATUSES.join(', ')}; may be repeated
  --target-selection KIND     ${TARGET_SELECTIONS.join(' or ')}
  --namespace-id ID           jobs in this namespace
  --job-id ID                 this job; may be repeated; without other filters

  --force | --no-force        delete jobs even while they are active (IN_PROGRESS or SCHEDULED): a
                              device that is executing one can then neither read nor report on it
  --cancel-first              cancel active jobs, wait until the devices are told, then delete them
  --max-jobs N                delete nothing if more jobs match (1000)
  --dry-run                   list the jobs, and delete nothing
  -y, --yes                   do not ask
${COMMON_USAGE}
Without a terminal, --yes is required to delete jobs.

Exit status:
  0    every listed job is gone, or none matched
  1    a job was not deleted: each is named, with the reason
  2    wrong option, no credentials, no response, or not confirmed: nothing was deleted
  130  Ctrl-C; 143 SIGTERM. AWS IoT finishes the deletions that have begun
`;

/** Reads the command line. @param args without the verb */
export function parseSweepOptions(args: string[]): SweepOptions | Information {
  return parsing(() => {
    const { values } = parseArgs({
      args,
      options: {
        ...COMMON,
        'job-id-prefix': { type: 'string' },
        'thing-group-name': { type: 'string' },
        tag: { type: 'string', multiple: true },
        status: { type: 'string', multiple: true },
        'target-selection': { type: 'string' },
        'job-id': { type: 'string', multiple: true },
        'max-jobs': { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', short: 'y', default: false },
      },
    });
    if (values.help || values.version) {
      return values.help ? 'help' : 'version';
    }
    if (values.yes && values['dry-run']) {
      throw new Error('--dry-run deletes nothing, so --yes has nothing to agree to: give one of them.');
    }
    const namespaceId = id('--namespace-id', values['namespace-id']);
    const filter = {
      jobIdPrefix: id('--job-id-prefix', values['job-id-prefix']),
      thingGroupName: filled('--thing-group-name', values['thing-group-name']),
      targetSelection: oneOf('--target-selection', values['target-selection'], TARGET_SELECTIONS),
      statuses: values.status?.map((status) => oneOf('--status', status, STATUSES)!),
      namespaceId,
      tags: values.tag && tags(values.tag),
    };
    const names = values['job-id']?.map((jobId) => id('--job-id', jobId)!);
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    if (!names && !isFiltered) {
      throw new Error('Missing filter, such as --job-id-prefix: without one every job would match.');
    }
    if (names && isFiltered) {
      throw new Error('--job-id names the jobs: leave the other filters out.');
    }
    return {
      ...accountOptions(values),
      selection: names ? { jobs: [...new Set(names)] } : { filter },
      namespaceId,
      force: forceOption(values) ?? false,
      cancelFirst: values['cancel-first'],
      timeoutSeconds: numberOption('--timeout', values.timeout ?? '3600', 1, LONGEST),
      maxJobs: numberOption('--max-jobs', values['max-jobs'] ?? '1000', 1, 1_000_000, Number.isInteger),
      yes: values.yes,
      dryRun: values['dry-run'],
      json: values.json,
    };
  });
}

function id(option: string, value: string | undefined): string | undefined {
  if (value !== undefined && !isValidId(value)) {
    throw new Error(`${option} takes ${ID_RULE}, not "${value}".`);
  }
  return value;
}

function filled(option: string, value: string | undefined): string | undefined {
  if (value === '') {
    throw new Error(`${option} takes a name.`);
  }
  return value;
}

function oneOf(option: string, value: string | undefined, allowed: readonly string[]): string | undefined {
  if (value !== undefined && !allowed.includes(value)) {
    throw new Error(`${option} takes ${allowed.join(', ')}, not "${value}".`);
  }
  return value;
}

function tags(texts: readonly string[]): Readonly<Record<string, string>> {
  const byKey = new Map<string, string>();
  for (const text of texts) {
    const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined) {
      throw new Error(`--tag takes KEY=VALUE, not "${text}".`);
    }
    if ((byKey.get(key) ?? value) !== value) {
      throw new Error(`--tag ${key} has two values: no job has both.`);
    }
    byKey.set(key, value);
  }
  return Object.fromEntries(byKey);
}
