import type { HandlerCost, SynthCost } from './cost';
import type { Goal } from './goals';
import type { Results } from './results';
import { isClean, type Result, type Summary, summarise } from './summary';

/** The deletions as a Markdown table, which reads well on a terminal too. */
export function deletionTable(results: readonly Result[]): string {
  const columns = [
    'D',
    'N',
    'contender',
    'wall time',
    '× bound',
    'gone to answered',
    'DeleteJob',
    'DescribeJob',
    'ListJobs',
    'refused',
    'throttled',
    'other calls/s',
    'resources',
    'left behind',
  ];
  return markdownTable(
    columns,
    results.map((result) => {
      const { deletionSeconds, jobs, contender: name, accountConcurrency: limit, obstacle } = result;
      const contender = limit === undefined ? name : `${name}, account concurrency ${limit}`;
      const summary = summarise(result);
      const cells = summary ? summaryCells(summary) : [...Array<string>(columns.length - 4).fill(''), obstacle ?? ''];
      return [`${deletionSeconds} s`, String(jobs), contender, ...cells];
    }),
  );
}

function summaryCells(summary: Summary): string[] {
  return [
    seconds(summary.wallSeconds),
    summary.ratio.toFixed(2),
    summary.goneToAnsweredSeconds === undefined ? 'answered first' : seconds(summary.goneToAnsweredSeconds),
    String(summary.deleteJobCalls),
    String(summary.describeJobCalls),
    String(summary.listJobsCalls),
    String(summary.refused),
    String(summary.throttled),
    summary.otherCallsPerSecond.toFixed(1),
    summary.resources === undefined ? '' : String(summary.resources),
    leftBehind(summary),
  ];
}

/** What matters to whoever chooses. */
export function choiceTable(summaries: readonly Summary[]): string {
  return markdownTable(
    ['', 'wall time', 'resources', 'left behind'],
    summaries.map((summary) => [
      summary.contender,
      seconds(summary.wallSeconds),
      summary.resources === undefined ? '' : String(summary.resources),
      leftBehind(summary),
    ]),
  );
}

/** What the deletions cost. */
export function billTable(results: readonly Result[]): string {
  const columns = ['D', 'N', 'contender', 'Lambda', 'invocations', 'at once', 'state transitions', 'US cents'];
  const summaries = results.flatMap((result) => summarise(result) ?? []);
  return markdownTable(
    columns,
    summaries.map(({ deletionSeconds, jobs, contender, bill, accountConcurrency }) => [
      `${deletionSeconds} s`,
      String(jobs),
      accountConcurrency === undefined ? contender : `${contender}, account concurrency ${accountConcurrency}`,
      seconds(bill.lambdaSeconds),
      String(bill.invocations),
      String(bill.peak),
      String(bill.stateTransitions),
      (bill.dollars * 100).toFixed(3),
    ]),
  );
}

/** What the one who asked was left with. */
export function leftBehind(summary: Pick<Summary, 'living' | 'inDeletion' | 'status'>): string {
  if (isClean(summary)) {
    return /^DELETE_COMPLETE$|^exit status 0$/.test(summary.status) ? 'nothing' : `nothing, yet ${summary.status}`;
  }
  const { living, inDeletion, status } = summary;
  return `${living} living, ${inDeletion} in deletion, ${status}`;
}

/** What the design has to reach beside what it reached. */
export function goalTable(goals: readonly Goal[], results: Results): string {
  return markdownTable(
    ['', 'before', 'goal', 'now', ''],
    goals.map(({ name, before, most, unit, now }) => {
      const figure = now(results) ?? NaN;
      const isMeasured = !Number.isNaN(figure);
      const print = (value: number): string => `${Number(value.toFixed(2))}${unit === undefined ? '' : ` ${unit}`}`;
      return [
        name,
        before,
        `≤ ${print(most)}`,
        isMeasured ? print(figure) : '',
        !isMeasured ? 'not measured' : Number(figure.toFixed(2)) <= most ? 'reached' : 'missed',
      ];
    }),
  );
}

/** What it costs to load the handlers. */
export function handlerTable(costs: readonly HandlerCost[]): string {
  return markdownTable(
    ['handler', "load time over Node's own start", 'size'],
    costs.map(({ name, loadMilliseconds, bytes }) => [name, `${loadMilliseconds.toFixed(0)} ms`, kilobytes(bytes)]),
  );
}

/** What it costs to synthesize the stacks. */
export function synthTable(costs: readonly SynthCost[]): string {
  return markdownTable(
    ['contender', 'N', 'synth', 'template', 'resources'],
    costs.map((cost) =>
      'obstacle' in cost
        ? [cost.contender, String(cost.jobs), '', '', cost.obstacle]
        : [
            cost.contender,
            String(cost.jobs),
            `${cost.milliseconds.toFixed(0)} ms`,
            kilobytes(cost.bytes),
            String(cost.resources),
          ],
    ),
  );
}

export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
}
