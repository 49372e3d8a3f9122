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

/** A plan as lines for a person. */
export function planText(plan: Plan): string {
  const { deletions, neverCompleted, notChecked, operation, problems, slots, stack, stackStatus, warnings } = plan;
  const what = operation === 'delete' ? 'Deleting' : 'Updating';
  const lines = [
    `${what} the stack ${stack} (${stackStatus}) would do this to jobs:`,
    ...(deletions.length === 0 ? ['  nothing: the stack deletes no jobs'] : deletions.flatMap(deletionLines)),
    ...slots.flatMap(slotLines),
    ...(neverCompleted ? ['The stack was never completed: it owns no jobs, unless deleteOnRollback is set.'] : []),
    ...problems.map((problem) => `FAIL: ${problem}`),
    ...warnings.map((warning) => `WARNING: ${warning}`),
    ...notChecked.map((each) => `Not checked: ${each}.`),
    conclusion(plan),
  ];
  return `${lines.join('\n')}\n`;
}

function deletionLines({
  advice,
  jobs,
  logicalId,
  physicalId,
  reason,
  result,
  type,
}: PlannedDeletion): readonly string[] {
  const whole = jobs.length === 0 || result !== 'delete';
  const head = `  ${logicalId} (${[type, physicalId].filter(Boolean).join(' ')})`;
  const own = jobs.length === 0 && result === 'delete' ? 'there is no such job' : reason;
  return [
    whole && own !== undefined ? `${head}: ${result === 'delete' ? '' : `${VERBS[result]}: `}${own}` : head,
    ...(advice === undefined ? [] : [`    What to do: ${advice}`]),
    ...jobs.slice(0, MOST).map(jobLine),
    ...(jobs.length > MOST ? [`    ... and ${jobs.length - MOST} more jobs: --json has all`] : []),
  ];
}

function jobLine({ advice, executionsInProgress, jobId, reason, result, status }: PlannedJob): string {
  const waits =
    executionsInProgress === undefined ? [] : [`waits for ${executionsInProgress} executions that are in progress.`];
  const tail = [...(reason === undefined ? [] : [`${jobId} ${reason}.`]), ...waits, ...(advice ? [advice] : [])];
  return `    ${VERBS[result]} ${jobId} (${status})${tail.length > 0 ? `: ${tail.join(' ')}` : ''}`;
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
      `An assumption: AWS IoT takes ${SECONDS_PER_DELETION} seconds for each job.`,
    ...(fits ? [] : ['FAIL: That does not fit the timeout. Delete jobs before, or raise the timeout.']),
  ];
}

function conclusion(plan: Plan): string {
  const jobs = plan.deletions.flatMap((deletion) => deletion.jobs);
  const count = (...results: PlannedJob['result'][]): number =>
    jobs.filter(({ result }) => results.includes(result)).length;
  const gone = count('delete', 'cancel and delete', 'wait');
  const totals = `${gone} to delete, ${count('keep')} kept, ${count('fail')} refused, ${count('unknown')} unknown`;
  const verdict = verdictOf(plan);
  switch (verdict) {
    case 'OK':
      return `OK: nothing is in the way (jobs: ${totals}).`;
    case 'FAIL':
      return `FAIL: something would fail (jobs: ${totals}).`;
    case 'UNKNOWN':
      return `UNKNOWN: plan can't tell (jobs: ${totals}).`;
    default:
      return verdict satisfies never;
  }
}

function period(seconds: number): string {
  const minutes = seconds / 60;
  return Number.isInteger(minutes) ? `${minutes} minute${minutes === 1 ? '' : 's'}` : `${seconds} seconds`;
}
