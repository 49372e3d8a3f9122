import type { Run } from '../../bench/run';
import { billTable, deletionTable, handlerTable, leftBehind, synthTable } from '../../bench/table';
import { markdownRows } from '../docs/markdown-rows';

const run: Run = {
  wallSeconds: 12.34,
  ratio: 1.234,
  goneToAnsweredSeconds: 0.456,
  calls: { DeleteJob: 50, DescribeJob: 60, ListJobs: 7 },
  refused: 1,
  throttled: 2,
  otherCallsPerSecond: 3.21,
  bill: { lambdaSeconds: 9.876, invocations: 12, peak: 3, stateTransitions: 40, dollars: 0.00123 },
  resources: 64,
  status: 'DELETE_COMPLETE',
  living: 0,
  inDeletion: 0,
};

/** The cells of a Markdown table, without its header. */
function cells(table: string): string[][] {
  const lines = table.split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  return markdownRows(table).slice(2);
}

test('a row for each contender and load, one that could not be run with the reason', () => {
  const table = deletionTable([
    { contender: 'A', jobs: 50, deletionSeconds: 2, runs: [run] },
    { contender: 'B', jobs: 250, deletionSeconds: 10, obstacle: 'too large', runs: [] },
  ]);
  const done = '2 s,50,A,12.3 s,1.23,0.46 s,50,60,7,1,2,3.2,64,nothing';
  expect(cells(table)).toEqual([done.split(','), ['10 s', '250', 'B', ...Array<string>(10).fill(''), 'too large']]);
});

test('what it costs, also where the account may not run more at a time', () => {
  const load = { contender: 'A', jobs: 50, deletionSeconds: 2, runs: [run] };
  expect(cells(billTable([load, { ...load, accountConcurrency: 10 }, { ...load, runs: [] }]))).toEqual([
    ['2 s', '50', 'A', '9.88 s', '12', '3', '40', '0.123'],
    ['2 s', '50', 'A, account concurrency 10', '9.88 s', '12', '3', '40', '0.123'],
  ]);
});

test('who answered before the jobs were gone', () => {
  const early = { ...run, goneToAnsweredSeconds: undefined, inDeletion: 4 };
  const [row] = cells(deletionTable([{ contender: 'A', jobs: 50, deletionSeconds: 2, runs: [early] }]));
  expect(row?.at(5)).toBe('answered first');
  expect(row?.at(-1)).toBe('0 living, 4 in deletion, DELETE_COMPLETE');
});

test.each([
  [{ living: 0, inDeletion: 0, status: 'DELETE_COMPLETE' }, 'nothing'],
  [{ living: 0, inDeletion: 0, status: 'exit status 0' }, 'nothing'],
  [{ living: 0, inDeletion: 0, status: 'DELETE_FAILED' }, 'nothing, yet DELETE_FAILED'],
  [{ living: 2, inDeletion: 1, status: 'DELETE_FAILED' }, '2 living, 1 in deletion, DELETE_FAILED'],
])('%j left behind: %s', (summary, text) => {
  expect(leftBehind(summary)).toBe(text);
});

test('the costs', () => {
  expect(cells(handlerTable([{ name: 'H', loadMilliseconds: 34.6, bytes: 345_678 }]))).toEqual([
    ['H', '35 ms', '346 kB'],
  ]);
  const synth = [
    { contender: 'A', jobs: 1, milliseconds: 123.4, bytes: 4_250, resources: 5 },
    { contender: 'A', jobs: 400, obstacle: 'too large' },
  ];
  expect(cells(synthTable(synth))).toEqual([
    ['A', '1', '123 ms', '4.3 kB', '5'],
    ['A', '400', '', '', 'too large'],
  ]);
});
