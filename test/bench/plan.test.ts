import { boundSeconds, type Contender, removeAssemblies } from '../../bench/contender';
import { awsCustomResources } from '../../bench/contenders/aws-custom-resources';
import { jobDeletions } from '../../bench/contenders/job-deletions';
import { shellLoop } from '../../bench/contenders/shell-loop';
import { plan } from '../../bench/plan';

afterAll(removeAssemblies);

test.each([
  [1, 2],
  [10, 2],
  [11, 4],
  [250, 50],
])('%d jobs of 2 s can be gone in %d s', (jobs, seconds) => {
  expect(boundSeconds({ jobs, deletionSeconds: 2 })).toBe(seconds);
});

test('the one job of 5 s first, then each load with each contender that can do it', () => {
  const contender: Contender = {
    ...shellLoop,
    name: 'C',
    mostRuns: () => 2,
    obstacle: ({ jobs }) => (jobs > 10 ? 'too many' : undefined),
  };
  const cases = plan([contender], [1, 50], [5], 3);
  expect(cases.map(({ jobs, deletionSeconds, obstacle, runs }) => [jobs, deletionSeconds, obstacle, runs])).toEqual([
    [1, 5, undefined, 2],
    [50, 5, 'too many', 0],
  ]);
});

test.each([
  [awsCustomResources, 248, undefined],
  [awsCustomResources, 249, '501 resources, a stack has at most 500'],
  [jobDeletions, 400, undefined],
])('what a stack can hold', (contender, jobs, obstacle) => {
  expect(contender.obstacle({ jobs, deletionSeconds: 1 })).toBe(obstacle);
});
