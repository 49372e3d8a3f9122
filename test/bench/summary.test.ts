import type { Run } from '../../bench/run';
import { median, summarise } from '../../bench/summary';

const run: Run = {
  wallSeconds: 2,
  ratio: 1,
  goneToAnsweredSeconds: 0.1,
  calls: { DeleteJob: 1, DescribeJob: 4 },
  refused: 0,
  throttled: 0,
  otherCallsPerSecond: 2,
  bill: { lambdaSeconds: 0.3, invocations: 12, peak: 1, stateTransitions: 40, dollars: 0.001 },
  resources: 15,
  status: 'DELETE_COMPLETE',
  living: 0,
  inDeletion: 0,
};
const load = { contender: 'somebody', jobs: 1, deletionSeconds: 2 };

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 9, 1, 2], 5.5],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test('medians over runs; an operation that was never called counts 0', () => {
  const runs = [run, { ...run, wallSeconds: 8, ratio: 4, calls: { DescribeJob: 6 } }, { ...run, wallSeconds: 3 }];
  expect(summarise({ ...load, runs })).toMatchObject({
    ...load,
    wallSeconds: 3,
    ratio: 1,
    goneToAnsweredSeconds: 0.1,
    deleteJobCalls: 1,
    describeJobCalls: 4,
    listJobsCalls: 0,
    bill: run.bill,
  });
});

test('one run that left jobs behind is not hidden by the others', () => {
  const bad = { ...run, goneToAnsweredSeconds: undefined, living: 3, inDeletion: 2, status: 'DELETE_FAILED' };
  const summary = summarise({ ...load, runs: [run, bad, run] });
  expect(summary).toMatchObject({ living: 3, inDeletion: 2, status: 'DELETE_FAILED' });
  expect(summary?.goneToAnsweredSeconds).toBeUndefined();
});

test('without runs there is nothing to sum up', () => {
  expect(summarise({ ...load, obstacle: 'too large', runs: [] })).toBeUndefined();
});
