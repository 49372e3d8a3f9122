import type { Contender } from './contender';
import { sweepCommand } from './contenders/commands';
import { jobDeletions } from './contenders/job-deletions';
import { jobSweep } from './contenders/job-sweep';
import { smallAccount } from './contenders/small-account';
import type { Results } from './results';
import type { Summary } from './summary';

/** A figure that the design wants to reach. */
export interface Goal {
  readonly name: string;
  /** The figure of the design before this one, on CDK's provider framework. */
  readonly before: string;
  readonly most: number;
  readonly unit?: 's' | 'kB';
  /** The figure in these results; nothing, or not a number, where it was not measured. */
  readonly now: (results: Results) => number | undefined;
}

const ratio = ({ ratio }: Summary): number => ratio;
const lambdaSeconds = ({ bill }: Summary): number => bill.lambdaSeconds;

/** What the design has to reach, in the order of the table. */
export const GOALS: readonly Goal[] = [
  {
    name: "resources of the first `JobDeletion`, without CDK's own metadata",
    before: '14',
    most: 7,
    now: (results) => resources(results, 1) - 1,
  },
  {
    name: 'resources of each further one',
    before: '1',
    most: 1,
    now: (results) => (resources(results, 100) - resources(results, 1)) / 99,
  },
  {
    name: '1 job, D = 10 s: Lambda',
    before: '20.7 s',
    most: 1,
    unit: 's',
    now: of(jobDeletions, 1, 10, lambdaSeconds),
  },
  {
    name: '50 × `JobDeletion`, D = 10 s: Lambda',
    before: '1618 s',
    most: 150,
    unit: 's',
    now: of(jobDeletions, 50, 10, lambdaSeconds),
  },
  { name: '50 × `JobDeletion`, D = 10 s: × bound', before: '1.07', most: 1.15, now: of(jobDeletions, 50, 10, ratio) },
  { name: '50 × `JobDeletion`, D = 2 s: × bound', before: '1.55', most: 1.5, now: of(jobDeletions, 50, 2, ratio) },
  {
    name: '50 × `JobDeletion` and a `JobSweep`, 10 functions at a time, D = 10 s: × bound',
    before: 'the deployment fails',
    most: 1.5,
    now: of(smallAccount, 60, 10, ratio),
  },
  {
    name: '`JobSweep`, 100 jobs, D = 10 s: Lambda for each second of waiting',
    before: '2.0 s',
    most: 1.05,
    unit: 's',
    now: of(jobSweep, 100, 10, ({ bill, wallSeconds }) => bill.lambdaSeconds / wallSeconds),
  },
  { name: '`JobSweep`, 100 jobs, D = 10 s: × bound', before: '1.05', most: 1.05, now: of(jobSweep, 100, 10, ratio) },
  { name: '`JobSweep`, 100 jobs, D = 2 s: × bound', before: '1.14', most: 1.14, now: of(jobSweep, 100, 2, ratio) },
  { name: '`JobSweep`, 250 jobs, D = 10 s: × bound', before: '1.03', most: 1.03, now: of(jobSweep, 250, 10, ratio) },
  { name: '`JobSweep`, 250 jobs, D = 2 s: × bound', before: '1.09', most: 1.09, now: of(jobSweep, 250, 2, ratio) },
  {
    name: 'the command `sweep`, 25 jobs, D = 4 s: × bound',
    before: 'none',
    most: 1.15,
    now: of(sweepCommand, 25, 4, ratio),
  },
  {
    name: '1 job, D = 5 s: from gone to answered',
    before: '0.32 s',
    most: 1,
    unit: 's',
    now: of(jobDeletions, 1, 5, ({ goneToAnsweredSeconds }) => goneToAnsweredSeconds),
  },
  {
    name: '3 names among 100,000 jobs: calls to find them',
    before: '808 ListJobs',
    most: 10,
    now: ({ large }) => large.find(({ name, left }) => name === 'names' && left === 0)?.callsToFind,
  },
  {
    name: '10 of 1,500 jobs by their tags: jobs left',
    before: 'it times out',
    most: 0,
    now: ({ large }) => large.find(({ name }) => name === 'tags')?.left,
  },
  {
    // Milliseconds depend on the machine. Its design allowed 8, where AwsCustomResource's took 7.6.
    name: "load time of the handler, × `AwsCustomResource`'s",
    before: '0.78',
    most: 1.05,
    now: ({ handlers: [ours, , theirs] }) => ours && theirs && ours.loadMilliseconds / theirs.loadMilliseconds,
  },
  {
    name: 'size of the handler',
    before: '398 kB',
    most: 430,
    unit: 'kB',
    now: ({ handlers: [ours] }) => ours && ours.bytes / 1000,
  },
];

/** What a stack says, and a command, when all jobs are gone. */
const SUCCEEDED: ReadonlySet<string> = new Set(['DELETE_COMPLETE', 'exit status 0']);

/** A summary's figure; nothing if the load was not measured, or if not all jobs were gone. */
function of(
  { name }: Contender,
  jobs: number,
  deletionSeconds: number,
  figure: (summary: Summary) => number | undefined,
): Goal['now'] {
  return ({ summaries }) => {
    const summary = summaries.find(
      (each) =>
        each.contender === name &&
        each.jobs === jobs &&
        each.deletionSeconds === deletionSeconds &&
        SUCCEEDED.has(each.status),
    );
    return summary && figure(summary);
  };
}

/** How many resources so many `JobDeletion`s take; not a number where that was not measured. */
function resources({ synth }: Results, jobs: number): number {
  const cost = synth.find((each) => each.contender === jobDeletions.name && each.jobs === jobs);
  return cost && 'resources' in cost ? cost.resources : NaN;
}
