import type { Console } from '../console';
import { paint } from '../progress';
import { tableLines } from '../table';
import { type Plan, type PlannedDeletion, type PlannedJob, type PlannedSlots, verdictOf } from './plan';
import { SECONDS_PER_DELETION } from './slots';

const VERBS = {
  delete: 'DELETE',
  'cancel and delete': 'CANCEL, then DELETE',
  wait: 'WAIT',
  keep: 'KEEP',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  nothing: 'NOTHING',
} as const satisfies Record<PlannedJob['result'] | PlannedDeletion['result'], string>;

/** So many jobs of one deletion are named for each result; `--json` has all. */
const MOST = 20;

/** A plan for a person: a table of each resource's jobs on a terminal, plain lines elsewhere. */
export function planText(plan: Plan, console: Pick<Console, 'stdout' | 'env'>): string {
  const { deletions, neverCompleted, notChecked, operation, problems, slots, stack, stackStatus, warnings } = plan;
  const what = operation === 'delete' ? 'Deleting' : 'Updating';
  const verdict = verdictOf(plan);
  const style = verdict === 'OK' ? 'green' : verdict === 'FAIL' ? 'red' : 'yellow';
  const lines = [
    `${what} the stack ${stack} (${stackStatus}) would do this to jobs:`,
    ...(deletions.length === 0
      ? ['  nothing: the stack deletes no jobs']
      : deletions.flatMap((deletion) => deletionLines(deletion, console))),
    ...slots.flatMap(slotLines),
    ...(neverCompleted ? ['The stack was never completed: it owns no jobs, unless deleteOnRollback is set.'] : []),
    ...problems.map((problem) => `FAIL: ${problem}`),
    ...warnings.map((warning) => `WARNING: ${warning}`),
    ...notChecked.map((each) => `Not checked: ${each}.`),
    paint(style, `${verdict}: ${conclusion(plan)}`, console.stdout, console.env),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a plan comes to, as a sentence. */
export function conclusion(plan: Plan): string {
  const jobs = plan.deletions.flatMap(({ account, region, jobs }) =>
    jobs.map(({ jobId, result }) => ({ result, identity: `${account} ${region} ${jobId}` })),
  );
  // Two deletions may have the same job.
  const count = (...results: PlannedJob['result'][]): number =>
    new Set(jobs.filter(({ result }) => results.includes(result)).map(({ identity }) => identity)).size;
  const gone = count('delete', 'cancel and delete', 'wait');
  const totals = `${gone} to delete, ${count('keep')} kept, ${count('fail')} refused, ${count('unknown')} unknown`;
  const verdict = verdictOf(plan);
  switch (verdict) {
    case 'OK':
      return `nothing would fail (jobs: ${totals}).`;
    case 'FAIL':
      return `something would fail (jobs: ${totals}).`;
    case 'UNKNOWN':
      return `plan can't tell (jobs: ${totals}).`;
    default:
      return verdict satisfies never;
  }
}

function deletionLines(
  { advice, jobs, logicalId, physicalId, reason, result, type }: PlannedDeletion,
  console: Pick<Console, 'stdout' | 'env'>,
): readonly string[] {
  const whole = jobs.length === 0 || result !== 'delete';
  const head = `  ${logicalId} (${[type, physicalId].filter(Boolean).join(' ')})`;
  const own = jobs.length === 0 && result === 'delete' ? 'there is no such job' : reason;
  const shown = jobs.slice(0, MOST);
  const lines = console.stdout.isTTY
    ? tableLines(['RESULT', 'JOB', 'STATUS', ''], shown.map(rowOf), console.stdout, console)
    : shown.map(jobLine);
  return [
    whole && own !== undefined ? `${head}: ${result === 'delete' ? '' : `${VERBS[result]}: `}${own}` : head,
    ...(advice === undefined ? [] : [`    What to do: ${advice}`]),
    ...lines.map((line) => `    ${line}`),
    ...(jobs.length > MOST ? [`    ... and ${jobs.length - MOST} more jobs: --json has all`] : []),
  ];
}

function rowOf(job: PlannedJob): readonly string[] {
  return [VERBS[job.result], job.jobId, job.status, remarks(job)];
}

function jobLine(job: PlannedJob): string {
  const tail = remarks(job);
  return `${VERBS[job.result]} ${job.jobId} (${job.status})${tail === '' ? '' : `: ${tail}`}`;
}

function remarks({ advice, executionsInProgress, jobId, reason }: PlannedJob): string {
  const waits =
    executionsInProgress === undefined ? [] : [`waits for ${executionsInProgress} executions that are in progress.`];
  return [...(reason === undefined ? [] : [`${jobId} ${reason}.`]), ...waits, ...(advice ? [advice] : [])].join(' ');
}

function slotLines({
  fits,
  jobs,
  neededSeconds,
  others,
  region,
  taken,
  timeoutSeconds,
  total,
}: PlannedSlots): string[] {
  const by = others.length > 0 ? `, ${others.length} of them by others: ${others.slice(0, MOST).join(', ')}` : '';
  const timeout = timeoutSeconds === undefined ? '' : `, and the shortest timeout is ${period(timeoutSeconds)}`;
  return [
    `In ${region}, ${taken} of ${total} deletion slots are taken${by}.`,
    `${jobs} ${jobs === 1 ? 'job takes' : 'jobs take'} about ${period(neededSeconds)}${timeout}. ` +
      `This assumes that AWS IoT takes ${SECONDS_PER_DELETION} seconds for each job.`,
    ...(fits ? [] : ['FAIL: That does not fit the timeout. Delete jobs first, or raise the timeout.']),
  ];
}

function period(seconds: number): string {
  const minutes = seconds / 60;
  return Number.isInteger(minutes) ? `${minutes} minute${minutes === 1 ? '' : 's'}` : `${seconds} seconds`;
}
